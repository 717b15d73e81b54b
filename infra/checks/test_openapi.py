"""The OpenAPI document has the routes of the template."""

import copy
import re
import unittest

import deployments
import openapi
import rules
import sam

CONFIRM = "/v1/confirm-reset"
DOCUMENT = openapi.load()
# Every deployment has the same routes: rules.routes says so.
ROUTES = rules.targets(deployments.plain(sam.load()))


def operation(document: dict, path: str = CONFIRM, method: str = "post") -> dict:
    return document["paths"][path][method]


def differences(document: dict):
    return openapi.differences(document, ROUTES)


# Ways to break a copy, by what has to notice.
FAULTS = {
    differences: {
        "an operation less": lambda it: it["paths"].pop(CONFIRM),
        "an operation more": lambda it: it["paths"].update({"/v1/more": {"get": {}}}),
        "another method": lambda it: it["paths"][CONFIRM].update(put={}),
        "another function": lambda it: operation(it).update({"x-function": "verify-token"}),
        "no function": lambda it: operation(it).pop("x-function"),
    },
    openapi.strangers: {
        "an invented host": lambda it: it["servers"].append({"url": "https://api.example.com"}),
        "an invented default": lambda it: it["servers"][0]["variables"]["api"].update(
            default="https://api.example.com"
        ),
    },
}


class Document(unittest.TestCase):
    """The document itself."""

    def test_keeps_every_check(self):
        for check in FAULTS:
            with self.subTest(check.__name__):
                self.assertEqual(list(check(DOCUMENT)), [])

    def test_has_operations_of_every_function(self):
        found = set(openapi.operations(DOCUMENT).values())
        self.assertEqual(found, {"request-reset", "verify-token", "confirm-reset"})


class BrokenDocument(unittest.TestCase):
    """Copies of the document, each with one fault."""


def noticed(check, fault):
    def test(self):
        document = copy.deepcopy(DOCUMENT)
        fault(document)
        self.assertNotEqual(list(check(document)), [])

    return test


for check, broken in FAULTS.items():
    for description, fault in broken.items():
        words = re.sub(r"\W+", "_", f"{check.__name__} {description}")
        setattr(BrokenDocument, f"test_{words}", noticed(check, fault))
