"""Page 1, and what it turns into."""

import re
import time

import http_client
from playwright.sync_api import expect

from case import FORM, MODES, NO_ADDRESS, STRONG, WEAK, BrowserCase
from users import DEMO
from visitor import LOGIN, MILLISECONDS

NOBODY = "nobody@example.com"


class Request(BrowserCase):
    def test_it_says_what_the_contract_says(self):
        with self.visitor() as visitor:
            visitor.open()
            page = visitor.page
            email = page.get_by_label("Email Address", exact=True)
            expect(email).to_have_attribute("autocomplete", "username")
            expect(email).to_be_editable()
            expect(page.get_by_role("button", name="Send Password Reset Link")).to_be_enabled()

    def test_the_button_says_that_mail_was_sent(self):
        for mode, script in MODES.items():
            with self.subTest(mode), self.visitor(script=script) as visitor:
                email = self.user()
                visitor.open()
                visitor.page.evaluate("document.sameDocument = true")
                visitor.ask_for(email)
                visitor.sees("sent")
                button = visitor.page.get_by_role("button", name="Mail sent")
                expect(button).to_be_disabled()
                shown = visitor.page.get_by_label("Email Address", exact=True)
                expect(shown).to_have_value(email)
                expect(shown).not_to_be_editable()
                expect(visitor.status).to_contain_text("inbox")
                same = visitor.page.evaluate("document.sameDocument === true")
                self.assertEqual(same, script, "a script sends without a reload")

    def test_nobody_learns_who_has_an_account(self):
        for mode, script in MODES.items():
            with self.subTest(mode):
                known = self.what_is_said_to(self.user(), script)
                self.assertEqual(known, self.what_is_said_to(NOBODY, script))
                self.assertIn("ADDRESS", known)

    def what_is_said_to(self, email: str, script: bool) -> str:
        with self.visitor(script=script) as visitor:
            visitor.open()
            visitor.ask_for(email)
            visitor.sees("sent")
            return visitor.page.content().replace(email, "ADDRESS")

    def test_the_bytes_are_the_same_too(self):
        url = f"{self.world.stack.api}/auth/forgot-password"
        answers = []
        for email in (DEMO, NOBODY):
            body = f"email={email.replace('@', '%40')}".encode()
            status, headers, answer = http_client.send(url, body, FORM)
            names = sorted(name for name in headers.keys() if name.lower() != "content-length")
            answers.append((status, names, answer.replace(email.encode(), b"ADDRESS")))
        self.assertEqual(answers[0], answers[1])

    def test_what_is_no_address_comes_back_with_the_reason(self):
        for mode, script in MODES.items():
            with self.subTest(mode), self.visitor(script=script) as visitor:
                visitor.open()
                visitor.ask_for(NO_ADDRESS)
                visitor.sees_error_at("email")
                visitor.sees("request")
                expect(visitor.field("email")).to_have_value(NO_ADDRESS)
                visitor.ask_for(self.user())
                visitor.sees("sent")

    def test_after_the_cooldown_it_can_be_sent_again(self):
        stack = self.world.hostile_stack
        with self.visitor(stack) as visitor:
            email = self.user(stack)
            visitor.ask_and_get_mail(email)
            again = visitor.page.get_by_role("button", name="again")
            expect(again).to_be_enabled(timeout=MILLISECONDS)
            again.click()
            stack.inbox.reset_mail(email, count=2)
            visitor.sees("sent")

    def test_without_a_script_a_button_sends_it_again(self):
        stack = self.world.hostile_stack
        with self.visitor(stack, script=False) as visitor:
            email = self.user(stack)
            visitor.ask_and_get_mail(email)
            again = visitor.page.get_by_role("button", name="Send it again")
            # The address's cooldown there is a second, which need not be over.
            deadline = time.monotonic() + MILLISECONDS / 1000
            while len(stack.inbox.mails_to(email)) < 2 and time.monotonic() < deadline:
                again.click()
                visitor.sees("sent")
            stack.inbox.reset_mail(email, count=2)

    def test_the_seconds_until_then_are_counted_down(self):
        with self.visitor() as visitor:
            visitor.page.clock.install()
            visitor.ask_and_get_mail(self.user())
            left = visitor.page.locator("[data-left]")
            visitor.page.clock.run_for(15_000)
            expect(left).to_have_text(re.compile("0:4[0-5]"))
            expect(visitor.page.locator("main")).to_contain_text("In 30 minutes at most 3 mails")
            visitor.page.clock.run_for(46_000)
            expect(left).to_be_hidden()
            expect(visitor.page.get_by_role("button", name="Send it again")).to_be_enabled()

    def test_a_reload_and_back_lose_nothing(self):
        with self.visitor() as visitor:
            email = self.user()
            visitor.ask_and_get_mail(email)
            visitor.page.reload()
            visitor.sees("sent")
            expect(visitor.page.get_by_label("Email Address", exact=True)).to_have_value(email)
            expect(visitor.page.get_by_role("button", name="Mail sent")).to_be_disabled()
            visitor.page.go_back()
            visitor.sees("request")
            expect(visitor.field("email")).to_have_value(email)
            visitor.page.go_forward()
            visitor.sees("sent")
            # Nobody else's page shows it.
            self.assertNotIn("user", visitor.page.url)
            visitor.open()
            visitor.sees("request")
            expect(visitor.field("email")).to_have_value("")

    def test_no_other_page_is_kept(self):
        with self.visitor() as visitor:
            email = self.user()
            kept = lambda: visitor.page.evaluate("history.state")
            mail = visitor.ask_and_get_mail(email)
            visitor.enter_code(mail.code)
            visitor.sees("reset")
            self.assertNotIn(mail.code, kept()["text"])
            visitor.open()
            before = visitor.page.evaluate("history.length")
            visitor.ask_for(NO_ADDRESS)
            visitor.sees_error_at("email")
            self.assertIsNone(kept())
            visitor.open("/auth/reset-code")
            visitor.enter_code("AAAA-AAAA", email)
            visitor.sees_error_at("code")
            self.assertIsNone(kept())
            visitor.enter_code(mail.code)
            visitor.sees("reset")
            visitor.choose(WEAK)
            visitor.sees_error_at("password")
            self.assertIsNone(kept())
            visitor.choose(STRONG)
            visitor.sees("done")
            self.assertIsNone(kept())
            self.assertEqual(visitor.page.evaluate("history.length"), before + 1)

    def test_a_wrong_address_can_be_corrected(self):
        for mode, script in MODES.items():
            with self.subTest(mode), self.visitor(script=script) as visitor:
                email = self.user()
                visitor.open()
                visitor.ask_for(f"{email}m")
                visitor.sees("sent")
                visitor.page.get_by_role("button", name="Wrong address?").click()
                visitor.sees("request")
                expect(visitor.field("email")).to_have_value(f"{email}m")
                visitor.ask_for(email)
                visitor.sees("sent")
                self.assertNotIn(email, visitor.page.url)
                visitor.stack.inbox.reset_mail(email)

    def test_the_address_goes_along_to_the_code_and_back(self):
        with self.visitor() as visitor:
            visitor.open()
            email = self.user()
            visitor.field("email").fill(email)
            visitor.page.get_by_role("link", name="Already have a code?").click()
            visitor.sees("code")
            expect(visitor.field("email")).to_have_value(email)
            expect(visitor.field("code")).to_be_focused()
            expect(visitor.alert).to_have_count(0)
            visitor.page.get_by_role("button", name="Send a new link").click()
            visitor.sees("sent")
            visitor.stack.inbox.reset_mail(email)

    def test_every_page_leads_on(self):
        for path, way in {
            "/auth/forgot-password": "Already have a code?",
            "/auth/forgot-password?app=nobody": "Send a new link",
            "/auth/forgot-password/nonsense": "Send a new link",
            "/auth/reset-code/nothing": "Send a new link",
            "/auth/cancel-reset/nonsense": "Back to the login page",
        }.items():
            with self.subTest(path), self.visitor() as visitor:
                visitor.open(path)
                expect(visitor.page.get_by_role("link", name=way)).to_be_visible()
                login = visitor.page.get_by_role("link", name="Back to the login page")
                expect(login).to_have_attribute("href", LOGIN)
                support = visitor.page.get_by_role("link", name="support@example.com")
                expect(support).to_have_attribute("href", "mailto:support@example.com")

    def test_the_well_known_address_leads_here(self):
        with self.visitor() as visitor:
            visitor.open("/.well-known/change-password")
            visitor.sees("request")
            self.assertEqual(
                visitor.page.url, f"{visitor.stack.api}/auth/forgot-password"
            )
