"""Nobody needs a mouse, or likes to be moved."""

from case import STRONG, BrowserCase

MOST_STOPS = 15
FOCUS = """() => {
    const style = getComputedStyle(document.activeElement);
    const outline = style.outlineStyle !== "none" && style.outlineWidth !== "0px";
    return [document.activeElement.name || "", outline || style.boxShadow !== "none"];
}"""


class Keyboard(BrowserCase):
    def test_the_whole_way_by_keyboard(self):
        with self.visitor() as visitor:
            email = self.user()
            visitor.open()
            self.type_into(visitor, "email", email)
            visitor.page.keyboard.press("Enter")
            visitor.sees("sent")
            visitor.open(visitor.stack.inbox.reset_mail(email).link)
            self.type_into(visitor, "password", STRONG)
            self.type_into(visitor, "confirm", STRONG)
            visitor.page.keyboard.press("Enter")
            visitor.sees("done")

    def type_into(self, visitor, name: str, text: str) -> None:
        """Tabs to a field, with the focus in sight at every stop."""
        for _ in range(MOST_STOPS):
            visitor.page.keyboard.press("Tab")
            reached, visible = visitor.page.evaluate(FOCUS)
            self.assertTrue(visible, f"the focus cannot be seen on the way to {name}")
            if reached == name:
                visitor.page.keyboard.type(text)
                return
        self.fail(f"{name} is not reached in {MOST_STOPS} stops")

    def test_nothing_moves_for_whoever_dislikes_it(self):
        with self.visitor() as visitor:
            link = visitor.ask_and_get_mail(self.user()).link
            for path in ("/auth/forgot-password", link):
                visitor.open(path)
                visitor.page.keyboard.press("Tab")
                visitor.page.locator("main button[type=submit]").hover()
                moving = "document.getAnimations().map((it) => it.effect.target.outerHTML)"
                self.assertEqual(visitor.page.evaluate(moving), [])
