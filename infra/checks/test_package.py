"""The package has all that its template names, the same bytes each time, and what it was made from."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

import artefacts
import sam
from samtranslator.yaml_helper import yaml_parse

sys.path.insert(0, str(sam.ROOT / "infra"))

import package  # noqa: E402

LAYERS = {"SettingsLayer": "settings.json", "KnownPasswordsLayer": "known-passwords"}
TEXT = (sam.ROOT / "template.yaml").read_text()


class Package(unittest.TestCase):
    def test_is_whole_and_the_same_each_time(self):
        sums = []
        for _ in range(2):
            with tempfile.TemporaryDirectory() as folder:
                build, to = Path(folder, "build"), Path(folder, "dist")
                for name in package.ZIPS:
                    (build / name).mkdir(parents=True)
                    (build / name / "bootstrap").write_bytes(package.ZIPS[name].encode())
                (build / "template.yaml").write_text(TEXT)
                package.package(build, "arm64", to)
                resources = yaml_parse((to / "template.yaml").read_text())["Resources"]
                for name, target in package.ZIPS.items():
                    self.assertEqual(resources[name]["Properties"]["CodeUri"], target)
                    with zipfile.ZipFile(to / target) as archive:
                        (info,) = archive.infolist()
                        self.assertEqual(info.filename, "bootstrap")
                        self.assertTrue(info.external_attr >> 16 & 0o111)
                        self.assertEqual(archive.read(info), target.encode())
                for name, file in LAYERS.items():
                    layer = resources[name]["Properties"]["ContentUri"]
                    self.assertTrue((to / layer / file).is_file())
                for name, file in package.NESTED.items():
                    self.assertEqual(resources[name]["Properties"]["TemplateURL"], file)
                    self.assertEqual((to / file).read_text(), (sam.ROOT / "infra" / file).read_text())
                sums.append((to / "SHA256SUMS").read_text())
                files = {str(it.relative_to(to)) for it in to.rglob("*") if it.is_file()}
                listed = {line.split("  ")[1] for line in sums[-1].splitlines()}
                self.assertEqual(listed, files - {"SHA256SUMS"})
                self.assertTrue(os.access(to / "deploy.sh", os.X_OK))
        self.assertEqual(sums[0], sums[1])

    def test_each_deployment_of_it_is_a_release(self):
        with tempfile.TemporaryDirectory() as folder:
            script = shutil.copy(sam.ROOT / "infra" / "deploy.sh", folder)
            template = yaml_parse(package.template(TEXT))
            artefacts.release(template, "20300101T000000Z")
            text = package.dump(template)
            Path(folder, "template.yaml").write_text(text)
            stub = Path(folder, "sam")
            stub.write_text('#!/bin/sh\ncat "$3"\n')
            stub.chmod(0o755)
            ran = subprocess.run(
                [script, "--guided"],
                env=os.environ | {"PATH": f"{folder}:{os.environ['PATH']}"},
                text=True,
                capture_output=True,
                check=True,
            )
        versions = []
        for deployed in (text, ran.stdout):
            found = sam.transform(yaml_parse(deployed), {"SenderIdentity": "example.com"})["Resources"]
            versions.append({name for name, it in found.items() if it["Type"] == "AWS::Lambda::Version"})
        self.assertEqual(list(map(len, versions)), [5, 5])
        self.assertFalse(versions[0] & versions[1])

    def test_says_which_crates_are_in_it(self):
        found = {it["name"]: it for it in package.bill("x86_64")["components"]}
        for name in ("argon2", "lambda_http", "aws-sdk-sesv2", "shared"):
            self.assertIn(name, found)
        self.assertEqual(len(found["argon2"]["hashes"][0]["content"]), 64)
        # Of tests, and of the local stack.
        self.assertFalse({"dynoxide-rs", "insta"} & found.keys())

    def test_a_template_that_lacks_something_or_has_more_is_refused(self):
        for name in ("SettingsLayer", "Rollback", "MailWorkerFunction"):
            with self.assertRaises(ValueError):
                package.template(TEXT.replace(f"  {name}:\n", f"  Other{name}:\n", 1))

    def test_nothing_else_of_the_template_changes(self):
        found = [yaml_parse(text)["Resources"] for text in (TEXT, package.template(TEXT))]
        for resources in found:
            for name in package.PLACES:
                resources[name]["Properties"].pop(package.LOCAL[resources[name]["Type"]])
        self.assertEqual(*found)
