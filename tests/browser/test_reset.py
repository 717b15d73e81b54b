"""Page 2, and what it turns into."""

from playwright.sync_api import expect

from case import MODES, STRONG, WEAK, BrowserCase
from visitor import LANGUAGES, LOGIN


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
                visitor.choose(WEAK)
                visitor.sees_error_at("password")
                visitor.sees("reset")
                for field in ("password", "confirm"):
                    # No answer repeats a password; a script need not lose it.
                    expect(visitor.field(field)).to_have_value(WEAK if script else "")
                expect(visitor.field("email")).to_have_value(email)
                visitor.choose(STRONG)
                visitor.sees("done")
                expect(visitor.status).to_have_text("Password changed successfully.")
                link = visitor.page.locator("main a")
                expect(link).to_have_attribute("href", LOGIN)

    def test_a_difference_is_said_before_anything_is_sent_and_goes_away(self):
        with self.visitor() as visitor:
            visitor.open(visitor.ask_and_get_mail(self.user()).link)
            posts = []
            visitor.page.on("request", lambda it: it.method == "POST" and posts.append(it.url))
            confirm = visitor.field("confirm")
            error = visitor.page.locator("#confirm-error")
            visitor.field("password").fill(STRONG)
            confirm.press_sequentially(STRONG[:5])
            expect(error).to_be_empty()
            confirm.press_sequentially("X")
            expect(error).to_have_text("The two passwords are not the same.")
            confirm.press("Backspace")
            confirm.press("Enter")
            visitor.sees_error_at("confirm")
            self.assertEqual(posts, [])
            confirm.press_sequentially(STRONG[5:])
            expect(error).to_be_empty()
            expect(confirm).to_have_attribute("aria-invalid", "false")
            # The other one is fixed as well as this one.
            visitor.field("password").fill(STRONG + "!")
            visitor.field("password").blur()
            expect(error).not_to_be_empty()
            visitor.field("password").fill(STRONG)
            expect(error).to_be_empty()
            confirm.press("Enter")
            visitor.sees("done")

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

    def test_each_rule_ticks_itself_and_never_against_the_server(self):
        """What is not ticked the server refuses, and what it accepts is ticked."""
        with self.visitor() as visitor:
            email = self.user(name="Ann Lanternfish")
            visitor.open(visitor.ask_and_get_mail(email).link)
            local = email.partition("@")[0]
            met = visitor.page.locator("#rules .met")
            rules = {"length", "personal", "runs"}
            for password, broken in {
                "": rules,
                "xK9#q2!": {"length"},
                "\U0001f980" * 7: {"length", "runs"},
                "aaaaaaaaaaaa": {"runs"},
                "1234abcd": {"runs"},
                "98765432100": {"runs"},
                local + "12": {"personal"},
                email.upper(): {"personal"},
                "Example!1": {"personal"},
                "Lanternfish": set(),
                "password1": set(),
                STRONG: set(),
            }.items():
                with self.subTest(password):
                    visitor.field("password").fill(password)
                    ticked = set(met.evaluate_all("(all) => all.map((it) => it.dataset.rule)"))
                    self.assertEqual(ticked, rules - broken)
                    expect(met.locator(".hidden")).to_have_text([" (done)"] * len(ticked))
                    if not password or password == STRONG:
                        continue
                    visitor.choose(password)
                    visitor.sees_error_at("password")
            visitor.choose(STRONG)
            visitor.sees("done")

    def test_caps_lock_is_said(self):
        with self.visitor() as visitor:
            visitor.open(visitor.ask_and_get_mail(self.user()).link)
            field, hint = visitor.field("password"), visitor.page.locator("[data-caps]")
            for on, said in ((True, "Caps Lock is on."), (False, "")):
                # No keyboard of a browser's own has the key.
                field.evaluate(
                    """(field, on) => {
                        const options = { key: "a", modifierCapsLock: on, bubbles: true };
                        field.dispatchEvent(new KeyboardEvent("keydown", options));
                    }""",
                    on,
                )
                expect(hint).to_have_text(said)

    def test_the_button_is_above_the_fold_of_a_phone_in_every_language(self):
        with self.visitor() as visitor:
            link = visitor.ask_and_get_mail(self.user()).link
        for language in LANGUAGES:
            with self.subTest(language), self.visitor(language=language) as visitor:
                visitor.page.set_viewport_size({"width": 360, "height": 740})
                visitor.open(link)
                box = visitor.page.locator("main button[type=submit]").bounding_box()
                self.assertLessEqual(box["y"] + box["height"], 740)

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
