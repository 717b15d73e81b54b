"""The release gets into what is deployed, and a function that is too large is noticed."""

import tempfile
import unittest
from pathlib import Path

import artefacts
import sam


class Release(unittest.TestCase):
    def test_is_written_into_the_template_that_ships(self):
        text = (sam.ROOT / "template.yaml").read_text()
        self.assertIn("RELEASE: 20300101T000000Z\n", artefacts.release(text, "20300101T000000Z"))

    def test_a_template_without_a_place_is_refused(self):
        with self.assertRaises(ValueError):
            artefacts.release("Variables:\n  RELEASE: other\n", "one")


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
