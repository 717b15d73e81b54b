"""What a person sets reaches its command as it is: neither make nor a shell runs or changes it."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import sam

MAKEFILE = (sam.ROOT / "Makefile").read_text()
# The machine's own, and not a value of a command: a program with its options, and what has no other way.
MACHINE = {"PATH", "PYTHON"}
STACK = {"STACK": ["--stack="]}
# What is set for which target, with what comes before it in the arguments that it becomes. What becomes none
# stays in the environment.
RUNS = [
    ("why", STACK | {"APP": ["--app="], "DAYS": ["--days="], "EMAIL": [""]}),
    ("send-reset", STACK | {"APP": ["--app="], "EMAIL": [""]}),
    ("kill-tokens", STACK | {"EMAIL": ["--email="], "ALL": []}),
    ("redrive", STACK | {"JOB": ["--job="], "SEND": []}),
    ("doctor", STACK),
    ("off", STACK),
    ("on", STACK),
    ("check-users", {"APP": [], "SAMPLE": [], "TABLE": []}),
    ("build", {"ARCH": ["Architecture=", "--architecture="]}),
    ("build", {"ENV": ["--section="], "SAMCONFIG": ["--config="]}),
    ("package", {"ARCH": ["--architecture="]}),
    ("package", {"ENV": ["--section="], "SAMCONFIG": ["--config="]}),
    (
        "deploy",
        {"ENV": ["--section=", "--config-env="], "SAMCONFIG": ["--config=", "--config-file="]},
    ),
    ("bench", {"BENCH_RESULT": [""]}),
    ("dev", {"CARGO_TARGET_DIR": []}),
    ("fuzz", {"FUZZ_SECONDS": ["-max_total_time="]}),
    ("fuzz", {"FUZZ_TARGETS": []}),
    ("invoke-request", {"LOCAL_INVOKE_PORT": ["--invoke-port="]}),
    ("invoke-verify", {"LOCAL_INVOKE_PORT": ["--invoke-port="], "TOKEN": []}),
    ("invoke-confirm", {"LOCAL_INVOKE_PORT": ["--invoke-port="], "TOKEN": [], "PASSWORD": []}),
    ("invoke-worker", {"LOCAL_WORKER_PORT": ["--invoke-port="]}),
    ("soak", {"SOAK_SECONDS": [], "SOAK_SEED": []}),
    ("test-browser", {"WORDS": []}),
    ("doctor", {"CHECK": []}),
    # One that the Makefile does not know is on its way to a command all the same.
    ("attack", {"URL": []}),
]
NAMES = {name for _, names in RUNS for name in names}
# Make makes an absolute path of it.
PATHS = {"CARGO_TARGET_DIR"}
# Whatever runs touches the file `ran`.
VALUES = (
    "$(shell touch ran)$(touch ran)`touch ran`${shell touch ran}",
    "a'b\"; touch ran; \" && touch ran",
    "--$HOME #\\ $$ %s *\n\tx=y",
)
# Stands for every command: it writes down its arguments and its environment.
STUB = f"""#!{sys.executable} -IS
import json, os, sys
with open(os.environ["SEEN"], "a") as seen:
    seen.write(json.dumps([sys.argv, dict(os.environ)]) + "\\n")
"""


class Makefile(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.root = Path(temporary.name)
        shutil.copy(sam.ROOT / "Makefile", self.root)
        for needed in re.findall(r"^\S+/\.installed\S*: (.+)$", MAKEFILE, re.MULTILINE):
            for path in needed.replace("$(TOOLS)/.installed", "").split():
                self.write(path, "")
        self.write("tests/fuzz/targets/bodies.rs", "")
        for tool in ("bin/python", "bin/cargo", "bin/date", "sam/bin/sam"):
            self.write(f".tools/{tool}", STUB).chmod(0o755)
        for word in ("target", "one"):
            self.write(f"{word}/debug/local-stack", STUB).chmod(0o755)
        # Newest, so that nothing is installed.
        for stamp in re.findall(r"^\$\(TOOLS\)/(\.installed\S*):", MAKEFILE, re.MULTILINE):
            self.write(f".tools/{stamp}", "")

    def write(self, path: str, text: str) -> Path:
        found = self.root / path
        found.parent.mkdir(parents=True, exist_ok=True)
        found.write_text(text)
        return found

    def seen(self, target: str, values: dict, by: str = "command line") -> list:
        """The arguments and the environment of every command that a target calls."""
        log = self.write("seen", "")
        (self.root / "ran").unlink(missing_ok=True)
        command, environment = ["make", "--silent", target], {"SEEN": str(log)}
        environment |= {it: os.environ[it] for it in ("PATH", "HOME") if it in os.environ}
        if by == "environment":
            environment |= values
        else:
            command += [f"{name}={value}" for name, value in values.items()]
        subprocess.run(command, cwd=self.root, env=environment, capture_output=True, check=False)
        return [json.loads(line) for line in log.read_text().splitlines()]

    def test_every_test_binary_is_run_once(self):
        manifest = (sam.ROOT / "tests" / "Cargo.toml").read_text()
        declared = re.findall(r'\[\[test\]\]\nname = "(\w+)"', manifest)
        lists = re.findall(r"^(?:BESIDE|IN_TURN) := (.*)$", MAKEFILE, re.MULTILINE)
        self.assertEqual(sorted(" ".join(lists).split()), sorted(declared))

    def test_values_reach_their_commands_as_they_are(self):
        for target, names in RUNS:
            for value in VALUES:
                for by in ("command line", "environment"):
                    with self.subTest(target, names=list(names), value=value, by=by):
                        called = self.seen(target, dict.fromkeys(names, value), by)
                        self.assertFalse((self.root / "ran").exists(), "it was run")
                        self.arrives(called, names, value)

    def arrives(self, called: list, names: dict, value: str):
        self.assertTrue(called or "FUZZ_TARGETS" in names, "nothing was called")
        arguments = [it for argv, _ in called for it in argv]
        for name, before in names.items():
            for it in before:
                self.assertIn(it + value, arguments)
            for _, environment in called:
                self.assertTrue(name in PATHS or environment[name] == value, name)
        if "WORDS" in names:
            self.assertEqual(called[-1][0][2:], value.split())
        if "TABLE" in names:
            self.assertEqual(called[0][1]["USERS_TABLE"], value)

    def test_a_target_of_fuzzing_is_one_that_there_is(self):
        for value, wanted in (("bodies", 1), ("bodies --help", 1), ("--help", 0)):
            self.assertEqual(len(self.seen("fuzz", {"FUZZ_TARGETS": value})), wanted)

    def test_what_is_for_everybody_is_asked_for_by_one_word(self):
        for target, name, flag in (("kill-tokens", "ALL", "--all"), ("redrive", "SEND", "--send")):
            for value, wanted in (("yes", True), ("yes please", False), ("", False), ("no", False)):
                argv, _ = self.seen(target, {name: value})[-1]
                self.assertEqual(flag in argv, wanted)

    def test_the_settings_that_are_deployed_are_checked(self):
        for by in ("command line", "environment"):
            called = self.seen("deploy", {"SETTINGS_FILE": "other.json"}, by)
            read = [it["SETTINGS_FILE"] for argv, it in called if argv[-1] == "settings"]
            self.assertEqual(read, [""])

    def test_no_recipe_names_one_but_by_the_environment(self):
        expanded = set(re.findall(r"(?<!\$)\$[({](\w+)", MAKEFILE))
        self.assertEqual(expanded & NAMES, set())

    def test_every_value_is_tried(self):
        shown = re.findall(r"\b([A-Z][A-Z_]+)=", "\n".join(re.findall(r"## (.*)", MAKEFILE)))
        used = re.findall(r"\$\$\{?([A-Z][A-Z_]+)\b", MAKEFILE)
        self.assertEqual({*shown, *used} - NAMES - MACHINE, set())
