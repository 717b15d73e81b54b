"""The events for `make invoke-*` are what API Gateway and the stream would send."""

import json
import sys
import unittest
from unittest import mock

import sam
import yaml

EVENTS = sam.ROOT / "infra" / "events"
sys.path.insert(0, str(EVENTS))

import fill  # noqa: E402


def event(name: str, **environment) -> dict:
    with mock.patch.dict("os.environ", environment):
        return fill.fill(json.loads((EVENTS / f"{name}.json").read_text()))


class Events(unittest.TestCase):
    def test_http_events_are_of_a_route(self):
        paths = yaml.safe_load((sam.ROOT / "infra" / "openapi.yaml").read_text())["paths"]
        for name in ("request-reset", "verify-token", "confirm-reset"):
            with self.subTest(name):
                filled = event(name, TOKEN="t", PASSWORD="p")
                key = filled["routeKey"]
                self.assertEqual(key, filled["requestContext"]["routeKey"])
                method, path = key.split()
                self.assertEqual(path, filled["rawPath"])
                self.assertEqual(paths[path][method.lower()]["x-function"], name)

    def test_a_value_cannot_leave_the_body(self):
        filled = event("confirm-reset", TOKEN='a"b', PASSWORD='c\\d "e" é')
        body = json.loads(filled["body"])
        self.assertEqual(body["token"], 'a"b')
        self.assertEqual(body["password"], 'c\\d "e" é')

    def test_a_missing_value_is_asked_for(self):
        with self.assertRaisesRegex(SystemExit, "TOKEN"):
            event("verify-token", TOKEN="")
