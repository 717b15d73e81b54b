"""The template keeps its rules, and each rule notices when it does not."""

import copy
import re
import unittest

import faults
import rules
import sam


class Template(unittest.TestCase):
    """The template itself."""

    def test_keeps_every_rule(self):
        self.assertEqual(rules.problems(sam.load()), [])

    def test_every_rule_is_tried(self):
        self.assertEqual(faults.ALL.keys(), {rules.name(rule) for rule in rules.ALL})


class Broken(unittest.TestCase):
    """Copies of the template, each with one fault."""

    source = sam.load()


def noticed(rule: str, fault):
    def test(self):
        template = copy.deepcopy(self.source)
        fault(template)
        self.assertTrue(rules.notices(rule, template))

    return test


for rule, broken in faults.ALL.items():
    for description, fault in broken.items():
        words = re.sub(r"\W+", "_", f"{rule} {description}")
        setattr(Broken, f"test_{words}", noticed(rule, fault))
