"""Whatever others may choose is text wherever it is shown."""

from urllib.parse import urlencode

import http_client
from playwright.sync_api import expect

from case import FORM, MODES, STRONG, BrowserCase
from world import HOSTILE

CRLF = "\r\nBcc: x@y.example"
# What an address may hold and a template or a page could take for its own.
ADDRESS = "o'{{7*7}}&amp${7*7}@example.com"


class Hostile(BrowserCase):
    def sees_text(self, page, text: str) -> None:
        """The text stands there as it was written, and nothing came of it."""
        self.assertIn(text, page.locator("body").inner_text())
        self.has_no_injection(page)

    def has_no_injection(self, page) -> None:
        found = page.evaluate("document.querySelectorAll('[onerror], img[src=x]').length")
        self.assertEqual(found, 0)

    def has_clean_headers(self, mail, email: str) -> None:
        """One recipient, and no header with more than one line."""
        entry = mail.entry
        recipients = entry["destination"]
        self.assertEqual((recipients["to"], recipients["cc"], recipients["bcc"]), ([email], [], []))
        lines = [entry["subject"], entry["from"], *entry["replyTo"]]
        lines += [text for header in entry["headers"] for text in header.values()]
        for line in lines:
            self.assertNotRegex(line, r"[\r\n]")

    def test_a_name_is_text_in_the_mail(self):
        with self.visitor() as visitor:
            email = self.user(name=HOSTILE + "\r\nBcc x")
            mail = visitor.ask_and_get_mail(email)
            self.has_clean_headers(mail, email)
            self.assertIn(HOSTILE, mail.text)
            self.assertNotRegex(mail.text, "(?m)^Bcc")
            visitor.read(mail)
            self.sees_text(visitor.page, HOSTILE)

    def test_an_address_is_text_everywhere(self):
        for mode, script in MODES.items():
            with self.subTest(mode), self.visitor(script=script) as visitor:
                email = f"{mode.split()[0]}.{ADDRESS}"
                self.world.stack.users.add(email)
                visitor.open()
                visitor.ask_for(email)
                visitor.sees("sent")
                expect(visitor.page.locator("input[type=email]").first).to_have_value(email)
                mail = visitor.stack.inbox.reset_mail(email)
                self.has_clean_headers(mail, email)
                visitor.open(mail.link)
                expect(visitor.field("email")).to_have_value(email)

    def test_what_is_no_address_is_text_in_the_form_that_comes_back(self):
        for mode, script in MODES.items():
            with self.subTest(mode), self.visitor(script=script) as visitor:
                visitor.open()
                # The browser would not send it.
                visitor.page.evaluate("document.forms[0].noValidate = true")
                visitor.ask_for(f'"><b>{HOSTILE}')
                visitor.sees_error_at("email")
                expect(visitor.field("email")).to_have_value(f'"><b>{HOSTILE}')
                self.has_no_injection(visitor.page)

    def test_lines_in_an_address_make_no_header(self):
        body = urlencode({"email": f"somebody@example.com{CRLF}"}).encode()
        url = f"{self.world.stack.api}/auth/forgot-password"
        status, headers, _ = http_client.send(url, body, FORM)
        self.assertEqual(status // 100, 4)
        self.assertNotIn("bcc", headers)

    def test_a_user_agent_is_text(self):
        with self.visitor(user_agent=HOSTILE) as visitor:
            email = self.user()
            mail = visitor.ask_and_get_mail(email)
            self.has_no_injection(visitor.page)
            self.has_clean_headers(mail, email)
            visitor.read(mail)
            self.has_no_injection(visitor.page)
            visitor.open(mail.link)
            visitor.choose(STRONG)
            visitor.sees("done")
            visitor.read(visitor.stack.inbox.newest_to(email, count=2))
            self.has_no_injection(visitor.page)

    def test_the_name_of_an_app_is_text(self):
        stack = self.world.hostile_stack
        for mode, script in MODES.items():
            with self.subTest(mode), self.visitor(stack, script=script) as visitor:
                email = self.user(stack)
                visitor.open()
                self.assertIn(HOSTILE, visitor.page.title())
                self.sees_text(visitor.page, HOSTILE)
                visitor.ask_for(email)
                visitor.sees("sent")
                self.sees_text(visitor.page, HOSTILE)
                mail = stack.inbox.reset_mail(email)
                self.has_clean_headers(mail, email)
                self.assertIn(HOSTILE, mail.text)
                for path in (mail.cancel_link, mail.link):
                    visitor.open(path)
                    self.sees_text(visitor.page, HOSTILE)
                visitor.choose(STRONG)
                visitor.sees("done")
                self.sees_text(visitor.page, HOSTILE)
                visitor.read(mail)
                self.sees_text(visitor.page, HOSTILE)
