"""Runs the browser tests, all of them or those whose names contain a word.

python tests/browser [WORD ...]
"""

import argparse
import signal
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import case
import screens
import world

# Most of a browser test is waiting, so two run at once, each part with stacks and a browser of its own.
PARTS = 2


def run(words: list[str], part: int | None) -> bool:
    """Runs every second file with tests, or all of them; whether all passed."""
    loader = unittest.defaultTestLoader
    loader.testNamePatterns = [f"*{word}*" for word in words] or None
    files = list(loader.discover(str(Path(__file__).parent)))
    if part is not None:
        files = files[part::PARTS]
    with world.open_world() as case.BrowserCase.world:
        result = unittest.TextTestRunner(verbosity=2).run(unittest.TestSuite(files))
    # One test may have failed in several states.
    failed = {getattr(test, "test_case", test) for test, _ in result.failures + result.errors}
    print(f"browser: {result.testsRun - len(failed)} passed, {len(failed)} failed")
    return result.wasSuccessful() and result.testsRun > 0


def run_parts() -> bool:
    """Runs all files, in processes of their own whose lines come out whole; whether all passed."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    # Ctrl-C reaches this process alone, which then stops each part once.
    options["start_new_session"] = True
    command = [sys.executable, Path(__file__).parent, "--part"]
    parts = [subprocess.Popen([*command, str(part)], **options) for part in range(PARTS)]
    try:
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda part: sys.stdout.writelines(part.stdout), parts))
    finally:
        for part in parts:
            part.terminate()
    return not any([part.wait() for part in parts])


if __name__ == "__main__":
    # Like Ctrl-C, which leaves no stack running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    arguments = argparse.ArgumentParser()
    arguments.add_argument("words", nargs="*", metavar="WORD")
    arguments.add_argument("--part", type=int, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.part is None:
        screens.forget()
    passed = run(given.words, given.part) if given.words or given.part is not None else run_parts()
    sys.exit(not passed)
