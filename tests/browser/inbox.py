"""The mails that the stack has sent."""

import json
import re
import time

import http_client

SECONDS = 60
LINK = re.compile(r"https?://\S+/auth/forgot-password/[\w-]+")
CANCEL = re.compile(r"https?://\S+/auth/cancel-reset/[\w-]+(?:\?\S+)?")
CODE = re.compile(r"^\W*([0-9A-Z]{4}-[0-9A-Z]{4})\W*$", re.MULTILINE)


class Mail:
    def __init__(self, entry: dict):
        self.entry = entry
        self.subject = entry["subject"]
        self.html = entry["body"]["html"]
        self.text = entry["body"]["text"]

    @property
    def link(self) -> str:
        return LINK.search(self.text)[0]

    @property
    def cancel_link(self) -> str:
        return CANCEL.search(self.text)[0]

    @property
    def code(self) -> str:
        return CODE.search(self.text)[1]


class Inbox:
    def __init__(self, url: str):
        self.url = url

    def mails_to(self, email: str) -> list[Mail]:
        _, _, body = http_client.send(f"{self.url}/store")
        mails = json.loads(body)["emails"]
        return [Mail(mail) for mail in mails if email in mail["destination"]["to"]]

    def clear(self) -> None:
        http_client.send(f"{self.url}/clear-store", b"")

    def newest_to(self, email: str, count: int = 1) -> Mail:
        """The newest mail to an address, as soon as it has had `count` of them."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if len(mails := self.mails_to(email)) >= count:
                return mails[-1]
            # The endpoint cannot be waited on, only asked.
            time.sleep(0.05)
        raise AssertionError(f"mail {count} to {email} did not arrive in {SECONDS} s")

    def reset_mail(self, email: str, count: int = 1) -> Mail:
        """The newest mail with a link; the notice of a change has none."""
        mail = self.newest_to(email, count)
        if not LINK.search(mail.text):
            raise AssertionError(f"this is no reset mail: {mail.subject}")
        return mail
