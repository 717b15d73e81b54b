"""The frontends of other systems, unchanged, from another origin: at every step people see a
sentence or a success."""

import json
import re
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import product

import http_client

from case import NO_ADDRESS, WEAK, BrowserCase, within_a_window
from frontends import ByHttp, InBrowser, Origin
from stack import ROOT
from users import DEMO
from visitor import LOGIN
from watcher import Watcher
from world import PLENTY, WAIT, WINDOW

# What FlowFuse's page takes for good enough, and says of what is not.
MIN_STRENGTH = 2
FAIR = "bluecar77"
# Too short to make a password of an address, which FlowFuse's page does not know.
NOISE = "8Kz#q!v"
WORDS = dict(re.findall(r"^([\w-]+) = (.+)$", (ROOT / "shared/locales/en.ftl").read_text(), re.M))
DEAD = WORDS["problem-invalid-token"]
REJECTED = WORDS["problem-password-rejected"]
# Their servers' sentences are shown, which say how long to wait.
LIMITED = WORDS["page-too-many-requests"].replace("{ $time }", WAIT)
# FlowFuse's page says nothing of a reset that its server refuses: not with its own server either.
SILENT = ""
SETTINGS = ROOT / "infra" / "settings" / "settings.json"


@dataclass(frozen=True)
class Frontend:
    """Where its pages are, and what a person sees on them at each step."""

    name: str
    ask: str
    reset: str
    no_address: tuple[str, str]
    limited: str
    weak: str
    personal: str
    used: str
    # What the page says that is opened by a link that was used.
    dead: tuple[str, str]
    changed: str
    # What becomes of its page when API Gateway answers by itself; where that is not known, nothing.
    gateway: str | None = "stuck"
    mismatch: str | None = None
    # Where its mailed link leads instead, if the frontend chooses it.
    mailed: str | None = None


FRONTENDS = [
    Frontend(
        name="novel",
        ask="/novel/forgot",
        reset="/novel/reset?token={{token}}",
        no_address=("form", WORDS["field-error-not-an-address"]),
        limited=LIMITED,
        weak=WORDS["password-known"],
        personal=WORDS["password-contains-address"],
        used=DEAD,
        dead=("form", ""),
        changed=LOGIN,
    ),
    Frontend(
        name="razi",
        ask="/razi/forgot",
        reset="/razi/reset?code={{token}}",
        mailed="http://shop.example",
        gateway=None,
        no_address=("form", WORDS["problem-invalid-request"]),
        limited=WORDS["problem-too-many-requests"],
        weak=REJECTED,
        personal=REJECTED,
        used=DEAD,
        dead=("form", ""),
        changed="Your password was changed.",
    ),
    Frontend(
        name="backstack",
        ask="/backstack/forgot-password",
        reset="/backstack/reset-password?token={{token}}",
        no_address=("form", WORDS["field-error-not-an-address"]),
        limited=LIMITED,
        mismatch=WORDS["field-error-mismatch"],
        weak=WORDS["password-known"],
        personal=WORDS["password-contains-address"],
        used=DEAD,
        dead=("done", "This link is dead. Ask for a new one."),
        changed="Log in as {email}.",
    ),
    Frontend(
        name="flowfuse",
        ask="/account/forgot-password",
        reset="/account/change-password/{{token}}",
        no_address=("done", "We have mailed you instructions."),
        limited="Try again in 5 minutes.",
        weak="Password too weak.",
        personal=SILENT,
        used=SILENT,
        dead=("form", ""),
        changed="Password reset successful.",
        gateway="form",
    ),
]


class Frontends(BrowserCase):
    @classmethod
    def setUpClass(cls):
        cls.origin = Origin()
        cls.addClassCleanup(cls.origin.stop)
        settings = PLENTY | cls._settings()
        origins = f"https://elsewhere.example,{cls.origin.url}"
        cls.stack = cls.world.start(settings, AllowedOrigins=origins)
        strict = settings | {
            "limits": {"source_requests": 1, "source_window_seconds": WINDOW}
        }
        cls.strict = cls.world.start(strict, AllowedOrigins=origins)

    @classmethod
    def _settings(cls):
        """An app for each frontend, which names none, and a default one that is none of theirs."""
        main = json.loads(SETTINGS.read_text())["apps"]["main"]
        apps = {
            it.name: main
            | {
                # No word of the passwords.
                "display_name": "Shop",
                "reset_link": f"{cls.origin.url}{it.reset}",
                "allowed_redirects": [it.mailed] if it.mailed else [],
                "insecure_redirects": it.mailed is not None,
            }
            for it in FRONTENDS
        }
        return {
            "apps": apps,
            "wire_formats": {it.name: it.name for it in FRONTENDS},
            "passwords": {"min_strength": MIN_STRENGTH},
        }

    def test_people_finish_a_reset(self):
        for frontend, by in product(FRONTENDS, (self.browser, self.http)):
            with self.subTest(frontend.name, by=by.__name__), by(self.stack) as opens:
                self.walk(frontend, opens)

    def test_a_limit_is_said(self):
        for frontend, by in product(FRONTENDS, (self.browser, self.http)):
            with self.subTest(frontend.name, by=by.__name__), by(self.strict) as opens:
                within_a_window(self.ask_too_often, frontend, opens)

    def test_what_api_gateway_says_by_itself_is_in_nobodys_format(self):
        """docs/frontends.md says what people see then."""
        for frontend in FRONTENDS:
            for status in (413, 429, 503) if frontend.gateway else ():
                api = f"{self.origin.url}/gateway/{status}"
                with self.subTest(frontend.name, status=status), ExitStack() as closing:
                    self.origin.api = api
                    ask = ByHttp(closing, self.origin.url + frontend.ask, api)
                    state, said = ask.submit(email=DEMO)
                    self.assertEqual(state, frontend.gateway)
                    if frontend.name == "flowfuse":
                        self.assertEqual(said, frontend.limited if status == 429 else SILENT)

    @contextmanager
    def browser(self, stack):
        self.origin.api = stack.api
        context = self.world.browser.new_context(locale="en")
        watcher = Watcher(context, self.origin.url, (stack.api,))
        try:
            yield partial(InBrowser, context, api=stack.api)
            self.assertEqual(watcher.troubles, [])
        finally:
            context.close()

    @contextmanager
    def http(self, stack):
        self.origin.api = stack.api
        with ExitStack() as closing:
            yield partial(ByHttp, closing, api=stack.api)

    def walk(self, frontend: Frontend, opens) -> None:
        email = self.user(self.stack)
        ask = opens(url=self.origin.url + frontend.ask)
        self.assertEqual(ask.seen, ("form", ""))
        self.assertEqual(ask.submit(email=NO_ADDRESS), frontend.no_address)
        ask = opens(url=self.origin.url + frontend.ask)
        self.assert_done(ask.submit(email=email))

        link = self.mailed_link(frontend, email)
        first, second = opens(url=link), opens(url=link)
        self.assertEqual((first.seen, second.seen), (("form", ""), ("form", "")))
        if frontend.mismatch:
            seen = self.choose(first, email, FAIR, FAIR + "!")
            self.assertEqual(seen, ("form", frontend.mismatch))
        for password, sentence in ((WEAK, frontend.weak), (email + NOISE, frontend.personal)):
            self.assertEqual(self.choose(first, email, password), ("form", sentence))
        done = self.choose(first, email, FAIR)
        self.assertEqual(done, ("done", frontend.changed.format(email=email)))
        users = self.stack.users
        self.assertNotEqual(users.password_hash(email), users.password_hash(DEMO))

        self.assertEqual(self.choose(second, email, FAIR), ("form", frontend.used))
        third = opens(url=link)
        self.assertEqual(third.seen, frontend.dead)
        never = opens(url=self.origin.url + frontend.reset.replace("{{token}}", "nonsense"))
        self.assertEqual(never.seen, frontend.dead)
        if never.seen[0] == "form":
            self.assertEqual(self.choose(never, email, FAIR), ("form", frontend.used))

    def choose(self, screen, email: str, password: str, repeated: str | None = None):
        repeated = password if repeated is None else repeated
        return screen.submit(
            email=email, password=password, confirm=repeated, confirm_password=repeated
        )

    def mailed_link(self, frontend: Frontend, email: str) -> str:
        """The link of the mail, which tells whose app it is, on the origin that the pages are on."""
        path, _, _ = frontend.reset.partition("{{token}}")
        start = (frontend.mailed or self.origin.url) + path
        text = self.stack.inbox.newest_to(email).text
        link = next((word for word in text.split() if word.startswith(start)), None)
        self.assertIsNotNone(link, f"no link to {start} in:\n{text}")
        return self.origin.url + path + link.removeprefix(start)

    def ask_too_often(self, frontend: Frontend, opens) -> None:
        url, status = f"{self.strict.api}/v1/request-reset", 202
        while status == 202:
            body = json.dumps({"email": "nobody@example.com"}).encode()
            status, _, _ = http_client.send(url, body, {"content-type": "application/json"})
        self.assertEqual(status, 429)
        ask = opens(url=self.origin.url + frontend.ask)
        state, said = ask.submit(email=DEMO)
        self.assertEqual(state, "form")
        self.assertRegex(said, f"^{frontend.limited}$")

    def assert_done(self, seen: tuple[str, str]) -> None:
        state, said = seen
        self.assertEqual(state, "done", said)
        self.assertTrue(said)
