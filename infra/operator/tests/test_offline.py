"""The commands against services that answer by hand."""

import io
import json
import unittest

from botocore.exceptions import ClientError
from botocore.response import StreamingBody

import address
import aws
import audit
import dead_letters
import deliveries
import doctor
import switch
from answers import RESOURCES, Answered

EVENT = json.loads((aws.ROOT / "infra" / "events" / "mail-worker.json").read_text())
NOW = 1_800_000_000.0
HEALTHY = {
    "ProductionAccessEnabled": True,
    "SendingEnabled": True,
    "EnforcementStatus": "HEALTHY",
    "SendQuota": {"Max24HourSend": 50000.0, "MaxSendRate": 14.0, "SentLast24Hours": 1.0},
}
VERIFIED = {"VerifiedForSendingStatus": True, "DkimAttributes": {"Status": "SUCCESS"}}


def verdicts(findings) -> list[str]:
    return [finding.verdict for finding in findings]


def body(text: str) -> StreamingBody:
    data = text.encode()
    return StreamingBody(io.BytesIO(data), len(data))


def record(pk: str, created: float) -> dict:
    keys = {"pk": {"S": pk}}
    return {
        "eventName": "INSERT",
        "dynamodb": {
            "Keys": keys,
            "ApproximateCreationDateTime": created,
            "SequenceNumber": f"n-{pk}",
        },
    }


class Address(unittest.TestCase):
    def test_the_locator_is_the_services(self):
        """The event is one that the service's own tests work on."""
        image = EVENT["Records"][0]["dynamodb"]["NewImage"]
        found = address.locator(image["app"]["S"], " Demo@Example.COM ")
        self.assertEqual(image["pk"]["S"], f"request#{found}")

    def test_what_the_service_would_fold_is_not_guessed(self):
        for odd in (
            "jo\u00e9@example.com",
            "a@b\u00fccher.example",
            "a@localhost",
            "@x.org",
            "a b@x.org",
        ):
            with self.assertRaises(address.NoAddress):
                address.normalised(odd)


class Doctor(unittest.TestCase):
    def test_a_healthy_account_is_well(self):
        answered = Answered()
        answered.answer("sesv2", "get_account", HEALTHY)
        answered.answer("sesv2", "get_email_identity", VERIFIED, {"EmailIdentity": "example.com"})
        found = [*doctor.stack(answered.deployment), *doctor.account(answered.deployment)]
        found += doctor.identities(answered.deployment)
        found += doctor.senders(answered.deployment)
        self.assertEqual(set(verdicts(found)), {"ok"}, found)
        answered.used_up()

    def test_a_new_account_is_told_what_to_do(self):
        answered = Answered(status="UPDATE_ROLLBACK_COMPLETE", SenderIdentity="example.org")
        sandbox = HEALTHY | {"ProductionAccessEnabled": False, "EnforcementStatus": "PROBATION"}
        quota = {"Max24HourSend": 200.0, "MaxSendRate": 1.0, "SentLast24Hours": 0.0}
        answered.answer("sesv2", "get_account", sandbox | {"SendQuota": quota})
        answered.fail("sesv2", "get_email_identity", "NotFoundException")
        looks = [doctor.stack, doctor.account, doctor.identities, doctor.senders]
        found = [finding for look in looks for finding in look(answered.deployment)]
        self.assertEqual(
            verdicts(found),
            ["bad", "warn", "bad", "warn", "ok", "bad", "bad"],
            list(map(str, found)),
        )
        self.assertTrue(all(it.todo for it in found if it.verdict != "ok"))

    def test_dkim_that_is_missing_is_said(self):
        answered = Answered()
        pending = VERIFIED | {"DkimAttributes": {"Status": "PENDING"}}
        late = {
            "MailFromDomain": "bounce.example.com",
            "MailFromDomainStatus": "PENDING",
            "BehaviorOnMxFailure": "USE_DEFAULT_VALUE",
        }
        answered.answer("sesv2", "get_email_identity", pending | {"MailFromAttributes": late})
        found = list(doctor.identities(answered.deployment))
        self.assertEqual(verdicts(found), ["ok", "bad", "warn"])

    def test_an_outbox_that_nobody_reads_and_a_switch_that_is_off(self):
        answered = Answered()
        answered.answer("lambda", "get_event_source_mapping", {"State": "Disabled"})
        zero = {"ReservedConcurrentExecutions": 0}
        answered.answer("lambda", "get_function_concurrency", zero)
        answered.answer("lambda", "get_function_concurrency", {})
        self.assertEqual(verdicts(doctor.outbox(answered.deployment)), ["bad", "warn"])

    def test_alarms_that_ring_or_tell_nobody(self):
        answered = Answered()
        alarm = {"AlarmName": "forgot-password-SurgeAlarm", "StateValue": "ALARM"}
        answered.answer("cloudwatch", "describe_alarms", {"MetricAlarms": [alarm]})
        self.assertEqual(verdicts(doctor.alarms(answered.deployment)), ["bad", "warn"])

    def test_a_right_that_is_missing_does_not_end_it(self):
        answered = Answered()
        answered.fail("cloudwatch", "describe_alarms", "AccessDenied")
        answered.fail("sesv2", "get_account", "AccessDeniedException")
        found = doctor.examine(answered.deployment, [doctor.account, doctor.alarms])
        self.assertEqual(verdicts(found), ["bad", "bad"])
        self.assertIn("AccessDenied", found[1].todo)

    def test_the_simulator_gets_one_mail_or_says_why_not(self):
        answered = Answered()
        answered.answer("sesv2", "send_email", {"MessageId": "m1"})
        answered.fail("sesv2", "send_email", "MessageRejected")
        self.assertEqual(verdicts(doctor.simulator(answered.deployment)), ["ok"])
        self.assertEqual(verdicts(doctor.simulator(answered.deployment)), ["bad"])

    def test_a_users_table_without_its_index_or_its_backup(self):
        for index, backup, expected in [
            ("email-index", "ENABLED", ["ok"]),
            ("by-mail", "ENABLED", ["bad"]),
            ("email-index", "DISABLED", ["ok", "warn"]),
        ]:
            answered = Answered()
            table = {"GlobalSecondaryIndexes": [{"IndexName": index, "IndexStatus": "ACTIVE"}]}
            answered.answer("dynamodb", "describe_table", {"Table": table})
            backups = {
                "ContinuousBackupsStatus": "ENABLED",
                "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": backup},
            }
            described = {"ContinuousBackupsDescription": backups}
            answered.answer("dynamodb", "describe_continuous_backups", described)
            self.assertEqual(verdicts(doctor.users(answered.deployment)), expected)
        answered = Answered()
        answered.fail("dynamodb", "describe_table", "ResourceNotFoundException")
        self.assertEqual(verdicts(doctor.users(answered.deployment)), ["bad"])

    def test_an_identity_covers_itself_its_domain_and_what_is_below(self):
        for identity, sender, expected in [
            ("example.com", "no-reply@example.com", True),
            ("example.com", "no-reply@mail.example.com", True),
            ("no-reply@example.com", "no-reply@example.com", True),
            ("example.com", "no-reply@notexample.com", False),
            ("mail.example.com", "no-reply@example.com", False),
            ("other@example.com", "no-reply@example.com", False),
        ]:
            self.assertEqual(doctor.covers(identity, sender), expected, (identity, sender))


class Suppression(unittest.TestCase):
    def test_is_told_from_an_address_that_ses_mails(self):
        answered = Answered()
        kept = {"EmailAddress": "a@x.org", "Reason": "BOUNCE", "LastUpdateTime": 0}
        destination = {"SuppressedDestination": kept}
        answered.answer("sesv2", "get_suppressed_destination", destination)
        answered.fail("sesv2", "get_suppressed_destination", "NotFoundException")
        client = answered.deployment.client("sesv2")
        self.assertEqual(deliveries.suppressed(client, "a@x.org"), "BOUNCE")
        self.assertIsNone(deliveries.suppressed(client, "a@x.org"))


class DeadLetters(unittest.TestCase):
    def answered(self, records: list, really: bool) -> Answered:
        answered = Answered()
        listed = {"Contents": [{"Key": "k"}], "IsTruncated": False}
        answered.answer("s3", "list_objects_v2", listed)
        letter = json.dumps({"version": "1.0", "payload": json.dumps({"Records": records})})
        answered.answer(
            "s3", "get_object", {"Body": body(letter)}, {"Bucket": "letters", "Key": "k"}
        )
        return answered

    def test_nothing_is_sent_unless_it_is_said(self):
        answered = self.answered([record("request#a", NOW)], really=False)
        lines = dead_letters.redrive(answered.deployment, False, NOW)
        self.assertEqual(lines, ["k: 1 to send, 0 too old"])
        answered.used_up()

    def test_what_was_dealt_with_is_deleted(self):
        records = [record("request#a", NOW), record("notice#b", 0), record("request#c", 0)]
        answered = self.answered(records, really=True)
        payload = json.dumps({"Records": records[:2]}).encode()
        expected = {"FunctionName": "worker:live", "Payload": payload}
        done = {"StatusCode": 200, "Payload": body('{"batchItemFailures": []}')}
        answered.answer("lambda", "invoke", done, expected)
        answered.answer("s3", "delete_object", {}, {"Bucket": "letters", "Key": "k"})
        lines = dead_letters.redrive(answered.deployment, True, NOW)
        self.assertEqual(lines, ["k: 2 to send, 1 too old; 2 dealt with"])
        answered.used_up()

    def test_what_fails_again_stays(self):
        records = [record("notice#a", 0), record("notice#b", 0)]
        for answer in (
            {"Payload": body('{"batchItemFailures": [{"itemIdentifier": "n-notice#b"}]}')},
            {"FunctionError": "Unhandled", "Payload": body("{}")},
        ):
            answered = self.answered(records, really=True)
            answered.answer("lambda", "invoke", answer)
            (line,) = dead_letters.redrive(answered.deployment, True, NOW)
            self.assertIn("the rest failed again", line)
            answered.used_up()


class Switch(unittest.TestCase):
    def test_off_takes_all_concurrency_and_on_gives_back_what_is_set(self):
        for reserved in ("", "5"):
            answered = Answered(ReservedConcurrency=reserved)
            for name in ("request", "confirm"):
                zero = {"FunctionName": name, "ReservedConcurrentExecutions": 0}
                answered.answer("lambda", "put_function_concurrency", {}, zero)
            for name in ("request", "confirm"):
                if reserved:
                    back = {"FunctionName": name, "ReservedConcurrentExecutions": 5}
                    answered.answer("lambda", "put_function_concurrency", {}, back)
                else:
                    answered.answer(
                        "lambda", "delete_function_concurrency", {}, {"FunctionName": name}
                    )
            switch.off(answered.deployment)
            switch.on(answered.deployment)
            answered.used_up()


class Audit(unittest.TestCase):
    def test_a_line_names_who_and_no_address(self):
        answered = Answered()
        who = "arn:aws:sts::000000000000:assumed-role/support/ann"
        answered.answer("sts", "get_caller_identity", {"Arn": who})
        key = {"SecretString": "k" * 64}
        answered.answer(
            "secretsmanager", "get_secret_value", key, {"SecretId": RESOURCES["PseudonymKey"]}
        )
        lines = []
        client = answered.client("logs")
        client.meta.events.register(
            "before-parameter-build.cloudwatch-logs.PutLogEvents",
            lambda params, **_: lines.append(json.loads(params["logEvents"][0]["message"])),
        )
        answered.answer("logs", "create_log_stream", {})
        answered.answer("logs", "put_log_events", {})
        self.assertEqual(audit.note(answered.deployment, "send", "demo@example.com"), who)
        (line,) = lines
        self.assertEqual((line["who"], line["command"]), (who, "send"))
        self.assertRegex(line["account"], r"^[\w-]{12}$")
        self.assertNotIn("demo@", json.dumps(line))

    def test_without_a_line_nothing_is_done(self):
        answered = Answered()
        answered.fail("sts", "get_caller_identity", "ExpiredToken")
        with self.assertRaises(ClientError):
            audit.note(answered.deployment, "off")
