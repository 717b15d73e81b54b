"""Page 1, and what it turns into."""

import http_client
from playwright.sync_api import expect

from case import FORM, MODES, NO_ADDRESS, BrowserCase
from users import DEMO
from visitor import MILLISECONDS

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

    def test_without_a_script_a_link_leads_back(self):
        with self.visitor(script=False) as visitor:
            visitor.ask_and_get_mail(self.user())
            link = visitor.page.locator("main a[href*='/auth/forgot-password']")
            expect(link).to_be_visible()
            link.click()
            visitor.sees("request")

    def test_the_well_known_address_leads_here(self):
        with self.visitor() as visitor:
            visitor.open("/.well-known/change-password")
            visitor.sees("request")
            self.assertEqual(
                visitor.page.url, f"{visitor.stack.api}/auth/forgot-password"
            )
