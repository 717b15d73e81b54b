"""What the tests have in common."""

import time
import unittest
from contextlib import contextmanager
from itertools import count

import accessibility
import screens
from visitor import HEIGHT, NARROW, Visitor
from world import WINDOW

STRONG = "quiet otters paint 9 lanterns"
WEAK = "password1"
# An address for the browser, and none for the service.
NO_ADDRESS = "somebody@localhost"
FORM = {"content-type": "application/x-www-form-urlencoded"}
# Always four digits: a test makes a password of an address, and needs to know how long it is.
NUMBERS = count(1000)
MODES = {"with script": True, "without script": False}
DOES_NOT_FIT = """() => {
    const root = document.scrollingElement;
    return root.scrollWidth > innerWidth ? `${root.scrollWidth} > ${innerWidth}` : null;
}"""


def within_a_window(attempt, *parameters) -> None:
    """Tries it again where the window that a limit is counted in ended meanwhile."""
    while True:
        window = time.time() // WINDOW
        try:
            return attempt(*parameters)
        except AssertionError:
            if time.time() // WINDOW == window:
                raise


class BrowserCase(unittest.TestCase):
    world = None

    def setUp(self):
        # Every look into the inbox fetches all of it.
        self.world.stack.inbox.clear()

    @contextmanager
    def visitor(self, stack=None, **options):
        """A visitor on whose pages nothing may happen that should not; who fails is pictured."""
        visitor = Visitor(self.world.browser, stack or self.world.stack, **options)
        try:
            yield visitor
            self.assertEqual(visitor.watcher.troubles, [])
        except BaseException:
            screens.keep(visitor.page, f"failed-{self.id()}")
            raise
        finally:
            visitor.context.close()

    def user(self, stack=None, **facts) -> str:
        """The address of a new account that no other test has."""
        return (stack or self.world.stack).users.add(f"user{next(NUMBERS)}@example.com", **facts)

    def look(self, visitor, name: str) -> None:
        """Judges and pictures the state that a visitor sees: light, dark and narrow.

        What is wrong with a state does not keep the walk from going on to the next.
        """
        page = visitor.page
        for scheme in self.judged(visitor, name):
            screens.take(page, name if scheme == "light" else f"{name}-dark")
        if visitor.size["width"] != NARROW:
            page.set_viewport_size({"width": NARROW, "height": HEIGHT})
            self._fits(visitor, name)
            screens.take(page, f"{name}-narrow")
            page.set_viewport_size(visitor.size)
        self._fits(visitor, name)

    def judged(self, visitor, name: str):
        """Judges whether a state is accessible, in each of the schemes that it goes through."""
        for scheme, rules in (("light", accessibility.ALL), ("dark", accessibility.COLOURS)):
            visitor.page.emulate_media(color_scheme=scheme)
            with self.subTest("accessible", state=f"{name} {scheme}"):
                problems = accessibility.problems(visitor.page, visitor.script, rules)
                self.assertEqual(problems, [], "\n".join(problems))
            yield scheme
        visitor.page.emulate_media(color_scheme="light")

    def _fits(self, visitor, name: str) -> None:
        with self.subTest("no scrolling sideways", state=name):
            self.assertIsNone(visitor.page.evaluate(DOES_NOT_FIT))
