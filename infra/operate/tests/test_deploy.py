"""What `make deploy` asks, saves and refuses."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import deploy
import section
from aws import ROOT, settings

SHIPPED = (ROOT / "infra" / "samconfig.toml").read_text()
APP = {
    "sender": "Shop <no-reply@shop.example>",
    "login_url": "https://app.shop.example/login",
    "support": "support@example.com",
}
USERS = {"email_index": "email-index"}
FILE = {"default_app": "shop", "apps": {"shop": APP}, "users": USERS}
FITTING = {"SenderIdentity": "shop.example", "AllowedOrigins": "https://app.shop.example"}
ARN = "arn:aws:dynamodb:eu-west-1:000000000000:table/"
INDEX = f"{ARN}people/index/email-index"


def told(*lines: str):
    """Answers in their order; one more would fail."""
    left = iter(lines)
    return lambda _: next(left)


class Asking(unittest.TestCase):
    def test_five_answers_are_all_and_only_what_differs_is_saved(self):
        read = told("eu-west-1", "shop.example", "https://app.shop.example/login", "", "ann@shop.example")
        found = section.settings(SHIPPED, "default")
        region, parameters, login = deploy.answers(found, FILE, None, read)
        self.assertEqual(region, "eu-west-1")
        self.assertRaises(StopIteration, read, "a sixth")
        self.assertEqual(deploy.problems(FILE, parameters, region, login), [])
        saved = deploy.differing(parameters)
        self.assertEqual(saved, FITTING | {"AlarmTarget": "ann@shop.example"})

    def test_a_named_table_and_those_of_the_file_become_arns(self):
        users = {"table": "bees", "email_index": "by-mail"}
        file = FILE | {"apps": {"shop": APP, "b": APP | {"users": users}}}
        read = told("eu-west-1", "shop.example", "", "people", "")
        _, parameters, _ = deploy.answers({}, file, lambda _: "000000000000", read)
        self.assertEqual(parameters["UsersTableArns"], f"{ARN}people,{ARN}bees")
        wanted = f"{ARN}people/index/email-index,{ARN}bees/index/by-mail"
        self.assertEqual(parameters["UsersIndexArns"], wanted)
        self.assertEqual(deploy.problems(file, parameters, "eu-west-1"), [])
        known = {"region": "eu-west-1", "parameter_overrides": [f"{k}={v}" for k, v in parameters.items()]}
        again = deploy.answers(known, FILE, None, told("", "", "", "-", ""))[1]
        self.assertEqual(again["UsersTableArns"], "")


    def test_tables_of_sessions_become_arns_wherever_users_are(self):
        ended = {"table": "sids", "user_index": "by-user"}
        file = FILE | {"users": USERS | {"sessions": ended}}
        for users in ("", "people", f"{ARN}people"):
            read = told("eu-west-1", "shop.example", "", users, "")
            _, parameters, _ = deploy.answers({}, file, lambda _: "000000000000", read)
            self.assertEqual(parameters["SessionsTableArns"], f"{ARN}sids,{ARN}sids/index/by-user")
            self.assertEqual(deploy.problems(file, parameters, "eu-west-1"), [])
            for wrong in ({"SessionsTableArns": f"{ARN}sids"}, {"UsersTableArns": f"{ARN}sids"}):
                found = deploy.problems(file, parameters | wrong, "eu-west-1")
                self.assertEqual(len([it for it in found if "users.sessions: sids" in it]), 1, found)


class Saving(unittest.TestCase):
    def test_the_section_says_it_and_all_else_stays(self):
        text = SHIPPED
        for parameters in (FITTING, FITTING | {"LogRetentionDays": "7"}, {}):
            text = deploy.written(text, "default", "eu-west-1", parameters)
            found = section.settings(text, "default")
            self.assertEqual(section.overrides(found), parameters)
            self.assertEqual(found["region"], "eu-west-1")
            for other in ("dev", "prod"):
                self.assertEqual(section.settings(text, other), section.settings(SHIPPED, other))
            self.assertEqual(found["stack_name"], "forgot-password")
        comments = [line for line in SHIPPED.splitlines() if line.startswith("#")]
        self.assertEqual([line for line in text.splitlines() if line.startswith("#")], comments)

    def test_answers_are_kept_where_the_section_had_none(self):
        narrow = SHIPPED.replace(" = ", "=")
        for shipped in (SHIPPED.replace("parameter_overrides = []\n", "", 1), narrow, ""):
            text = deploy.written(shipped, "default", "eu-west-1", FITTING)
            found = section.settings(text, "default")
            self.assertEqual(section.overrides(found), FITTING)
            self.assertEqual(section.settings(text, "prod"), section.settings(shipped, "prod"))


class Section(unittest.TestCase):
    def said(self, name: str, text: str, of: str) -> str:
        """What `make build` and `make deploy` are told."""
        out = io.StringIO()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "samconfig.toml")
            path.write_text(text)
            arguments = ["section.py", f"--config={path}", f"--section={of}", name]
            with mock.patch("sys.argv", arguments), contextlib.redirect_stdout(out):
                section.main()
        return out.getvalue().strip()

    def test_says_what_the_shipped_ones_have(self):
        for of in ("default", "dev", "prod"):
            self.assertEqual(self.said("Architecture", SHIPPED, of), "arm64")
            self.assertEqual(self.said("region", SHIPPED, of), "")
        self.assertEqual(self.said("stack_name", SHIPPED, "dev"), "forgot-password-dev")

    def test_each_may_differ(self):
        named = 'parameter_overrides = [\n  "Architecture=x86_64",\n  "SenderIdentity=example.com",\n  "Allow'
        text = SHIPPED.replace('parameter_overrides = [\n  "SenderIdentity=example.com",\n  "Allow', named, 1)
        found = [self.said("Architecture", text, of) for of in ("default", "dev", "prod")]
        self.assertEqual(found, ["arm64", "x86_64", "arm64"])


class Refusing(unittest.TestCase):
    def test_all_that_cannot_work_is_said_at_once(self):
        users = {"table": "bees"}
        file = FILE | {"apps": {"shop": APP | {"users": users}}}
        given = {
            "SenderIdentity": "other.example",
            "UsersTableArns": ARN.replace("eu-west-1", "us-east-1") + "people",
            "UsersIndexArns": INDEX,
        }
        found = deploy.problems(file, given, "eu-west-1", "https://other.example/login")
        for words in (
            "shop.sender: no-reply@shop.example is not one of *@other.example",
            "shop.users.table: bees is not in UsersTableArns",
            "is of us-east-1, and the stack will be in eu-west-1",
            "shop.login_url: it is not https://other.example/login",
        ):
            self.assertTrue(any(words in line for line in found), (words, found))
        self.assertEqual(len(found), 4)

    def test_the_table_that_is_made_is_what_the_settings_say(self):
        for users, wrong in (
            ({"email_index": "email-index", "name_attribute": "n"}, []),
            ({}, ["email_index"]),
            (USERS | {"key_attribute": "uid", "email_key": "E#{email}"}, ["key_attribute", "email_key"]),
            (USERS | {"table": "people"}, ["table"]),
        ):
            found = deploy.problems(FILE | {"users": users}, FITTING, "eu-west-1")
            self.assertEqual([line.split(": ")[1] for line in found], [f"users.{it}" for it in wrong])
        granted = FITTING | {"UsersTableArns": f"{ARN}people", "UsersIndexArns": INDEX}
        for users in ({"key_attribute": "email"}, USERS | {"table": "people"}):
            self.assertEqual(deploy.problems(FILE | {"users": users}, granted, "eu-west-1"), [])

    def test_the_index_that_the_settings_name_is_granted(self):
        given = {"UsersTableArns": f"{ARN}people,{ARN}bees"}
        bees = {"table": "bees", "email_index": "by-mail"}
        file = FILE | {"apps": {"shop": APP | {"users": bees}}}
        own = f"{ARN}bees/index/by-mail"
        for granted, wrong in (
            (f"{INDEX},{own}", []),
            (INDEX, ["apps.shop.users.email_index: bees/index/by-mail"]),
            (f"{ARN}bees/index/email-index,{own}", ["users.email_index: people/index/email-index"]),
        ):
            parameters = FITTING | given | {"UsersIndexArns": granted}
            found = deploy.problems(file, parameters, "eu-west-1")
            wanted = [f"infra/settings/settings.json: {it} is not in UsersIndexArns" for it in wrong]
            self.assertEqual(found, wanted)

    def test_a_value_that_the_template_would_refuse_is_refused_before_anything_is_built(self):
        for wrong in (
            {"Sender": "x.org"},
            {"DeploymentStyle": "Slow"},
            {"AllowedOrigins": "*"},
            {"ThrottlingRate": "0"},
            {"LinkLifetimeSeconds": "10"},
            {"LinkLifetimeSeconds": "abc"},
            {"AlarmTarget": "arn:aws:sns:us-east-1:000000000000:alarms"},
            {"HostMode": "domain"},
            {"PublicHostName": "auth.example.com"},
        ):
            self.assertEqual(len(deploy.problems(FILE, FITTING | wrong, "eu-west-1")), 1, wrong)
        (found,) = deploy.problems(FILE, {}, "eu-west-1")
        self.assertIn("SenderIdentity: it has to be given", found)

    def test_what_fits_is_not_refused(self):
        for name in ("dev", "prod"):
            shipped = section.overrides(section.settings(SHIPPED, name))
            self.assertEqual(deploy.problems(settings(), shipped, "eu-west-1"), [])
        self.assertEqual(deploy.problems(FILE, FITTING, "eu-west-1"), [])
        fitting = FITTING | {"SenderIdentity": "a@b.example", "OtherSenders": "*@shop.example"}
        self.assertEqual(deploy.problems(FILE, fitting, "eu-west-1"), [])
