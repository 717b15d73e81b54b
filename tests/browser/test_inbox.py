"""The inbox page of the local stack, which shows what anybody may have caused to be sent."""

import json

import http_client
import screens
from playwright.sync_api import expect

from case import BrowserCase
from world import HOSTILE

# The watcher and Playwright put a script into every frame, and no frame of the inbox runs one.
BLOCKED = "Blocked script execution in 'about:srcdoc'"
# The address of a picture that a mail may not load, as the policy of the page says.
NO_PICTURE = ("policy: img-src", "Loading the image")


class InboxPage(BrowserCase):
    def open_inbox(self, visitor) -> None:
        url = visitor.stack.endpoints["ses"]
        visitor.watcher.allowed += (url,)
        visitor.watcher.expected.append(BLOCKED)
        visitor.open(url)

    def test_it_shows_the_mail_as_it_looks_and_its_parts(self):
        email = self.user(name=HOSTILE)
        with self.visitor() as visitor:
            mail = visitor.ask_and_get_mail(email)
            self.open_inbox(visitor)
            entry = visitor.page.locator("details").filter(has_text=email)
            expect(entry).to_have_attribute("open", "")
            for text in (mail.subject, mail.entry["messageId"], mail.entry["from"]):
                expect(entry).to_contain_text(text)
            expect(entry.locator("pre")).to_contain_text(mail.code)
            sandbox = entry.locator("iframe").get_attribute("sandbox")
            self.assertNotRegex(sandbox, "allow-(scripts|same-origin|forms)")
            inside = entry.frame_locator("iframe").locator("body")
            expect(inside).to_contain_text(mail.code)
            expect(inside).to_contain_text(HOSTILE)
            expect(inside.locator("[onerror]")).to_have_count(0)
            screens.take(visitor.page, "inbox", whole=False)

    def test_a_mail_cannot_run_a_script(self):
        # Not the inbox of the other tests, who would see that something is blocked.
        stack = self.world.hostile_stack
        self.send(stack, "<script>alert(1)</script><img src=x onerror=alert(1)><p>hostile</p>")
        with self.visitor(stack) as visitor:
            visitor.watcher.expected += NO_PICTURE
            self.open_inbox(visitor)
            entry = visitor.page.locator("details").first
            expect(entry).to_contain_text(HOSTILE)
            expect(entry.frame_locator("iframe").locator("p")).to_have_text("hostile")
            expect(visitor.page.locator("[onerror]")).to_have_count(0)

    def send(self, stack, html: str) -> None:
        """Sends a mail as the SDK does; the service itself would send no such one."""
        content = {"Subject": {"Data": HOSTILE}, "Body": {"Html": {"Data": html}}}
        mail = {
            "FromEmailAddress": "no-reply@example.com",
            "Destination": {"ToAddresses": ["hostile@example.com"]},
            "Content": {"Simple": content},
        }
        url = f"{stack.endpoints['ses']}/v2/email/outbound-emails"
        headers = {"content-type": "application/json"}
        status, _, _ = http_client.send(url, json.dumps(mail).encode(), headers)
        self.assertEqual(status, 200)
