"""What all tests share, because it is slow to start: the stacks and the browser."""

import json
from contextlib import ExitStack, contextmanager

from playwright.sync_api import sync_playwright

import chromium
from stack import Stack

FEW = 60
# In seconds, the longest that settings allow: a limit that ends while it is looked at is rare.
WINDOW = 3600
# How people are told what is left of it.
WAIT = r"(1 hour|\d+ minutes?)"
HOSTILE = "<img src=x onerror=alert(1)>{{7*7}}"
# All tests come from one address, and a setting of the shell must not decide.
PLENTY = {"limits": {"source_requests": 100_000}, "mail": {"per_hour": 100_000}}
# Where a second mail can be had at once and few others, of an app with a name that is none.
FEW_AND_HOSTILE = {
    "limits": {
        "address_cooldown_seconds": 1,
        "source_requests": FEW,
        "source_window_seconds": WINDOW,
    },
    "apps": {"main": {"display_name": HOSTILE}},
}


class World:
    def __init__(self, closing: ExitStack):
        self._closing = closing
        executable = chromium.required()
        # As `make dev` has it, so that the button stays as it is while a test looks at it.
        self.stack = self.start(PLENTY)
        self.hostile_stack = self.start(FEW_AND_HOSTILE)
        # Where every use of the store fails.
        self.broken_stack = self.start(PLENTY, TOKENS_TABLE="missing")
        playwright = closing.enter_context(sync_playwright())
        self.browser = playwright.chromium.launch(
            executable_path=executable, args=chromium.FLAGS
        )
        closing.callback(self.browser.close)

    def start(self, settings: dict, **variables: str) -> Stack:
        """Starts a stack with these settings laid over the file, which is stopped at the end if not
        before."""
        stack = Stack(SETTINGS_OVERRIDES=json.dumps(settings), **variables)
        self._closing.callback(stack.stop)
        return stack


@contextmanager
def open_world():
    """Opens everything, and closes it whatever happens."""
    with ExitStack() as closing:
        yield World(closing)
