"""The code of the mail, for a person who reads it on another device."""

from playwright.sync_api import expect

from case import MODES, STRONG, BrowserCase


class Code(BrowserCase):
    def test_it_leads_to_page_2(self):
        for mode, script in MODES.items():
            with self.subTest(mode), self.visitor(script=script) as visitor:
                email = self.user()
                mail = visitor.ask_and_get_mail(email)
                visitor.enter_code(mail.code)
                self.finish(visitor, email)

    def test_it_can_be_entered_later(self):
        for mode, script in MODES.items():
            with self.subTest(mode), self.visitor(script=script) as visitor:
                email = self.user()
                mail = visitor.ask_and_get_mail(email)
                visitor.open("/auth/reset-code")
                visitor.sees("code")
                expect(visitor.page.get_by_label("Email Address", exact=True)).to_be_editable()
                code = visitor.page.get_by_label("Code", exact=True)
                expect(code).to_have_attribute("autocomplete", "one-time-code")
                # As people type it.
                visitor.enter_code(mail.code.replace("-", " ").lower(), email)
                self.finish(visitor, email)

    def test_a_wrong_one_can_be_corrected(self):
        for mode, script in MODES.items():
            with self.subTest(mode), self.visitor(script=script) as visitor:
                email = self.user()
                mail = visitor.ask_and_get_mail(email)
                visitor.enter_code("AAAA-AAAA")
                expect(visitor.alert.first).to_be_visible()
                visitor.enter_code(mail.code)
                self.finish(visitor, email)

    def finish(self, visitor, email: str) -> None:
        visitor.sees("reset")
        expect(visitor.field("email")).to_have_value(email)
        # A mistake does not lose the code.
        visitor.choose(STRONG, STRONG + "?")
        visitor.sees_error_at("confirm")
        visitor.choose(STRONG)
        visitor.sees("done")
