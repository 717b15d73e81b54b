"""The reset mail as a mail program shows it."""

import accessibility
import screens
from playwright.sync_api import expect

from case import BrowserCase
from visitor import NARROW


class MailTest(BrowserCase):
    def test_it_looks_right_light_and_dark(self):
        for language, width in (("en", 640), ("ar", NARROW), ("de", NARROW)):
            with self.subTest(language), self.visitor(language=language, width=width) as visitor:
                email = self.user(name="Ann", locale=language)
                mail = visitor.ask_and_get_mail(email)
                visitor.read(mail)
                expect(visitor.page.locator("html")).to_have_attribute("lang", language)
                for scheme in ("light", "dark"):
                    visitor.page.emulate_media(color_scheme=scheme)
                    screens.take(visitor.page, f"mail-{language}-{scheme}")
                    problems = accessibility.problems(visitor.page, script=True)
                    with self.subTest(scheme=scheme):
                        self.assertEqual(problems, [], "\n".join(problems))
                self._fits(visitor, f"mail {language}")

    def test_the_button_and_the_link_lead_to_the_same_place(self):
        with self.visitor() as visitor:
            mail = visitor.ask_and_get_mail(self.user())
            visitor.read(mail)
            links = visitor.page.locator("a[href*='/auth/forgot-password/']")
            hrefs = links.evaluate_all("(all) => all.map((it) => it.getAttribute('href'))")
            self.assertEqual(hrefs, [mail.link, mail.link])
            texts = links.all_inner_texts()
            self.assertIn(mail.link, texts)
            cancel = visitor.page.locator("a[href*='/auth/cancel-reset/']")
            expect(cancel).to_have_attribute("href", mail.cancel_link)
