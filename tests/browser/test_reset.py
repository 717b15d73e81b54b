"""Page 2, and what it turns into."""

from playwright.sync_api import expect

from case import MODES, STRONG, WEAK, BrowserCase
from visitor import LOGIN


class Reset(BrowserCase):
    def test_it_says_what_the_contract_says(self):
        with self.visitor() as visitor:
            email = self.user()
            visitor.open(visitor.ask_and_get_mail(email).link)
            visitor.sees("reset")
            page = visitor.page
            shown = page.get_by_label("Email Address", exact=True)
            expect(shown).to_have_value(email)
            expect(shown).to_have_attribute("readonly", "")
            expect(shown).to_have_attribute("autocomplete", "username")
            for label in ("New Password", "Confirm Password"):
                field = page.get_by_label(label, exact=True)
                expect(field).to_have_attribute("type", "password")
                expect(field).to_have_attribute("autocomplete", "new-password")
            rules = visitor.field("password").get_attribute("passwordrules")
            self.assertIn("minlength", rules)
            expect(page.get_by_role("button", name="Reset Password")).to_be_enabled()
            # The rules are said before anybody breaks them.
            expect(page.locator("main")).to_contain_text("8")

    def test_a_mistake_leaves_the_link_alive(self):
        for mode, script in MODES.items():
            with self.subTest(mode), self.visitor(script=script) as visitor:
                email = self.user()
                visitor.open(visitor.ask_and_get_mail(email).link)
                visitor.choose(STRONG, "something else 42 entirely")
                visitor.sees_error_at("confirm")
                for field in ("password", "confirm"):
                    expect(visitor.field(field)).to_have_value("")
                visitor.choose(WEAK)
                visitor.sees_error_at("password")
                visitor.sees("reset")
                expect(visitor.field("email")).to_have_value(email)
                visitor.choose(STRONG)
                visitor.sees("done")
                expect(visitor.status).to_have_text("Password changed successfully.")
                link = visitor.page.locator("main a")
                expect(link).to_have_attribute("href", LOGIN)

    def test_the_password_can_be_shown(self):
        with self.visitor() as visitor:
            visitor.open(visitor.ask_and_get_mail(self.user()).link)
            fields = [visitor.field("password"), visitor.field("confirm")]
            visitor.page.get_by_role("button", name="Show password").click()
            for field in fields:
                expect(field).to_have_attribute("type", "text")
            visitor.page.get_by_role("button", name="Hide password").click()
            for field in fields:
                expect(field).to_have_attribute("type", "password")

    def test_nothing_is_offered_that_needs_a_script(self):
        with self.visitor(script=False) as visitor:
            visitor.open(visitor.ask_and_get_mail(self.user()).link)
            expect(visitor.page.get_by_role("button")).to_have_count(1)

    def test_the_strength_is_said_while_typing(self):
        with self.visitor() as visitor:
            visitor.open(visitor.ask_and_get_mail(self.user()).link)
            hints = []
            for password in ("aaaaaaaa", STRONG):
                visitor.field("password").fill(password)
                expect(visitor.status).not_to_be_empty()
                hints.append(visitor.status.inner_text())
            self.assertNotEqual(hints[0], hints[1])

    def test_a_dead_link_leads_on(self):
        for mode, script in MODES.items():
            with self.subTest(mode), self.visitor(script=script) as visitor:
                visitor.open("/auth/forgot-password/nonsense")
                visitor.sees("problem")
                visitor.page.get_by_role("link", name="Send a new link").click()
                visitor.sees("request")

    def test_a_link_that_dies_on_the_page_says_so(self):
        for mode, script in MODES.items():
            with self.subTest(mode), self.visitor(script=script) as visitor:
                link = visitor.ask_and_get_mail(self.user()).link
                visitor.open(link)
                other = visitor.context.new_page()
                visitor.page, first = other, visitor.page
                visitor.open(link)
                visitor.choose(STRONG)
                visitor.sees("done")
                visitor.page = first
                visitor.choose(STRONG + "!")
                visitor.sees("used")
