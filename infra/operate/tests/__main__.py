"""Tests of the operators' commands: python infra/operate/tests

Those against DynamoDB and the API run on the local stack, as `make dev` runs it. What has no stand-in
there is answered by hand, in the shapes that AWS's own description of its services allows.
"""

import os
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).absolute().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(HERE.parent), str(ROOT / "tests" / "browser")]
# What `cargo build` has left, like the functions that the local stack runs.
os.environ["CHECK"] = str(ROOT / os.environ.get("CARGO_TARGET_DIR", "target") / "debug" / "check")

if __name__ == "__main__":
    suite = unittest.defaultTestLoader.discover(str(HERE))
    result = unittest.TextTestRunner(verbosity=1).run(suite)
    sys.exit(0 if result.wasSuccessful() and result.testsRun else 1)
