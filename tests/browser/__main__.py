"""Runs the browser tests, all of them or those whose names contain a word.

python tests/browser [WORD ...]
"""

import argparse
import os
import signal
import subprocess
import sys
import unittest
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import case
import screens
import world

FOLDER = Path(__file__).parent
# From the end, where test_walk is, which takes longest.
FILES = sorted((it.stem for it in FOLDER.glob("test_*.py")), reverse=True)
# Most of a browser test is waiting, so two run at once, each part with stacks and a browser of its own.
PARTS = 2


def run(files: Iterable[str], words: Iterable[str] = ()) -> bool:
    """Runs the tests of these files whose names contain one of the words, if any; whether all passed."""
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{word}*" for word in words] or None
    # All at once, so that a file that cannot be loaded is said before anything runs.
    suites = {file: loader.loadTestsFromName(file) for file in FILES}

    def tests(result: unittest.TestResult) -> None:
        for file in files:
            suites[file](result)

    with world.open_world() as case.BrowserCase.world:
        result = unittest.TextTestRunner(verbosity=2).run(tests)
    # One test may have failed in several states.
    failed = {getattr(test, "test_case", test) for test, _ in result.failures + result.errors}
    print(f"browser: {result.testsRun - len(failed)} passed, {len(failed)} failed")
    return result.wasSuccessful() and result.testsRun > 0


def files_left(queue: int) -> Iterator[str]:
    """The files that are left: each number in the pipe is read by one part."""
    while number := os.read(queue, 1):
        yield FILES[number[0]]


def run_parts() -> bool:
    """Runs all files, in processes of their own whose lines come out whole; whether all passed."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    # Ctrl-C reaches this process alone, which then stops each part once.
    options["start_new_session"] = True
    queue, end = os.pipe()
    os.write(end, bytes(range(len(FILES))))
    os.close(end)
    command = [sys.executable, FOLDER, "--queue", str(queue)]
    parts = [subprocess.Popen(command, pass_fds=[queue], **options) for _ in range(PARTS)]
    with ThreadPoolExecutor() as pool:
        try:
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
    arguments.add_argument("--queue", type=int, help=argparse.SUPPRESS)
    given = arguments.parse_args()
    if given.queue is not None:
        passed = run(files_left(given.queue))
    else:
        screens.forget()
        passed = run(FILES, given.words) if given.words else run_parts()
    sys.exit(not passed)
