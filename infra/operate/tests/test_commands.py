"""The commands as they are called: what they print, how they end, and what is recorded of them."""

import contextlib
import io
import json
import re
import unittest
from unittest import mock

import jsonschema
from botocore.exceptions import ClientError, EndpointConnectionError

import address
import audit
import aws
import commands
import kill_tokens
import send_reset
import switch
import why
from answers import RESOURCES, SESSION, Answered
from aws import Deployment
from lines import Line
from served import serving

EVENT = json.loads((aws.ROOT / "infra" / "events" / "mail-worker.json").read_text())
SCHEMA = json.loads((aws.ROOT / "infra" / "schemas" / "operator-log.schema.json").read_text())
WHO = "arn:aws:sts::000000000000:assumed-role/support/ann"


def texts(lines) -> str:
    return "\n".join(map(str, lines))


def run(*arguments: str, deployment) -> tuple[int, str, str]:
    """How a command ends, and what it prints."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = commands.main(list(arguments), deployment)
    return code, out.getvalue(), err.getvalue()


def audited(answered: Answered, puts: int = 2, address: bool = False) -> list[dict]:
    """Lets somebody act; the lines that are recorded of it come into the list."""
    answered.answer("sts", "get_caller_identity", {"Arn": WHO})
    if address:
        key = {"SecretString": "k" * 64}
        expected = {"SecretId": RESOURCES["PseudonymKey"]}
        answered.answer("secretsmanager", "get_secret_value", key, expected)
    lines = []
    answered.client("logs").meta.events.register(
        "before-parameter-build.cloudwatch-logs.PutLogEvents",
        lambda params, **_: lines.append(json.loads(params["logEvents"][0]["message"])),
    )
    answered.answer("logs", "create_log_stream", {})
    for _ in range(puts):
        answered.answer("logs", "put_log_events", {})
    return lines


@contextlib.contextmanager
def calling(*answer, **options):
    """A deployment whose API answers with this status."""
    with serving(b"{}", *answer, **options) as url:
        answered = Answered()
        answered.deployment.outputs["ApiUrl"] = url.rstrip("/")
        yield answered


class Address(unittest.TestCase):
    def test_the_locator_is_the_services(self):
        """The event is one that the service's own tests work on."""
        image = EVENT["Records"][0]["dynamodb"]["NewImage"]
        found = address.locator(image["app"]["S"], " Demo@Example.COM ")
        self.assertEqual(image["pk"]["S"], f"request#{found}")

    def test_an_address_is_read_as_the_service_reads_it(self):
        for typed, wanted in (
            (" Demo@EXAMPLE.com\t", "demo@example.com"),
            ("jo@b\u00fccher.example", "jo@xn--bcher-kva.example"),
            ("a`id`$(id)@x.org", None),
            ("a@example.com\r\nBcc: x@evil.example", None),
            ("\u212aate@example.com", None),
            ("", None),
        ):
            with self.subTest(typed):
                if wanted:
                    self.assertEqual(address.normalised(typed), wanted)
                else:
                    self.assertRaises(address.NoAddress, address.normalised, typed)

    def test_without_its_tool_nothing_is_answered(self):
        for command in ("no-such-tool", "false --"):
            with mock.patch.dict("os.environ", CHECK=command):
                self.assertRaises(OSError, address.normalised, "demo@example.com")


class Ends(unittest.TestCase):
    def test_with_0_where_all_is_done_and_with_1_where_something_is_not(self):
        for status, code in ((202, 0), (400, 1), (403, 1), (429, 1), (503, 1)):
            with calling(status) as answered:
                audited(answered, address=True)
                ended, out, _ = run("send-reset", "demo@example.com", deployment=answered.deployment)
            self.assertEqual(ended, code, out)
            answered.used_up()

    def test_with_2_where_it_could_not_be_done(self):
        answered = Answered()
        audited(answered, address=True)
        answered.deployment.outputs["ApiUrl"] = "http://127.0.0.1:1"
        code, _, err = run("send-reset", "demo@example.com", deployment=answered.deployment)
        self.assertEqual((code, err.splitlines()[-1][:9]), (2, "URLError:"))
        # A stack of another template.
        answered = Answered()
        answered.deployment.outputs.clear()
        code, _, err = run("redrive", deployment=answered.deployment)
        self.assertEqual(code, 2)
        self.assertIn("the stack has no output DeadLetterBucketName", err)

    def test_an_address_or_an_app_that_is_none_is_refused_before_anything_is_asked(self):
        silent = Deployment("forgot-password", SESSION)
        for arguments in (["why", ""], ["send-reset", "a..b@x.org"], ["kill-tokens", "--email", "a"]):
            self.assertEqual(run(*arguments, deployment=silent)[0], 2)
        code, _, err = run("why", "a@x.org", "--app", "mian", deployment=silent)
        self.assertEqual(code, 2)
        self.assertIn("no app mian; it has main", err)

    def test_an_address_may_come_from_standard_input(self):
        with (
            mock.patch("sys.stdin", io.StringIO("demo@example.com\n")),
            calling(202) as answered,
        ):
            lines = audited(answered, address=True)
            self.assertEqual(run("send-reset", "-", deployment=answered.deployment)[0], 0)
        self.assertEqual(lines[0]["account"], address.pseudonym("k" * 64, "demo@example.com"))

    def test_switching_off_needs_no_settings(self):
        answered = Answered()
        audited(answered)
        for _ in range(2):
            answered.answer("lambda", "put_function_concurrency", {})
        with mock.patch.object(aws, "settings", side_effect=ValueError("no JSON")):
            self.assertEqual(run("off", deployment=answered.deployment)[0], 0)


class Why(unittest.TestCase):
    def answered(self, request: dict, deliveries: dict) -> Answered:
        items = (request, {"deliveries": {"M": deliveries}} if deliveries else {})
        return Answered(*[("dynamodb", "get_item", {"Item": it} if it else {}) for it in items])

    def delivery(self, state: str, at: int, detail: str | None = None) -> dict:
        found = {"state": {"S": state}, "at": {"N": str(at)}}
        return {"M": found | ({"detail": {"S": detail}} if detail else {})}

    def asked(self, request: str, at: int) -> dict:
        return {"requested_at": {"N": str(at)}, "request_id": {"S": request}}

    def said(self, answered: Answered) -> str:
        return texts(why.of_app(answered.deployment, "main", "demo@example.com"))

    def test_a_request_that_waits_is_not_hidden_by_an_older_mail(self):
        known = {"old": self.delivery("delivered", 1_799_999_000)}
        text = self.said(self.answered(self.asked("new", 1_800_000_000), known))
        self.assertIn("delivered", text)
        self.assertIn("last asked for at 2027-01-15 08:00:00 UTC", text)
        self.assertIn("the mail worker has not come to it", text)
        self.assertIn("MailHeldAlarm", text)
        known["new"] = self.delivery("sent", 1_800_000_001)
        text = self.said(self.answered(self.asked("new", 1_800_000_000), known))
        self.assertNotIn("has not come to it", text)

    def test_why_nobody_was_mailed_is_told_apart(self):
        for detail, words in [
            ("unknown-address", "no account has this address"),
            ("account-disabled", "the account is disabled"),
            ("ambiguous-address", "several accounts have this address"),
            ("repeat-over-cap", "the inbox holds a link that works"),
        ]:
            known = {"job": self.delivery("skipped", 1_800_000_000, detail)}
            self.assertIn(words, self.said(self.answered({}, known)))

    def test_every_state_and_every_reason_of_the_service_has_words(self):
        source = (aws.ROOT / "shared" / "src" / "domain" / "reset" / "delivery.rs").read_text()
        variants = re.search(r"pub enum DeliveryState \{(.*?)\n\}", source, re.DOTALL)[1]
        states = [it.lower() for it in re.findall(r"^    (\w+),$", variants, re.MULTILINE)]
        self.assertCountEqual(why.MEANING, states)
        schema = json.loads((aws.ROOT / "infra" / "schemas" / "audit-log.schema.json").read_text())
        reasons = schema["$defs"]["mail-skipped"]["properties"]["reason"]["enum"]
        self.assertCountEqual(why.SKIPPED, reasons)

    def test_the_log_is_asked_for_an_account_and_no_address(self):
        answered = Answered()
        groups = [RESOURCES[name] for name in why.GROUPS]
        asked = []
        answered.client("logs").meta.events.register(
            "before-parameter-build.cloudwatch-logs.StartQuery",
            lambda params, **_: asked.append(params),
        )
        answered.answer("logs", "start_query", {"queryId": "q"})
        answered.answer("logs", "get_query_results", {"status": "Running", "results": []})
        newest = {"event": "mail-reported", "outcome": "bounced", "mail": "changed", "job": "j"}
        oldest = {"event": "reset-confirmed", "outcome": "password-changed", "app": "main"}
        rows = [
            [{"field": "@timestamp", "value": f"2027-01-15 08:0{9 - number}:00.000"}]
            + [{"field": name, "value": value} for name, value in row.items()]
            for number, row in enumerate((newest, oldest))
        ]
        answered.answer("logs", "get_query_results", {"status": "Complete", "results": rows})
        lines = list(map(str, why.history(answered.deployment, "abcdefghijkl", 2)))
        self.assertEqual(asked[0]["logGroupNames"], groups)
        self.assertEqual(asked[0]["endTime"] - asked[0]["startTime"], 2 * 24 * 60 * 60)
        self.assertIn('filter account = "abcdefghijkl"', asked[0]["queryString"])
        self.assertIn("has 2 lines", lines[0])
        self.assertEqual(
            lines[1], "2027-01-15 08:08:00.000 reset-confirmed password-changed main"
        )
        self.assertEqual(
            lines[2], "2027-01-15 08:09:00.000 mail-reported bounced changed [job j]"
        )

    def test_a_part_that_fails_takes_no_other_with_it(self):
        answered = self.answered(self.asked("r", 1), {"r": self.delivery("sent", 1)})
        answered.answer("sesv2", "get_suppressed_destination", "TooManyRequestsException")
        answered.answer("logs", "start_query", {"queryId": "q"})
        answered.answer("logs", "get_query_results", {"status": "Failed", "results": []})
        lines = list(
            why.explain(answered.deployment, ["main"], "demo@example.com", "a" * 12, 7)
        )
        text = texts(lines)
        self.assertIn("sent: SES took it", text)
        self.assertIn("SES's list could not be looked at", text)
        self.assertIn("the log could not be looked at: OSError: the query is Failed", text)
        self.assertEqual([it.is_bad for it in lines].count(True), 2)

    def test_every_app_is_looked_at_unless_one_is_named(self):
        two = {"a": {}, "b": {}}
        with mock.patch.object(aws, "apps", lambda: two):
            self.assertEqual(aws.app_ids(), ["a", "b"])
            self.assertEqual(aws.app_ids("b"), ["b"])

    def test_suppression_is_told_from_an_address_that_ses_mails(self):
        kept = {"EmailAddress": "a@x.org", "Reason": "BOUNCE", "LastUpdateTime": 0}
        answers = ({"SuppressedDestination": kept}, "NotFoundException")
        asked = [("sesv2", "get_suppressed_destination", it) for it in answers]
        deployment = Answered(*asked).deployment
        for words in ("SES suppresses this address (BOUNCE)", "SES does not suppress"):
            self.assertIn(words, texts(why.suppression(deployment, "a@x.org")))


class Send(unittest.TestCase):
    def test_the_answer_says_which_limits_may_have_dropped_it(self):
        with calling(202, headers={"apigw-requestid": "id="}) as answered:
            answered.deployment.parameters["LinkLifetimeSeconds"] = "3600"
            file = aws.settings() | {"limits": {"address_requests": 5}}
            with mock.patch.object(aws, "settings", lambda: file):
                (line,) = send_reset.send(answered.deployment, "main", "demo@example.com")
        self.assertIn("5 mails in 60 minutes, or one in the last 60 seconds", line.text)
        self.assertEqual(line.facts, {"status": 202, "request_id": "id="})

    def test_a_refusal_of_the_firewall_is_told_from_one_of_the_api(self):
        for headers, word in (({"apigw-requestid": "id="}, "enabled"), ({}, "firewall")):
            with calling(403, headers=headers) as answered:
                (line,) = send_reset.send(answered.deployment, "main", "demo@example.com")
            self.assertIn(word, line.text)
            self.assertTrue(line.is_bad)


class Kill(unittest.TestCase):
    def test_what_was_killed_before_a_failure_is_said(self):
        answered = Answered()
        answered.client("dynamodb")
        killed = iter([None, None, ClientError({"Error": {"Code": "Throttled"}}, "Scan")])

        def segment(_client, _table, number, _how, count, _stop):
            if number < 3:
                failure = next(killed)
                if failure:
                    raise failure
                count.add()

        lines = []
        with (
            mock.patch.object(kill_tokens, "kill_segment", segment),
            self.assertRaises(ClientError),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            for line in kill_tokens.kill_all(answered.deployment):
                lines.append(line)
        (line,) = lines
        self.assertIn("killed 2 records and then failed; run it again", line.text)
        self.assertEqual(line.facts, {"killed": 2})

    def test_the_apps_that_were_looked_for_are_said(self):
        answers = ("ConditionalCheckFailedException", {})
        answered = Answered(*[("dynamodb", "update_item", it) for it in answers])
        lines = list(kill_tokens.kill_address(answered.deployment, ["a", "b"], "demo@example.com"))
        self.assertEqual(lines[0].text, "killed 1 records; looked for in: a, b")
        self.assertIn("may still be mailed", lines[1].text)


class Switch(unittest.TestCase):
    def test_off_takes_all_concurrency_and_on_gives_it_back(self):
        answered = Answered()
        for name in ("request", "confirm"):
            zero = {"FunctionName": name, "ReservedConcurrentExecutions": 0}
            answered.answer("lambda", "put_function_concurrency", {}, zero)
        for name in ("request", "confirm"):
            answered.answer("lambda", "delete_function_concurrency", {}, {"FunctionName": name})
        said = texts(switch.off(answered.deployment))
        for words in ("this wasn't me", "GET /v1/settings", "a deployment leaves it so"):
            self.assertIn(words, said)
        self.assertFalse(any(line.is_bad for line in switch.on(answered.deployment)))
        answered.used_up()

    def test_where_one_function_cannot_be_changed_the_other_is(self):
        for change in (switch.off, switch.on):
            method = f"{'put' if change is switch.off else 'delete'}_function_concurrency"
            answers = ("TooManyRequestsException", {})
            answered = Answered(*[("lambda", method, it) for it in answers])
            lines = list(change(answered.deployment))
            self.assertIn("RequestResetFunction is as it was", lines[0].text)
            self.assertTrue(lines[0].is_bad)
            answered.used_up()


class Audit(unittest.TestCase):
    def test_what_is_done_is_recorded_before_and_after_with_who_and_no_address(self):
        with calling(429, headers={"apigw-requestid": "id="}) as answered:
            lines = audited(answered, address=True)
            run("send-reset", "demo@example.com", deployment=answered.deployment)
        for line in lines:
            jsonschema.validate(line, SCHEMA)
        before, after = lines
        self.assertEqual((before["outcome"], after["outcome"]), ("begun", "failed"))
        self.assertEqual((after["status"], after["request_id"]), (429, "id="))
        self.assertEqual(before["act"], after["act"])
        self.assertEqual((before["who"], before["command"], before["app"]), (WHO, "send-reset", "main"))
        self.assertRegex(before["account"], r"^[\w-]{12}$")
        self.assertNotIn("demo@", json.dumps(lines))

    def test_what_breaks_off_is_recorded_so(self):
        def breaking():
            yield Line("killed 3 records", facts={"killed": 3})
            raise EndpointConnectionError(endpoint_url="x")

        answered = Answered()
        lines = audited(answered)
        act = audit.AuditEntry(answered.deployment, "kill-tokens")
        act.begin()
        with self.assertRaises(EndpointConnectionError):
            list(audit.recorded(act, breaking()))
        jsonschema.validate(lines[1], SCHEMA)
        self.assertEqual((lines[1]["outcome"], lines[1]["killed"]), ("broken-off", 3))

    def test_what_came_of_it_is_told_where_it_cannot_be_recorded(self):
        answered = Answered()
        audited(answered, puts=1)
        answered.answer("logs", "put_log_events", "AccessDenied")
        for _ in range(2):
            answered.answer("lambda", "put_function_concurrency", {})
        code, out, err = run("off", deployment=answered.deployment)
        self.assertEqual(code, 0)
        self.assertIn("what came of it (done) is not recorded", err)

    def test_without_a_line_nothing_is_done(self):
        for command in (["why", "a@x.org"], ["kill-tokens", "--all"], ["off"], ["on"]):
            answered = Answered(("sts", "get_caller_identity", "ExpiredToken"))
            code, out, err = run(*command, deployment=answered.deployment)
            self.assertEqual((code, out), (2, ""))
            self.assertIn("ExpiredToken", err)
