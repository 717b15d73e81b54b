"""What all tests share, because it is slow to start: the stacks and the browser."""

import json
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

import chromium
import screens
from stack import ROOT, Stack

APPS = ROOT / "infra" / "apps" / "apps.json"
FEW = 30
HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}"
# All tests come from one address, and a setting of the shell must not decide.
PLENTY = {
    "SOURCE_LIMIT": "100000",
    "MAILS_PER_HOUR": "100000",
}


class World:
    def __init__(self, closing: ExitStack):
        self._closing = closing
        self._folder = Path(closing.enter_context(TemporaryDirectory(prefix="browser-apps-")))
        executable = chromium.required()
        # As `make dev` has it, so that the button stays as it is while a test looks at it.
        self.stack = self.start(**PLENTY)
        # Where a second mail can be had at once and few others, of an app with a name that is none.
        self.hostile_stack = self.start(
            ADDRESS_COOLDOWN_SECONDS="1",
            APPS_FILE=str(self.apps_file(display_name=HOSTILE)),
            SOURCE_LIMIT=str(FEW),
        )
        # Where every use of the store fails.
        self.broken_stack = self.start(**PLENTY, TOKENS_TABLE="missing")
        playwright = closing.enter_context(sync_playwright())
        self.browser = playwright.chromium.launch(
            executable_path=executable, args=chromium.FLAGS
        )
        closing.callback(self.browser.close)

    def start(self, **settings: str) -> Stack:
        """Starts a stack, which is stopped at the end if not before."""
        stack = Stack(**settings)
        self._closing.callback(stack.stop)
        return stack

    def apps_file(self, **change) -> Path:
        """The apps of the project with something changed."""
        apps = json.loads(APPS.read_text())
        apps["apps"][0] |= change
        return self.write_apps(apps)

    def write_apps(self, apps: dict) -> Path:
        path = self._folder / f"apps-{len(list(self._folder.iterdir()))}.json"
        path.write_text(json.dumps(apps))
        return path


@contextmanager
def open_world():
    """Opens everything, and closes it whatever happens."""
    screens.forget()
    with ExitStack() as closing:
        yield World(closing)
