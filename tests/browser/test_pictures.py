"""The pictures of the documents, sharp enough for a screen with small pixels."""

import screens

from case import BrowserCase


class Pictures(BrowserCase):
    def test_the_documents_have_their_pictures(self):
        # The address in the pictures; nobody else asks for mail to it from a page.
        email = self.world.stack.users.add("ann@example.com", name="Ann")
        with self.visitor(device_scale_factor=2) as visitor:
            page = visitor.page
            visitor.open()
            screens.take(page, "request", whole=False)
            visitor.ask_for(email)
            visitor.sees("sent")
            mail = visitor.stack.inbox.reset_mail(email)
            visitor.open(mail.link)
            page.emulate_media(color_scheme="dark")
            screens.take(page, "reset-dark")
            page.emulate_media(color_scheme="light")
            visitor.read(mail)
            screens.take(page, "mail")
