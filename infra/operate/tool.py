"""The tool that knows the service's rules; cargo builds it from this tree, unless CHECK names a built one."""

import os
import shlex
import subprocess

from aws import ROOT

BUILT_FROM_HERE = "cargo run --quiet --package check --"


def run(command: str, given: str = "", variables=None) -> subprocess.CompletedProcess:
    """What it says to a command, with this on its standard input."""
    words = [*shlex.split(os.environ.get("CHECK") or BUILT_FROM_HERE), command]
    options = {"cwd": ROOT, "env": variables, "text": True, "capture_output": True, "check": False}
    return subprocess.run(words, input=given, **options)
