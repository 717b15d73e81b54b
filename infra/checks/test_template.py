"""The template keeps its rules, each rule notices when it does not, and the snapshots are current."""

import copy
import os
import re
import subprocess
import sys
import unittest

import deployments
import faults
import rules
import sam
import snapshot

MOST_LINES = {
    "template.yaml": 1600,
    "infra/events.yaml": 200,
    "infra/rollback.yaml": 250,
    "infra/observability.yaml": 500,
}


class Template(unittest.TestCase):
    """The template itself."""

    source = sam.load()

    def test_keeps_every_rule(self):
        self.assertEqual(rules.problems(self.source), [])

    def test_can_be_read(self):
        for path, most in MOST_LINES.items():
            lines = (sam.ROOT / path).read_text().splitlines()
            self.assertLessEqual(len(lines), most, path)
            self.assertLessEqual(max(map(len, lines)), 110, path)
        # `sam deploy --guided` asks for each, and eight things of its own.
        self.assertLessEqual(len(self.source["Parameters"]), 24)

    def test_every_rule_is_tried(self):
        self.assertEqual(list(faults.ALL), [rule.__name__ for rule in rules.ALL])


class Snapshots(unittest.TestCase):
    maxDiff = None

    def test_are_what_the_templates_come_to(self):
        found = snapshot.files(sam.load())
        self.assertEqual({path.name for path in snapshot.FOLDER.iterdir()}, found.keys())
        for name, text in found.items():
            written = (snapshot.FOLDER / name).read_text()
            self.assertEqual(text, written, "to write it anew: make snapshots")
            self.assertLessEqual(len(text.splitlines()), 1500)

    def test_say_what_is_not_known_and_are_the_same_in_each_run(self):
        template = copy.deepcopy(sam.load())
        faults.put("MailWorkerFunction/EphemeralStorage", {"Size": 513})(template)
        faults.put("TokensTable/TableClass", "RARE")(template)
        faults.grant("VerifyTokenRole", "s3:GetObject", "arn:aws:s3:::x")(template)
        faults.extra("Second", "AWS::Lambda::Alias", Name="second")(template)
        found = snapshot.text(snapshot.condensed(deployments.plain(template)))
        for word in ("513", "RARE", "Second (AWS::Lambda::Alias)", "More - Allow s3:GetObject on arn:aws:s3:::x"):
            self.assertIn(word, found)
        script = "import sam, snapshot; print(snapshot.files(sam.load()))"
        runs = {
            subprocess.run(
                [sys.executable, "-c", script],
                cwd=snapshot.FOLDER.parent,
                env=os.environ | {"PYTHONHASHSEED": seed},
                text=True,
                capture_output=True,
                check=True,
            ).stdout
            for seed in ("1", "2")
        }
        self.assertEqual(len(runs), 1)


class Broken(unittest.TestCase):
    """Copies of the template, each with one fault."""

    source = sam.load()


def noticed(rule, fault):
    def test(self):
        template = copy.deepcopy(self.source)
        fault(template)
        self.assertTrue(rules.notices(rule, template))

    return test


for rule in rules.ALL:
    for description, fault in faults.ALL[rule.__name__].items():
        words = re.sub(r"\W+", "_", f"{rule.__name__} {description}")
        setattr(Broken, f"test_{words}", noticed(rule, fault))
