"""What people see when it is not their fault."""

import re

import http_client
from playwright.sync_api import expect

from case import FORM, MODES, STRONG, BrowserCase, within_a_window
from world import FEW, WAIT


class Failures(BrowserCase):
    def test_a_lost_connection_is_said_and_can_be_tried_again(self):
        with self.visitor() as visitor:
            visitor.watcher.expected.append("Failed to load resource: net::ERR_FAILED")
            email = self.user()
            visitor.open()
            self.fail_posts(visitor, lambda route: route.abort())
            visitor.ask_for(email)
            self.sees_failure(visitor, "request")
            self.look(visitor, "en-request-unreachable")
            visitor.page.unroute_all()
            visitor.ask_for(email)
            visitor.sees("sent")
            visitor.open(visitor.stack.inbox.reset_mail(email).link)
            self.fail_posts(visitor, lambda route: route.abort())
            visitor.choose(STRONG)
            self.sees_failure(visitor, "reset")
            self.look(visitor, "en-reset-unreachable")
            visitor.page.unroute_all()
            visitor.choose(STRONG)
            visitor.sees("done")

    def test_being_offline_is_said_and_goes_away(self):
        with self.visitor() as visitor:
            visitor.watcher.expected.append("Failed to load resource: net::ERR_INTERNET_DISCONNECTED")
            visitor.open()
            visitor.context.set_offline(True)
            expect(visitor.alert).to_have_text(re.compile("^You are offline"))
            visitor.ask_for(self.user())
            self.sees_failure(visitor, "request")
            expect(visitor.alert).to_have_text(re.compile("^You are offline"))
            visitor.context.set_offline(False)
            expect(visitor.alert).to_have_count(0)

    def test_a_server_that_does_not_answer_is_said(self):
        with self.visitor() as visitor:
            visitor.watcher.expected.append("Failed to load resource: net::ERR_")
            visitor.page.clock.install()
            visitor.open()
            held = []
            self.fail_posts(visitor, held.append)
            visitor.ask_for(self.user())
            form, button = visitor.page.locator("main form"), visitor.page.locator("main .pending")
            expect(form).to_have_attribute("aria-busy", "true")
            expect(button).to_be_disabled()
            visitor.page.clock.run_for(40_000)
            self.sees_failure(visitor, "request")
            expect(visitor.alert).to_have_text(re.compile("takes too long"))
            expect(form).to_have_attribute("aria-busy", "false")
            expect(button).to_have_count(0)
            held.pop().abort()
            visitor.page.unroute_all()
            visitor.ask_for(self.user())
            visitor.sees("sent")

    def test_an_answer_that_is_no_page_is_a_failure(self):
        with self.visitor() as visitor:
            visitor.watcher.expected.append("Failed to load resource: the server responded")
            visitor.open()
            for status, said in {503: "^Something went wrong", 429: "^Too many requests"}.items():
                self.fail_posts(
                    visitor,
                    lambda route, status=status: route.fulfill(
                        status=status, content_type="application/json", body='{"message":null}'
                    ),
                )
                visitor.ask_for(self.user())
                expect(visitor.alert.first).to_have_text(re.compile(said))
                self.sees_failure(visitor, "request")

    def fail_posts(self, visitor, failure) -> None:
        def on_request(route) -> None:
            failure(route) if route.request.method == "POST" else route.continue_()

        visitor.page.route("**/auth/**", on_request)

    def sees_failure(self, visitor, state: str) -> None:
        """The reason is in sight, and the form is as it was and can be sent again."""
        expect(visitor.alert.first).to_be_visible()
        visitor.sees(state)
        expect(visitor.page.locator("main button[type=submit]")).to_be_enabled()

    def test_too_many_requests_are_said(self):
        for mode, script in MODES.items():
            with self.subTest(mode):
                within_a_window(self.ask_too_often, script)

    def ask_too_often(self, script: bool) -> None:
        stack = self.world.hostile_stack
        # Nobody else's, so that nobody else is limited.
        source = {"X-Local-Source-Ip": "192.0.2.7"}
        url = f"{stack.api}/auth/forgot-password"
        for _ in range(FEW):
            http_client.send(url, b"email=nobody%40example.com", FORM | source)
        with self.visitor(stack, script=script, extra_http_headers=source) as visitor:
            visitor.open()
            visitor.ask_for("somebody@example.com")
            expect(visitor.alert.first).to_have_text(re.compile(f"again in {WAIT}[.]$"))
            visitor.sees("request")
            self.look(visitor, "en-limited" if script else "en-noscript-limited")

    def test_an_outage_is_said(self):
        stack = self.world.broken_stack
        for mode, script in MODES.items():
            with self.subTest(mode), self.visitor(stack, script=script) as visitor:
                visitor.watcher.expected.append(
                    "Failed to load resource: the server responded with a status of 5"
                )
                visitor.open()
                visitor.ask_for("somebody@example.com")
                expect(visitor.alert.first).to_be_visible()
                self.look(visitor, "en-outage" if script else "en-noscript-outage")
                # There is a way to try again.
                again = "main button[type=submit]:enabled, main a[href*='/auth/forgot-password']"
                expect(visitor.page.locator(again).first).to_be_visible()
