"""The release gets into what is deployed, and a function that is too large is noticed."""

import tempfile
import unittest
from pathlib import Path

import artefacts
import sam
from samtranslator.yaml_helper import yaml_parse


class Release(unittest.TestCase):
    def test_is_written_into_the_template_that_ships(self):
        text = (sam.ROOT / "template.yaml").read_text()
        self.assertIn("RELEASE: 20300101T000000Z\n", artefacts.release(text, "20300101T000000Z"))

    def test_a_template_without_a_place_is_refused(self):
        with self.assertRaises(ValueError):
            artefacts.release("Variables:\n  RELEASE: other\n", "one")


class Architecture(unittest.TestCase):
    def test_a_built_template_can_be_deployed_for_what_was_built_alone(self):
        text = (sam.ROOT / "template.yaml").read_text()
        # As `sam build` writes lists.
        block = text.replace("[arm64, x86_64]\n", "\n    - arm64\n    - x86_64\n", 1)
        self.assertNotEqual(block, text)
        for written in (text, block):
            for name in ("arm64", "x86_64"):
                found = yaml_parse(artefacts.narrowed(written, name))["Parameters"].pop("Architecture")
                self.assertEqual((found["Default"], found["AllowedValues"]), (name, [name]))

    def test_nothing_else_of_the_template_changes(self):
        text = (sam.ROOT / "template.yaml").read_text()
        before, after = yaml_parse(text), yaml_parse(artefacts.narrowed(text, "x86_64"))
        for template in (before, after):
            template["Parameters"]["Architecture"] |= {"Default": "", "AllowedValues": []}
        self.assertEqual(before, after)

    def test_a_template_without_a_place_is_refused(self):
        for text in ("Parameters: {}\n", "  Architecture:\n    Type: String\n"):
            with self.assertRaises((ValueError, KeyError)):
                artefacts.narrowed(text, "arm64")

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
