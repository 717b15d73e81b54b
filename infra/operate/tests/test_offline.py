"""What the doctor finds, in services that answer by hand."""

import contextlib
import hashlib
import io
import json
import os
import unittest
import zipfile
from unittest import mock

from botocore.exceptions import EndpointConnectionError

import aws
import check_users
import doctor
import grants
from answers import INNER, RESOURCES, Answered
from served import serving

HEALTHY = {
    "ProductionAccessEnabled": True,
    "SendingEnabled": True,
    "EnforcementStatus": "HEALTHY",
    "SendQuota": {"Max24HourSend": 50000.0, "MaxSendRate": 14.0, "SentLast24Hours": 1.0},
}
VERIFIED = {"VerifiedForSendingStatus": True, "DkimAttributes": {"Status": "SUCCESS"}}
CALLER = ("sts", "get_caller_identity", {"Account": "000000000000"})
NO_TABLE = ("dynamodb", "describe_table", "ResourceNotFoundException")


def verdicts(findings) -> list[str]:
    return [finding.verdict for finding in findings]


def found(look, *answers: tuple, **parameters) -> list[str]:
    """The verdicts of a look at a deployment, which asks AWS for these answers and no others."""
    answered = Answered(*answers, **parameters)
    said = verdicts(look(answered.deployment))
    answered.used_up()
    return said


def account(**changes) -> tuple:
    return "sesv2", "get_account", HEALTHY | changes


def quota(day: float) -> dict:
    return {"Max24HourSend": day, "MaxSendRate": 14.0, "SentLast24Hours": 0.0}


def table(protected=False, backup="ENABLED") -> list[tuple]:
    """What DynamoDB says of one more table."""
    described = {"DeletionProtectionEnabled": protected}
    recovery = {"PointInTimeRecoveryStatus": backup}
    backups = {"ContinuousBackupsStatus": "ENABLED", "PointInTimeRecoveryDescription": recovery}
    return [
        ("dynamodb", "describe_table", {"Table": described}),
        ("dynamodb", "describe_continuous_backups", {"ContinuousBackupsDescription": backups}),
    ]


class Doctor(unittest.TestCase):
    def test_a_healthy_account_is_well(self):
        identity = ("sesv2", "get_email_identity", VERIFIED, {"EmailIdentity": "example.com"})
        said = found(doctor.stack, CALLER) + found(doctor.account, account())
        said += found(doctor.identities, identity) + found(doctor.senders)
        self.assertEqual(set(said), {"ok"}, said)

    def test_a_new_account_is_told_what_to_do(self):
        sandbox = {"ProductionAccessEnabled": False, "EnforcementStatus": "PROBATION"}
        answered = Answered(
            account(**sandbox, SendQuota=quota(200.0)),
            ("sesv2", "get_email_identity", "NotFoundException"),
            CALLER,
            status="UPDATE_ROLLBACK_COMPLETE",
            SenderIdentity="example.org",
        )
        looks = [doctor.stack, doctor.account, doctor.identities, doctor.senders]
        said = [finding for look in looks for finding in look(answered.deployment)]
        wanted = ["ok", "bad", "warn", "bad", "warn", "ok", "bad", "bad"]
        self.assertEqual(verdicts(said), wanted, list(map(str, said)))
        self.assertTrue(all(it.todo for it in said if it.verdict != "ok"))

    def test_an_account_that_measures_engagement_is_said_where_the_set_does_too(self):
        measuring = {"VdmEnabled": "ENABLED", "DashboardAttributes": {"EngagementMetrics": "ENABLED"}}
        off = {"DashboardOptions": {"EngagementMetrics": "DISABLED"}}
        disabled = account(VdmAttributes={"VdmEnabled": "DISABLED"})
        self.assertEqual(found(doctor.tracking, disabled), [])
        for options, verdict in (({}, "bad"), (off, "ok")):
            asked = {"ConfigurationSetName": "set"}
            known = ("sesv2", "get_configuration_set", {"VdmOptions": options}, asked)
            said = found(doctor.tracking, account(VdmAttributes=measuring), known)
            self.assertEqual(said, [verdict])

    def test_dkim_that_is_missing_is_said(self):
        pending = VERIFIED | {"DkimAttributes": {"Status": "PENDING"}}
        late = {
            "MailFromDomain": "bounce.example.com",
            "MailFromDomainStatus": "PENDING",
            "BehaviorOnMxFailure": "USE_DEFAULT_VALUE",
        }
        identity = ("sesv2", "get_email_identity", pending | {"MailFromAttributes": late})
        self.assertEqual(found(doctor.identities, identity), ["ok", "bad", "warn"])

    def test_a_quota_that_a_day_of_the_cap_uses_up_is_said(self):
        small = account(SendQuota=quota(10000.0))
        self.assertEqual(found(doctor.account, small), ["ok", "warn", "ok"])

    def test_an_outbox_that_nobody_reads(self):
        for state, result, verdict in [
            ("Disabled", "OK", "bad"),
            ("Enabled", "PROBLEM: Function call failed", "bad"),
            ("Enabled", "No records processed", "ok"),
        ]:
            mapping = {"State": state, "LastProcessingResult": result}
            known = [("lambda", "get_event_source_mapping", mapping)] * len(doctor.MAPPINGS)
            self.assertEqual(found(doctor.outbox, *known), [verdict] * len(doctor.MAPPINGS))

    def test_a_pipe_that_stands_still_and_notices_without_a_mapping_of_their_own(self):
        self.assertEqual(found(doctor.events), [])
        for state, verdict in (("RUNNING", "ok"), ("STOPPED", "bad"), ("CREATE_FAILED", "bad")):
            asked = {"Name": INNER["EventsPipe"]}
            pipe = ("pipes", "describe_pipe", {"CurrentState": state}, asked)
            self.assertEqual(found(doctor.events, pipe, EventBusName="company"), [verdict])
        read = ("lambda", "get_event_source_mapping", {"State": "Enabled"})
        self.assertEqual(found(doctor.outbox, read, EventBusName="company"), ["ok"])

    def test_every_function_that_is_off_and_an_account_that_is_new(self):
        for limit, verdict in ((10, "warn"), (1000, "ok")):
            zero = ("lambda", "get_function_concurrency", {"ReservedConcurrentExecutions": 0})
            limits = {"AccountLimit": {"ConcurrentExecutions": limit}}
            answered = Answered(*[zero] * 5, ("lambda", "get_account_settings", limits))
            said = list(doctor.concurrency(answered.deployment))
            self.assertEqual(verdicts(said), ["warn"] * 2 + ["bad"] * 3 + [verdict])
            self.assertEqual([it.todo for it in said].count("make on"), 2)

    def alarms(self, *known: dict, asked=("AnswerErrorAlarm", "MailDelayAlarm")) -> list[str]:
        names = {"AlarmNames": [(RESOURCES | INNER)[it] for it in asked], "AlarmTypes": ["MetricAlarm"]}
        answer = ("cloudwatch", "describe_alarms", {"MetricAlarms": list(known)}, names)
        return found(doctor.alarms, answer)

    def test_alarms_are_those_of_the_stack_and_no_others(self):
        told = {"StateValue": "OK", "AlarmActions": ["arn:aws:sns:eu-west-1:0:topic"]}
        error = told | {"AlarmName": RESOURCES["AnswerErrorAlarm"]}
        delay = told | {"AlarmName": INNER["MailDelayAlarm"]}
        self.assertEqual(self.alarms(error, delay), ["ok"])
        firing = error | {"StateValue": "ALARM"}
        self.assertEqual(self.alarms(firing, delay), ["bad"])
        self.assertEqual(self.alarms(error), ["bad", "ok"])
        self.assertEqual(self.alarms(), ["bad"])
        self.assertEqual(self.alarms(error, delay | {"AlarmActions": []}), ["warn", "ok"])
        self.assertEqual(self.alarms(error, delay | {"ActionsEnabled": False}), ["warn", "ok"])

    def test_a_topic_that_nobody_listens_to(self):
        for confirmed, verdict in (("0", "warn"), ("2", "ok")):
            topic = "arn:aws:sns:eu-west-1:000000000000:alarms"
            for target, asked in ((topic, topic), ("ann@example.com", RESOURCES["AlarmTopic"])):
                attributes = {"Attributes": {"SubscriptionsConfirmed": confirmed}}
                answer = ("sns", "get_topic_attributes", attributes, {"TopicArn": asked})
                self.assertEqual(found(doctor.alarm_subscriptions, answer, AlarmTarget=target), [verdict])
        self.assertEqual(found(doctor.alarm_subscriptions), [])

    @contextlib.contextmanager
    def layered(self, function: str, layers: list[str], file: str, content: str | bytes):
        """A deployment whose function has a file in the last of these layers."""
        zipped = io.BytesIO()
        with zipfile.ZipFile(zipped, "w") as layer:
            layer.writestr(file, content)
        arns = [f"arn:aws:lambda:eu-west-1:000000000000:layer:{it}:1" for it in layers]
        live = {"FunctionName": function, "Qualifier": "live"}
        configured = {"Layers": [{"Arn": it} for it in arns]}
        answered = Answered(("lambda", "get_function_configuration", configured, live))
        with serving(zipped.getvalue()) as url:
            where = {"Content": {"Location": url}}
            answered.answer("lambda", "get_layer_version_by_arn", where, {"Arn": arns[-1]})
            yield answered.deployment

    def test_settings_that_are_not_those_that_are_deployed(self):
        shipped = aws.settings()
        for settings, verdict in ((shipped, "ok"), (shipped | {"default_app": "other"}, "bad")):
            text = json.dumps(settings)
            with self.layered("worker", ["settings"], "settings.json", text) as deployment:
                self.assertEqual(verdicts(doctor.settings_file(deployment)), [verdict])

    def test_what_the_list_of_known_passwords_says_of_itself_and_whether_it_is_whole(self):
        body = b"\x00\xff"
        source = {"name": "a dump", "licence": "MIT", "min_count": 7, "passwords": 3, "unreadable": 1}
        sha256 = hashlib.sha256(body).hexdigest()
        header = {"keys": 3, "mistakes_in_a_million": 0.1, "sha256": sha256, "sources": [source]}
        for deployed, damage in ((body, []), (b"\x00\x00", ["bad"])):
            content = json.dumps(header).encode() + b"\n" + deployed
            layers = ["settings", "known"]
            with self.layered("confirm", layers, "known-passwords", content) as deployment:
                *damaged, passwords, listed = doctor.known_passwords(deployment)
            self.assertEqual(verdicts(damaged), damage)
            expected = "3 known passwords are refused, and at most 0.1 of a million others"
            self.assertEqual(passwords.what, expected)
            expected = "they are of a dump: licence MIT, min_count 7, passwords 3, unreadable 1"
            self.assertEqual(listed.what, expected)

    def test_a_list_of_known_passwords_that_is_off_is_warned_of(self):
        for known, expected in [("off", ["warn"]), ("/opt/ours", ["ok"])]:
            with mock.patch.object(doctor, "setting", lambda *_, known=known: known):
                self.assertEqual(found(doctor.known_passwords), expected)

    def test_pages_over_http_are_warned_of(self):
        app = aws.apps()["main"]
        for origins, insecure, expected in [
            ("https://a.example,http://localhost:5173,http://127.0.0.1:5173", False, []),
            ("https://a.example,http://intranet.example", False, ["warn"]),
            ("http://localhost.example", True, ["warn", "warn"]),
        ]:
            apps = {"main": app | {"insecure_redirects": insecure}}
            with mock.patch.object(doctor, "apps", lambda apps=apps: apps):
                self.assertEqual(found(doctor.insecure, AllowedOrigins=origins), expected)

    def test_apps_with_a_table_of_their_own_are_looked_at_by_their_own_settings(self):
        answered = Answered()
        app = aws.apps()["main"]
        apps = {"main": app, "b": app | {"users": {"table": "bees"}}}
        asked = []
        with (
            mock.patch.object(doctor, "apps", lambda: apps),
            mock.patch.object(check_users, "check", lambda it: asked.append(it) or [("ok", "well")]),
            mock.patch.dict(os.environ, {"APP": "b", "SAMPLE": "ann@example.com", "SETTINGS_FILE": "x"}),
        ):
            said = list(doctor.users_mapping(answered.deployment))
        self.assertEqual([it.what for it in said], ["well", "b: well"])
        whole, own = asked
        self.assertEqual(whole["USERS_TABLE"], answered.deployment.outputs["UsersTableName"])
        self.assertFalse({"APP", "SAMPLE"} & whole.keys())
        self.assertEqual(whole["SETTINGS_FILE"], str(check_users.FILE))
        self.assertEqual(own["APP"], "b")
        self.assertFalse({"USERS_TABLE", "SAMPLE"} & own.keys())

    def test_whatever_fails_is_a_finding_and_the_others_go_on(self):
        def unreachable(_):
            raise EndpointConnectionError(endpoint_url="https://ses.example")
            yield

        def lacking(deployment):
            yield deployment.outputs["Nothing"]

        def no_cargo(_):
            raise FileNotFoundError("cargo")
            yield

        answered = Answered(
            ("cloudwatch", "describe_alarms", "AccessDenied"),
            ("sesv2", "get_account", "AccessDeniedException"),
        )
        looks = [doctor.account, unreachable, lacking, no_cargo, doctor.alarms]
        said = list(doctor.examine(answered.deployment, looks))
        self.assertEqual(verdicts(said), ["bad"] * 5)
        self.assertIn("ses.example", said[1].todo)
        self.assertIn("the stack has no output Nothing", said[2].todo)
        self.assertIn("AccessDenied", said[4].todo)

    def test_a_stack_that_is_not_there_is_said_once_with_account_and_region(self):
        answered = Answered(CALLER, ("cloudformation", "describe_stacks", "ValidationError"))
        del answered.deployment.__dict__["description"]
        said = list(doctor.examine(answered.deployment))
        self.assertEqual(verdicts(said), ["ok", "bad"])
        self.assertEqual(said[0].what, "account 000000000000, Region eu-west-1")

    def test_an_api_that_is_something_else_is_said(self):
        for content in (b"<html>parked</html>", b"[]", None):
            with serving(content) as url:
                here = Answered().deployment
                here.outputs["ApiUrl"] = url.rstrip("/")
                (said,) = doctor.examine(here, [doctor.api])
                self.assertEqual(said.verdict, "bad")
                self.assertIn("does not answer as the API does", said.what)

    def test_the_simulator_gets_one_mail_or_says_why_not(self):
        for answer, verdict in (({"MessageId": "m1"}, "ok"), ("MessageRejected", "bad")):
            self.assertEqual(found(doctor.simulator, ("sesv2", "send_email", answer)), [verdict])

    def test_a_users_table_without_its_backup_is_warned_of(self):
        for backup, expected in [("ENABLED", []), ("DISABLED", ["warn"])]:
            self.assertEqual(found(doctor.users, *table(backup=backup)), expected)

    def test_a_users_table_that_is_not_there_is_left_to_the_look_at_its_mapping(self):
        self.assertEqual(found(doctor.users, NO_TABLE), [])

    def test_a_table_that_was_made_here_is_protected_and_one_of_an_app_is_granted(self):
        arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/bees"
        for protected, granted, expected in [
            (True, arn, []),
            (False, arn, ["warn"]),
            (True, "", ["bad"]),
        ]:
            answers = [*table(protected=protected), *table()]
            with (
                mock.patch.dict(RESOURCES, UsersTable="UsersTable"),
                mock.patch.object(doctor, "own_tables", lambda: {"b": "bees"}),
            ):
                self.assertEqual(found(doctor.users, *answers, UsersTableArns=granted), expected)

    def test_a_table_of_sessions_has_to_be_granted_and_to_have_no_users(self):
        file = {"users": {"sessions": {"table": "sids", "user_index": "by-user"}}, "apps": {"b": {}}}
        arn = "arn:aws:dynamodb:eu-west-1:000000000000:table/sids"
        both = {"SessionsTableArns": f"{arn},{arn}/index/by-user"}
        for parameters, expected in [
            (both, []),
            ({}, ["sids", "sids/index/by-user"]),
            ({"SessionsTableArns": arn}, ["sids/index/by-user"]),
            (both | {"UsersTableArns": arn}, ["sids"]),
        ]:
            self.assertEqual(grants.ungranted_session_tables(file, parameters), expected)
            with (
                mock.patch.object(doctor, "settings", lambda: file),
                mock.patch.object(doctor, "users_table", lambda *_: iter(())),
            ):
                self.assertEqual(found(doctor.users, **parameters), ["bad" for _ in expected])

    def test_a_key_of_a_users_table_that_the_functions_may_not_use_is_said(self):
        key = "arn:aws:kms:eu-west-1:000000000000:key/one"
        described = {"Status": "ENABLED", "SSEType": "KMS", "KMSMasterKeyArn": key}
        for parameters, expected in [
            ({}, ["warn"]),
            ({"UsersKeyArns": "arn:aws:kms:eu-west-1:000000000000:key/two"}, ["warn"]),
            ({"UsersKeyArns": f"arn:aws:kms:eu-west-1:000000000000:key/two,{key}"}, []),
            ({"TableKeyArn": key}, []),
        ]:
            deployment = Answered(**parameters).deployment
            said = doctor.encryption(deployment, "users", described)
            self.assertEqual(verdicts(said), expected, parameters)
        self.assertEqual(list(doctor.encryption(Answered().deployment, "users", {})), [])

    def test_how_an_identity_is_verified_depends_on_what_it_is(self):
        deployment = Answered(CreateSenderIdentity="true", OtherSenders="*@example.net").deployment
        for identity, word in [
            ("example.com", " SenderDkimRecord1"),
            ("example.net", "get-email-identity"),
            ("no-reply@example.com", "link"),
        ]:
            self.assertIn(word, doctor.verify(deployment, identity))

    def test_a_sender_is_one_of_the_patterns_of_the_role(self):
        for identity, others, sender, expected in [
            ("example.com", "", "Shop <no-reply@example.com>", True),
            ("example.com", "", "no-reply@mail.example.com", True),
            ("xn--bcher-kva.example", "", "B\u00fccher <No-Reply@b\u00fccher.example>", True),
            ("example.com", "", "no-reply@Example.com", False),
            ("example.com", "", "no-reply@notexample.com", False),
            ("no-reply@example.com", "", "no-reply@example.com", True),
            ("other@example.com", "", "no-reply@example.com", False),
            ("other@example.com", "*@example.com,x@example.org", "no-reply@example.com", True),
            ("mail.example.com", "x@example.org", "y@example.org", False),
        ]:
            parameters = {"SenderIdentity": identity, "OtherSenders": others}
            self.assertEqual(grants.may_send(parameters, sender), expected, (parameters, sender))
        named = {"SenderIdentity": "example.com", "OtherSenders": "*@*.example.org,x@example.net"}
        wanted = ["example.com", "example.org", "x@example.net"]
        self.assertEqual(grants.identities(named), wanted)
