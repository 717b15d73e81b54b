"""The whole flow as people go through it, with every state looked at."""

import time

from playwright.sync_api import expect

from case import NO_ADDRESS, STRONG, WEAK, BrowserCase
from users import DEMO
from visitor import LOGIN, NARROW

# How long the page may take to go on, and a little for the machine.
REDIRECT_SECONDS = 5 + 4


WALKS = {
    "en": {},
    "en-noscript": {"script": False},
    "de-320": {"language": "de", "width": NARROW},
    "ar-320": {"language": "ar", "width": NARROW},
    "ar-320-noscript": {"language": "ar", "script": False, "width": NARROW},
}


class Walk(BrowserCase):
    def test_the_whole_flow(self):
        for name, options in WALKS.items():
            with self.subTest(name), self.visitor(**options) as visitor:
                self.ask(visitor, name)
                self.reset(visitor, name)
                self.see_dead_link(visitor, name)
                self.try_code(visitor, name)
                self.cancel(visitor, name)

    def ask(self, visitor, name: str) -> None:
        visitor.open()
        visitor.sees("request")
        self.look(visitor, f"{name}-request")
        visitor.ask_for(NO_ADDRESS)
        visitor.sees_error_at("email")
        visitor.sees("request")
        self.look(visitor, f"{name}-request-error")
        self.email = self.user(name="Ann")
        visitor.ask_for(self.email)
        visitor.sees("sent")
        self.look(visitor, f"{name}-sent")

    def reset(self, visitor, name: str) -> None:
        self.mail = visitor.stack.inbox.reset_mail(self.email)
        visitor.open(self.mail.link)
        visitor.sees("reset")
        self.look(visitor, f"{name}-reset")
        visitor.choose(STRONG, STRONG + "?")
        visitor.sees_error_at("confirm")
        self.look(visitor, f"{name}-reset-mismatch")
        visitor.choose(WEAK)
        visitor.sees_error_at("password")
        self.look(visitor, f"{name}-reset-weak")
        with visitor.page.expect_request(LOGIN):
            visitor.choose(STRONG)
            visitor.sees("done")
            done = time.monotonic()
            self.look(visitor, f"{name}-done")
        visitor.arrive_at_login()
        self.assertLess(visitor.asked_for_login - done, REDIRECT_SECONDS)
        before = visitor.stack.users.password_hash(DEMO)
        self.assertNotEqual(visitor.stack.users.password_hash(self.email), before)

    def see_dead_link(self, visitor, name: str) -> None:
        visitor.open(self.mail.link)
        visitor.sees("used")
        self.look(visitor, f"{name}-used")
        visitor.open("/auth/forgot-password/nonsense")
        visitor.sees("problem")
        self.look(visitor, f"{name}-problem")
        visitor.page.locator("main a[href*='/auth/forgot-password']").click()
        visitor.sees("request")

    def try_code(self, visitor, name: str) -> None:
        visitor.open("/auth/reset-code")
        visitor.sees("code")
        self.look(visitor, f"{name}-code")
        visitor.enter_code("AAAA-AAAA", self.email)
        expect(visitor.alert.first).to_be_visible()
        self.look(visitor, f"{name}-code-error")

    def cancel(self, visitor, name: str) -> None:
        mail = visitor.ask_and_get_mail(self.user())
        visitor.open(mail.cancel_link)
        visitor.sees("cancel")
        self.look(visitor, f"{name}-cancel")
        visitor.press_only_button()
        visitor.sees("cancelled")
        self.look(visitor, f"{name}-cancelled")
        visitor.open(mail.link)
        visitor.sees("problem")
