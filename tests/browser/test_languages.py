"""The browser's language is the pages'."""

from playwright.sync_api import expect

from case import BrowserCase
from visitor import LANGUAGES

ENGLISH = "Send Password Reset Link"


class Languages(BrowserCase):
    def test_every_language_has_both_pages(self):
        with self.visitor() as visitor:
            link = visitor.ask_and_get_mail(self.user()).link
        for language in LANGUAGES:
            direction = "rtl" if language == "ar" else "ltr"
            with self.subTest(language), self.visitor(language=language) as visitor:
                said = set()
                for path in ("/auth/forgot-password", link):
                    visitor.open(path)
                    root = visitor.page.locator("html")
                    expect(root).to_have_attribute("lang", language)
                    expect(root).to_have_attribute("dir", direction)
                    said.add(visitor.page.locator("main button[type=submit]").inner_text())
                self.assertEqual(ENGLISH in said, language == "en", said)

    def test_a_region_is_no_language_and_an_unknown_one_is_english(self):
        for asked, language in {"de-AT": "de", "pt-BR": "pt", "ar-EG": "ar", "sw": "en"}.items():
            with self.subTest(asked), self.visitor(language=asked) as visitor:
                visitor.open()
                expect(visitor.page.locator("html")).to_have_attribute("lang", language)
