"""The local stack as a process of its own, as `make dev` runs it, on free ports."""

import json
import os
import selectors
import signal
import subprocess
import tempfile
from functools import cached_property
from pathlib import Path

from inbox import Inbox
from users import Users

# Not resolved: a link to this folder stands for the tree that it is in.
ROOT = Path(__file__).absolute().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR") or ROOT / "target")
PORTS = ("API", "DYNAMODB", "SES", "INVOKE", "WORKER")
# A build may still be going on beside it.
START_SECONDS = 300
STOP_SECONDS = 30


class Stack:
    """Starts at once; a test that asks for an endpoint waits until all of them answer."""

    def __init__(self, **settings: str):
        self.folder = tempfile.TemporaryDirectory(prefix="browser-stack-")
        program = TARGET / "debug" / "local-stack"
        if not program.is_file():
            raise SystemExit(f"{program} is missing; run: cargo build --workspace --bins")
        ports = {f"LOCAL_{port}_PORT": "0" for port in PORTS}
        files = {
            "LOCAL_READY_FILE": str(self._ready),
            "LOCAL_LOG_FILE": str(self._log),
            "LOCAL_CONCURRENCY": "2",
        }
        self.process = subprocess.Popen(
            [program],
            cwd=ROOT,
            env=os.environ | ports | files | settings,
            stdout=subprocess.PIPE,
            # A group of its own, so that Ctrl-C reaches the tests first, which then stop it.
            start_new_session=True,
        )

    @property
    def _ready(self) -> Path:
        return Path(self.folder.name, "ready.json")

    @property
    def _log(self) -> Path:
        return Path(self.folder.name, "functions.log")

    @cached_property
    def endpoints(self) -> dict:
        """It prints its greeting when all of it answers and nothing before, and ends its output
        when it gives up."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            if not selector.select(START_SECONDS):
                raise TimeoutError("the stack does not become ready")
        if not self._ready.is_file():
            raise RuntimeError(f"the stack ended instead of becoming ready:\n{self.log()}")
        return json.loads(self._ready.read_text())

    @property
    def api(self) -> str:
        return self.endpoints["api"]

    @cached_property
    def inbox(self) -> Inbox:
        return Inbox(self.endpoints["ses"])

    @cached_property
    def users(self) -> Users:
        return Users(self.endpoints["dynamodb"])

    def log(self) -> str:
        """The last lines of the functions."""
        return "\n".join(self._log.read_text().splitlines()[-20:]) if self._log.is_file() else ""

    def stop(self) -> None:
        """Presses Ctrl-C and waits, because the stack ends the processes that it has started."""
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(STOP_SECONDS)
        finally:
            self.process.stdout.close()
            self.folder.cleanup()
