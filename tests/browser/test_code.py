"""The code of the mail, for a person who reads it on another device."""

import re

from playwright.sync_api import expect

from case import MODES, STRONG, BrowserCase

# As a browser reports a paste, which needs a clipboard that tests may not have.
PASTE = """(field, text) => {
    field.value = text;
    field.setSelectionRange(text.length, text.length);
    field.dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste", bubbles: true }));
}"""
# As a browser reports what it or a password manager has filled in.
FILL = """(field, text) => {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
}"""
# Counts what is sent, and lets nothing of it be answered.
UNANSWERED = """() => {
    window.posts = 0;
    window.fetch = () => new Promise(() => { window.posts += 1; });
}"""
FULL_WIDTH = {ascii: ascii + 0xFEE0 for ascii in range(ord("!"), ord("~") + 1)}
ARABIC = {ord("0") + digit: chr(0x660 + digit) for digit in range(10)}


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
                expect(visitor.alert.first).to_have_text(re.compile("^This code is not right"))
                visitor.enter_code(mail.code)
                self.finish(visitor, email)

    def test_the_dash_comes_by_itself(self):
        with self.visitor() as visitor:
            visitor.open("/auth/reset-code")
            code = visitor.field("code")
            for typed, shown in {
                "7k3m": "7K3M-",
                "7k3m-": "7K3M-",
                "7k3mx": "7K3M-X",
                "7k3m x9qt": "7K3M-X9QT",
            }.items():
                code.clear()
                code.press_sequentially(typed)
                expect(code).to_have_value(shown)
            for left in ("7K3M-X9Q", "7K3M-X9", "7K3M-X", "7K3M-", "7K3M", "7K3"):
                code.press("Backspace")
                expect(code).to_have_value(left)
            visitor.sees("code")

    def test_a_paste_or_a_program_sends_it_and_typing_does_not(self):
        for how, enter in {
            "a paste": lambda code, mail: code.evaluate(PASTE, mail.code),
            "a sentence": lambda code, mail: code.evaluate(PASTE, f"It is {mail.code.lower()}."),
            "an en dash": lambda code, mail: code.evaluate(PASTE, mail.code.replace("-", "\u2013")),
            "full width": lambda code, mail: code.evaluate(PASTE, mail.code.translate(FULL_WIDTH)),
            "Arabic digits": lambda code, mail: code.evaluate(PASTE, mail.code.translate(ARABIC)),
            "a link": lambda code, mail: code.evaluate(PASTE, mail.link),
            "a program": lambda code, mail: code.evaluate(FILL, mail.code),
        }.items():
            with self.subTest(how), self.visitor() as visitor:
                email = self.user()
                mail = visitor.ask_and_get_mail(email)
                code = visitor.field("code")
                code.press_sequentially("AAAAAAAA")
                visitor.sees("sent")
                code.clear()
                enter(code, mail)
                self.finish(visitor, email)

    def test_a_form_that_is_under_way_is_not_sent_again(self):
        with self.visitor() as visitor:
            visitor.open("/auth/reset-code")
            visitor.field("email").fill(self.user())
            visitor.page.evaluate(UNANSWERED)
            for _ in range(3):
                visitor.field("code").evaluate(PASTE, "AAAA-AAAA")
            self.assertEqual(visitor.page.evaluate("posts"), 1)

    def test_what_a_keyboard_composes_is_left_alone_until_it_is_done(self):
        with self.visitor() as visitor:
            visitor.open("/auth/reset-code")
            code = visitor.field("code")
            code.focus()
            keyboard = visitor.context.new_cdp_session(visitor.page)
            for end in range(1, 9):
                text = "7k3mx9qt"[:end]
                composed = {"text": text, "selectionStart": end, "selectionEnd": end}
                keyboard.send("Input.imeSetComposition", composed)
                expect(code).to_have_value(text)
            keyboard.send("Input.insertText", {"text": text})
            expect(code).to_have_value("7K3M-X9QT")
            # It is typing all the same.
            visitor.sees("code")
            expect(visitor.alert).to_have_count(0)

    def finish(self, visitor, email: str) -> None:
        visitor.sees("reset")
        expect(visitor.field("email")).to_have_value(email)
        # A mistake does not lose the code.
        visitor.choose(STRONG, STRONG + "?")
        visitor.sees_error_at("confirm")
        visitor.choose(STRONG)
        visitor.sees("done")
