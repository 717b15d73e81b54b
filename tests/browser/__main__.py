"""Runs the browser tests, all of them or those whose names contain a word.

python tests/browser [WORD ...]
"""

import signal
import sys
import unittest
from pathlib import Path

import case
import world

if __name__ == "__main__":
    # Like Ctrl-C, which leaves no stack running.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    loader = unittest.defaultTestLoader
    loader.testNamePatterns = [f"*{word}*" for word in sys.argv[1:]] or None
    suite = loader.discover(str(Path(__file__).parent))
    with world.open_world() as case.BrowserCase.world:
        result = unittest.TextTestRunner(verbosity=2).run(suite)
    # One test may have failed in several states.
    failed = {getattr(test, "test_case", test) for test, _ in result.failures + result.errors}
    print(f"browser: {result.testsRun - len(failed)} passed, {len(failed)} failed")
    sys.exit(0 if result.wasSuccessful() and result.testsRun else 1)
