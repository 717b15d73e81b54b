"""The reset mail as a mail program shows it."""

from playwright.sync_api import expect

from case import BrowserCase


class MailTest(BrowserCase):
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
