"""The apps file, by its schema: every problem at once. The functions look closer at cold start."""

import json
import os
import unittest
from pathlib import Path

import jsonschema

INFRA = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((INFRA / "apps.schema.json").read_text())
APPS = Path(os.environ.get("APPS_FILE", INFRA / "apps" / "apps.json"))


def problems(apps: object) -> list[str]:
    """What is wrong, each with the place where it stands."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    return sorted(f"{error.json_path}: {error.message}" for error in validator.iter_errors(apps))


class Apps(unittest.TestCase):
    def test_the_schema_is_one(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_the_apps_keep_to_it(self):
        self.assertEqual(problems(json.loads(APPS.read_text())), [])

    def test_every_problem_is_told_at_once(self):
        app = json.loads((INFRA / "apps" / "apps.json").read_text())["apps"][0]
        app |= {"sendr": "x", "sender": 7, "display_name": " ", "accent_color": "blue"}
        app["users"] = {"key_attribute": "a..b", "emails_lowercase": "yes"}
        found = problems({"default": "Main!", "apps": [app]})
        places = [problem.split(":")[0] for problem in found]
        self.assertEqual(
            sorted(places),
            [
                "$.apps[0]",
                "$.apps[0].accent_color",
                "$.apps[0].display_name",
                "$.apps[0].sender",
                "$.apps[0].users",
                "$.apps[0].users.emails_lowercase",
                "$.apps[0].users.key_attribute",
                "$.default",
            ],
        )
