"""The OpenAPI document names nobody's host, and whatever of its routes differs from the template's is noticed.

That none differs is what rules.routes says.
"""

import copy
import unittest

import deployments
import openapi
import rules
import sam

CONFIRM = "/v1/confirm-reset"
DOCUMENT = openapi.load()
# Every deployment has the same routes: rules.routes says so.
ROUTES = rules.targets(deployments.plain(sam.load()))
HOST = "https://api.example.com"
# Ways to break a copy.
FAULTS = {
    "an operation less": lambda it: it["paths"].pop(CONFIRM),
    "an operation more": lambda it: it["paths"].update({"/v1/more": {"get": {}}}),
    "another method": lambda it: it["paths"][CONFIRM].update(put={}),
    "another function": lambda it: it["paths"][CONFIRM]["post"].update({"x-function": "verify-token"}),
    "no function": lambda it: it["paths"][CONFIRM]["post"].pop("x-function"),
    "an invented host": lambda it: it["servers"].append({"url": HOST}),
    "an invented default": lambda it: it["servers"][0]["variables"]["api"].update(default=HOST),
}


def problems(document: dict) -> list[str]:
    return [*openapi.differences(document, ROUTES), *openapi.strangers(document)]


class Document(unittest.TestCase):
    def test_keeps_every_check(self):
        self.assertEqual(problems(DOCUMENT), [])

    def test_each_fault_is_noticed(self):
        for name, fault in FAULTS.items():
            with self.subTest(name):
                document = copy.deepcopy(DOCUMENT)
                fault(document)
                self.assertNotEqual(problems(document), [])
