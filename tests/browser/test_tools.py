"""What the other tests rely on notices what it should notice."""

import accessibility

from case import DOES_NOT_FIT, MODES, BrowserCase
from visitor import NARROW, Visitor

FAULTY = """<!doctype html><html lang="en"><title>Faulty</title><main><h1>Faulty</h1>
<p style="color: #bbb">grey on white</p><p style="width: 400px">wide</p><input></main>"""
FAULTY_DARK = """<!doctype html><html lang="en"><title>Faulty</title>
<style>@media (prefers-color-scheme: dark) { body { background: #000 } }</style>
<main><h1 style="color: #333">Grey on black</h1></main>"""


class Tools(BrowserCase):
    def test_faults_of_a_page_are_found(self):
        for mode, script in MODES.items():
            with self.subTest(mode), self.visitor(script=script, width=NARROW) as visitor:
                visitor.page.set_content(FAULTY)
                found = "\n".join(accessibility.problems(visitor.page, script))
                self.assertIn("serious color-contrast", found)
                self.assertIn("critical label", found)
                self.assertIsNotNone(visitor.page.evaluate(DOES_NOT_FIT))

    def test_what_cannot_be_read_in_the_dark_is_found(self):
        with self.visitor() as visitor:
            visitor.page.set_content(FAULTY_DARK)
            self.assertEqual(accessibility.problems(visitor.page, True), [])
            visitor.page.emulate_media(color_scheme="dark")
            (found,) = accessibility.problems(visitor.page, True, accessibility.COLOURS)
            self.assertIn("serious color-contrast", found)

    def test_what_a_page_should_not_do_is_recorded(self):
        visitor = Visitor(self.world.browser, self.world.stack)
        try:
            visitor.open()
            # The policy of the page forbids the picture, so nothing is asked for elsewhere.
            visitor.page.evaluate(
                """async () => {
                    const refused = new Promise((done) => {
                        document.addEventListener("securitypolicyviolation", done);
                    });
                    document.body.append(
                        Object.assign(new Image(), { src: "https://elsewhere.example/x.png" })
                    );
                    await refused;
                    console.error("broken");
                    alert(1);
                }"""
            )
            recorded = "\n".join(visitor.watcher.troubles)
        finally:
            visitor.context.close()
        for trouble in ("policy: img-src", "console: broken", "dialog: 1"):
            self.assertIn(trouble, recorded)
