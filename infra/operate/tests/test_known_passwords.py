"""When the list of known passwords is built, and what is said where it is not."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from aws import ROOT

BUILDER = "infra/known-passwords/build.py"


class KnownPasswords(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = Path(temporary.name)
        self.recipe = self.root / "infra/known-passwords/lists.json"
        self.recipe.parent.mkdir(parents=True)
        shutil.copy(ROOT / BUILDER, self.root / BUILDER)
        self.written("ours.txt", "one that is ours\n")

    def written(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    def build(self) -> tuple[int, str]:
        command = [sys.executable, self.root / BUILDER]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        said = ran.stdout + ran.stderr
        self.assertNotIn("Traceback", said)
        return ran.returncode, said

    def make(self, *lists: dict):
        """Builds the lists by the digest that is said of them; none of their files is newer."""
        self.recipe.write_text(json.dumps({"lists": lists, "sha256": ""}))
        status, said = self.build()
        self.assertEqual(status, 1)
        (sha256,) = re.findall(r"its sha256 is ([0-9a-f]{64})", said)
        self.recipe.write_text(json.dumps({"lists": lists, "sha256": sha256}))
        self.assertEqual(self.build()[0], 0)
        for path in self.root.rglob("*"):
            if "target" not in path.parts:
                os.utime(path, (0, 0))

    def test_what_was_built_is_kept_until_a_list_is_added_or_changes(self):
        ours = {"name": "ours", "path": "ours.txt"}
        dump = {"name": "a dump", "path": "ranges", "min_count": 1}
        self.written("ranges/00000", f"{0:035}:1\n")
        self.make(ours, dump)
        with mock.patch.dict(os.environ, CHECK="false"):
            self.assertEqual(self.build(), (0, ""))
        for name, text in (
            ("ours.txt", "one that is ours\nanother\n"),
            ("ranges/00000", f"{1:035}:1\n"),
            ("ranges/00001", f"{0:035}:1\n"),
        ):
            with self.subTest(name):
                self.make(ours, dump)
                self.written(name, text)
                status, said = self.build()
                self.assertEqual(status, 1)
                self.assertIn("the lists make another file", said)
        self.make(ours)
        built = self.root / "target/known-passwords/layer/known-passwords"
        built.write_bytes(b"")
        self.assertEqual(self.build()[0], 0)
        built.unlink()
        self.assertEqual(self.build()[0], 0)
        self.assertTrue(built.read_bytes())
        recipe = json.loads(self.recipe.read_text())
        self.recipe.write_text(json.dumps(recipe | {"lists": [ours, dump]}))
        status, said = self.build()
        self.assertEqual(status, 1)
        self.assertIn("the lists make another file", said)

    def test_what_is_wrong_with_a_list_is_said(self):
        self.written("dump.txt", "not one\n")
        for wrong, expected in (
            ({"path": "dump.txt", "min-count": 100}, "unknown field `min-count`"),
            ({"path": "dump.txt", "min_count": 100}, "dump.txt: line 1 is not SHA-1:COUNT"),
            ({"path": "nowhere.txt"}, "nowhere.txt: No such file"),
            ({"pth": "ours.txt"}, "unknown field `pth`"),
        ):
            with self.subTest(expected):
                self.recipe.write_text(json.dumps({"lists": [{"name": "x"} | wrong], "sha256": ""}))
                status, said = self.build()
                self.assertEqual(status, 1)
                self.assertIn(expected, said)
                self.assertEqual(list(self.root.glob("target/known-passwords/new-*")), [])
