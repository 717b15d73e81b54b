"""The commands against the local stack: its real functions, table and mails."""

import copy
import json
import os
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

import address
import check_users
import doctor
import kill_tokens
import redrive
import send_reset
import why
from answers import SESSION, Answered
from aws import PATIENCE, ROOT, Deployment, settings
from botocore.exceptions import ClientError
from http_client import send
from stack import Stack
from test_redrive import body, dead_letter, listed

EVENT = json.loads((ROOT / "infra" / "events" / "mail-worker.json").read_text())
SECONDS = 60


class Local(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stack = Stack()
        cls.addClassCleanup(cls.stack.stop)
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = cls.stack.endpoints["dynamodb"]
        cls.deployment = Deployment("local", SESSION)
        cls.deployment.__dict__ |= {
            "tokens_table": "TokensTable",
            "outputs": {"ApiUrl": cls.stack.api},
            "parameters": {},
        }

    def mailed(self, email: str):
        """A reset that support asked for, as soon as its mail is there."""
        self.stack.users.add(email)
        (line,) = send_reset.send(self.deployment, "main", email)
        self.assertIn("asked for", line.text)
        return self.stack.inbox.reset_mail(email)

    def status(self, link: str) -> int:
        body = json.dumps({"token": link.rpartition("/")[2]}).encode()
        headers = {"content-type": "application/json"}
        return send(f"{self.stack.api}/v1/verify-token", body, headers)[0]

    def explained(self, email: str, word: str) -> str:
        """What is said of an address, as soon as it is said with this word."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            text = self.known(f" {email.upper()} ")
            if word in text:
                return text
        raise AssertionError(text)

    def known(self, email: str) -> str:
        """What the table knows. SES's list of suppressed addresses and the log have no stand-in."""
        return "\n".join(map(str, why.of_app(self.deployment, "main", email)))

    def killed(self, lines) -> int:
        return next(iter(lines)).facts["killed"]

    def test_what_became_of_a_mail_is_said_without_its_secrets(self):
        mail = self.mailed("sent@example.com")
        text = self.explained("sent@example.com", " sent: ")
        self.assertIn("last asked for at", text)
        for secret in (mail.link.rpartition("/")[2], mail.code, "argon2", "links"):
            self.assertNotIn(secret, text)

    def test_an_address_that_nobody_asked_for_is_told_from_one_without_an_account(self):
        self.assertIn("nobody has asked", self.known("never@example.com"))
        list(send_reset.send(self.deployment, "main", "nobody@example.com"))
        self.explained("nobody@example.com", "(unknown-address)")

    def test_killing_an_address_kills_its_links(self):
        email = "killed@example.com"
        mail = self.mailed(email)
        self.explained(email, " sent: ")
        self.assertEqual(self.status(mail.link), 200)
        kill = kill_tokens.kill_address
        self.assertEqual(self.killed(kill(self.deployment, ["main", "other"], email)), 1)
        self.assertEqual(self.status(mail.link), 400)
        self.assertEqual(self.killed(kill(self.deployment, ["main"], "never@example.com")), 0)

    def test_killing_all_kills_all(self):
        email = "all@example.com"
        mail = self.mailed(email)
        self.explained(email, " sent: ")
        # An address without an account has a record too, with nothing that anybody could use.
        list(send_reset.send(self.deployment, "main", "nobody-at-all@example.com"))
        self.explained("nobody-at-all@example.com", "(unknown-address)")
        self.assertGreaterEqual(self.killed(kill_tokens.kill_all(self.deployment)), 1)
        self.assertEqual(self.status(mail.link), 400)
        self.assertEqual(self.killed(kill_tokens.kill_all(self.deployment)), 0)

    def test_a_table_that_is_not_there_is_an_error_and_no_answer(self):
        elsewhere = Deployment("local", SESSION)
        elsewhere.__dict__["tokens_table"] = "Another"
        with self.assertRaises(ClientError):
            list(kill_tokens.kill_address(elsewhere, ["main"], "sent@example.com"))
        with self.assertRaises(ClientError):
            list(kill_tokens.kill_all(elsewhere))

    def test_the_doctor_sees_who_may_call_the_api(self):
        parameters = {"AllowedOrigins": "https://app.example.com"}
        here = Deployment("local", SESSION)
        here.__dict__ |= {"outputs": {"ApiUrl": self.stack.api}, "parameters": parameters}
        verdicts = [finding.verdict for finding in doctor.api(here)]
        # The placeholder is what the local stack has; the person who deploys is told of it.
        self.assertEqual(verdicts, ["ok", "warn", "ok"])
        parameters["AllowedOrigins"] = "https://other.example"
        verdicts = [finding.verdict for finding in doctor.api(here)]
        self.assertEqual(verdicts, ["ok", "bad"])
        here.outputs["ApiUrl"] = "http://127.0.0.1:1"
        self.assertEqual([finding.verdict for finding in doctor.api(here)], ["bad"])

    def test_an_address_with_a_domain_outside_ascii_is_found_as_the_service_stores_it(self):
        list(send_reset.send(self.deployment, "main", "Jo@b\u00fccher.example"))
        self.explained("jo@xn--bcher-kva.example", "(unknown-address)")

    def test_the_doctor_tries_the_mapping_of_the_settings_on_the_real_table(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.stack.users.add("mapped@example.com")
        for index, verdict in [("email-index", "ok"), ("by-mail", "bad")]:
            answered = Answered()
            answered.deployment.outputs["UsersTableName"] = "UsersTable"
            file = Path(temporary.name, "settings.json")
            file.write_text(json.dumps(settings() | {"users": {"email_index": index}}))
            with mock.patch.object(check_users, "FILE", file):
                verdicts = {it.verdict for it in doctor.users_mapping(answered.deployment)}
            self.assertIn(verdict, verdicts)
            self.assertEqual("bad" in verdicts, verdict == "bad")

    def test_a_dead_letter_is_mailed_by_the_real_worker(self):
        email = "late@example.com"
        self.stack.users.add(email)
        asked_at = int(time.time()) - 3600
        given_up = copy.deepcopy(EVENT["Records"][0])
        key = {"pk": {"S": f"request#{address.locator('main', email)}"}}
        given_up["dynamodb"] |= {"Keys": key, "ApproximateCreationDateTime": asked_at}
        given_up["dynamodb"]["NewImage"] |= key | {
            "email": {"S": email},
            "email_typed": {"S": email},
            "request_id": {"S": "late"},
            "requested_at": {"N": str(asked_at)},
            "a1": {"N": str(asked_at)},
            "ttl": {"N": str(asked_at + 1800)},
        }
        content = {"Body": body(dead_letter([given_up]))}
        answered = Answered(listed("k"), ("s3", "get_object", content), ("s3", "delete_object", {}))
        answered.deployment.outputs["MailWorkerFunctionName"] = "request-reset"
        url = f"http://127.0.0.1:{self.stack.endpoints['worker_port']}"
        worker = SESSION.client("lambda", config=PATIENCE["once"], endpoint_url=url)
        # The local stack runs no versions, so that there is no alias to name.
        worker.meta.events.register(
            "before-parameter-build.lambda.Invoke",
            lambda params, **_: params.update(FunctionName="request-reset"),
        )
        answered.deployment.clients["lambda", "once"] = worker
        (line,) = redrive.redrive(answered.deployment, True)
        self.assertIn("1 dealt with", line.text)
        self.assertEqual(self.status(self.stack.inbox.reset_mail(email).link), 200)

    def test_support_is_limited_like_everybody(self):
        (line,) = send_reset.send(self.deployment, "no such app", "sent@example.com")
        self.assertIn("400", line.text)
        self.assertTrue(line.is_bad)
