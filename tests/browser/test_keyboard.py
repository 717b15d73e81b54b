"""Nobody needs a mouse, or likes to be moved."""

from case import MODES, STRONG, BrowserCase

FOCUS = """() => {
    const style = getComputedStyle(document.activeElement);
    const outline = style.outlineStyle !== "none" && style.outlineWidth !== "0px";
    return [document.activeElement.name || "", outline || style.boxShadow !== "none"];
}"""


class Keyboard(BrowserCase):
    def test_five_steps_finish_a_reset(self):
        for mode, script in MODES.items():
            with self.subTest(mode), self.visitor(script=script) as visitor:
                email = self.user()
                visitor.open()
                keyboard = visitor.page.keyboard
                # 1. Type the address, where one is already, and press Enter.
                self.type_into(visitor, "email", email, most_stops=0)
                keyboard.press("Enter")
                visitor.sees("sent")
                # 2. Open the link of the mail: the first thing in it that can be opened.
                visitor.read(visitor.stack.inbox.reset_mail(email))
                keyboard.press("Tab")
                link = visitor.page.evaluate("document.activeElement.href")
                visitor.open(link)
                visitor.sees("reset")
                # 3. Type a password, where one is already.
                self.type_into(visitor, "password", STRONG, most_stops=0)
                # 4. Go to the next field and type it again; the button on the way shows it.
                self.type_into(visitor, "confirm", STRONG, most_stops=2)
                # 5. Press Enter.
                keyboard.press("Enter")
                visitor.sees("done")

    def type_into(self, visitor, name: str, text: str, most_stops: int) -> None:
        """Tabs to a field, with the focus in sight at every stop."""
        for stop in range(most_stops + 1):
            if stop:
                visitor.page.keyboard.press("Tab")
            reached, visible = visitor.page.evaluate(FOCUS)
            self.assertTrue(visible, f"the focus cannot be seen on the way to {name}")
            if reached == name:
                visitor.page.keyboard.type(text)
                return
        self.fail(f"{name} is not reached in {most_stops} stops")

    def test_nothing_moves_for_whoever_dislikes_it(self):
        with self.visitor() as visitor:
            link = visitor.ask_and_get_mail(self.user()).link
            for path in ("/auth/forgot-password", link):
                visitor.open(path)
                visitor.page.keyboard.press("Tab")
                visitor.page.locator("main button[type=submit]").hover()
                moving = "document.getAnimations().map((it) => it.effect.target.outerHTML)"
                self.assertEqual(visitor.page.evaluate(moving), [])
