"""The release gets into what is deployed, and a function that is too large is noticed."""

import tempfile
import unittest
from pathlib import Path

import artefacts
import sam
from samtranslator.yaml_helper import yaml_parse

TEXT = (sam.ROOT / "template.yaml").read_text()


class Built(unittest.TestCase):
    def test_a_template_is_of_one_release_and_for_one_processor_and_else_as_it_was(self):
        found, template = [], yaml_parse(TEXT)
        artefacts.narrow(template, "x86_64")
        artefacts.release(template, "20300101T000000Z")
        written = artefacts.dump(template)
        # As the script that deploys it looks for it.
        self.assertRegex(written, r"(?m)^ +RELEASE: 20300101T000000Z$")
        for template in (yaml_parse(written), yaml_parse(TEXT)):
            parameter = template["Parameters"]["Architecture"]
            found.append((parameter.pop("Default"), parameter.pop("AllowedValues")))
            template["Globals"]["Function"]["Environment"]["Variables"].pop("RELEASE")
            found.append(template)
        self.assertEqual(found[0], ("x86_64", ["x86_64"]))
        self.assertEqual(found[1], found[3])

    def test_a_template_without_a_place_for_these_is_refused(self):
        for place in ("RELEASE", "Architecture"):
            template = yaml_parse(TEXT.replace(f"  {place}:", "  Other:", 1))
            with self.assertRaises((ValueError, KeyError)):
                artefacts.narrow(template, "arm64")
                artefacts.release(template, "one")

    def test_a_second_release_is_refused(self):
        template = yaml_parse(TEXT)
        artefacts.release(template, "one")
        self.assertRaises(ValueError, artefacts.release, template, "another")

    def test_a_function_for_another_processor_is_noticed(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, machine in (("One", 0xB7), ("Two", 0x3E)):
                path = Path(folder, f"{name}Function", "bootstrap")
                path.parent.mkdir()
                path.write_bytes(b"\x7fELF" + bytes(14) + machine.to_bytes(2, "little"))
            wanted = ["TwoFunction is for x86_64 and not for arm64"]
            self.assertEqual(artefacts.misbuilt(Path(folder), "arm64"), wanted)
            path.write_bytes(b"#!/bin/sh")
            wanted = ["TwoFunction is for nothing and not for arm64"]
            self.assertEqual(artefacts.misbuilt(Path(folder), "arm64"), wanted)


class Sizes(unittest.TestCase):
    def test_are_those_of_the_files(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "OneFunction", "bootstrap")
            path.parent.mkdir()
            path.write_bytes(b"x" * 100_000)
            plain, zipped = artefacts.sizes(Path(folder))["OneFunction"]
        self.assertEqual(plain, 100_000)
        self.assertLess(zipped, 1_000)

    def test_what_is_missing_or_too_large_is_said(self):
        found = {"OneFunction": (1, artefacts.MOST + 1), "TwoFunction": (1, 1)}
        self.assertEqual(len(artefacts.problems(found, {"OneFunction", "TwoFunction"})), 1)
        self.assertEqual(len(artefacts.problems({}, {"OneFunction"})), 1)
        promised = artefacts.PROMISED["x86_64"]
        found = {"OneFunction": (1, promised + 1), "TwoFunction": (1, promised)}
        self.assertEqual(len(artefacts.problems(found, set(found), promised)), 1)
        self.assertEqual(artefacts.problems(found, set(found)), [])
