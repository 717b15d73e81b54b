"""A person with a browser, and what that person does on the pages."""

import time
from urllib.parse import urlsplit

from playwright.sync_api import expect

from stack import ROOT
from watcher import Watcher

LOGIN = "https://app.example.com/login"
LANGUAGES = sorted(it.stem for it in (ROOT / "shared/locales").glob("*.ftl"))
WIDE, NARROW = 800, 320
HEIGHT = 640
# Long enough for a password to be hashed beside a build.
MILLISECONDS = 15_000

expect.set_options(timeout=MILLISECONDS)


class Visitor:
    def __init__(self, browser, stack, language="en", script=True, width=WIDE, **options):
        self.stack = stack
        self.script = script
        self.size = {"width": width, "height": HEIGHT}
        self.context = browser.new_context(
            locale=language,
            java_script_enabled=script,
            viewport=self.size,
            # So that no colour is judged on its way from light to dark.
            reduced_motion="reduce",
            **options,
        )
        self.context.set_default_timeout(MILLISECONDS)
        login = urlsplit(LOGIN)
        self.watcher = Watcher(self.context, stack.api, (f"{login.scheme}://{login.netloc}",))
        self._login_held = []
        self._login_open = False
        self.asked_for_login = None
        self.context.route(f"{LOGIN}**", self._on_login)
        self.page = self.context.new_page()

    def _on_login(self, route) -> None:
        """Holds the login page back until the test has looked at the page before it."""
        self.asked_for_login = self.asked_for_login or time.monotonic()
        if self._login_open:
            route.fulfill(content_type="text/html", body="<!doctype html><title>Login</title>")
        else:
            self._login_held.append(route)

    def arrive_at_login(self) -> None:
        self._login_open = True
        for route in self._login_held:
            self._on_login(route)
        self.page.wait_for_url(LOGIN)

    # ---- Looking -----------------------------------------------------------------------------

    def open(self, path: str = "/auth/forgot-password") -> None:
        """Opens a path of the API, or a whole URL."""
        self.page.goto(path if "://" in path else self.stack.api + path)

    def sees(self, state: str) -> None:
        """Waits until the page is in this state."""
        expect(self.page.locator("main")).to_have_attribute("data-page", state)

    def field(self, name: str):
        """The field that is sent as `name` and can be seen."""
        return self.page.locator(f"input[name={name}]:visible")

    def read(self, mail) -> None:
        """Shows a mail as a mail program does."""
        # Elsewhere than on a page, whose policy would be the mail's too.
        self.page.goto("about:blank")
        self.page.set_content(mail.html)

    @property
    def alert(self):
        return self.page.locator("main [role=alert]:visible")

    @property
    def status(self):
        return self.page.locator("main [role=status]:visible")

    def sees_error_at(self, name: str) -> None:
        """The reason stands at the field, is tied to it, and the field has the focus."""
        field = self.field(name)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_be_focused()
        ids = (field.get_attribute("aria-describedby") or "").split()
        assert ids, f"the field {name} is described by nothing"
        described = " ".join(self.page.locator(f"[id='{it}']").inner_text() for it in ids)
        expect(self.alert.first).to_be_visible()
        reason = self.alert.first.inner_text().strip()
        assert reason in described, f"{reason!r} is not what describes {name}: {described!r}"

    # ---- Doing -------------------------------------------------------------------------------

    def ask_for(self, email: str) -> None:
        self.field("email").fill(email)
        self.page.locator("main button[type=submit]").click()

    def ask_and_get_mail(self, email: str):
        """Walks from page 1 to the mail."""
        self.open()
        self.ask_for(email)
        self.sees("sent")
        return self.stack.inbox.reset_mail(email)

    def choose(self, password: str, confirm: str | None = None) -> None:
        self.field("password").fill(password)
        self.field("confirm").fill(password if confirm is None else confirm)
        self.page.locator("main form:has(#password) button[type=submit]").click()

    def enter_code(self, code: str, email: str | None = None) -> None:
        form = self.page.locator("main form:has([autocomplete=one-time-code])")
        if email is not None:
            form.locator("input[name=email]").fill(email)
        form.locator("[autocomplete=one-time-code]").fill(code)
        form.locator("button[type=submit]").click()

    def press_only_button(self) -> None:
        self.page.locator("main form button").click()
