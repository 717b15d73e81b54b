"""The OpenAPI document names nobody's host."""

import copy
import unittest

import openapi

HOST = "https://api.example.com"
FAULTS = {
    "an invented host": lambda it: it["servers"].append({"url": HOST}),
    "an invented default": lambda it: it["servers"][0]["variables"]["api"].update(default=HOST),
}


class Document(unittest.TestCase):
    def test_names_no_host(self):
        self.assertEqual(list(openapi.unknown_servers(openapi.load())), [])

    def test_each_fault_is_noticed(self):
        for name, fault in FAULTS.items():
            with self.subTest(name):
                document = copy.deepcopy(openapi.load())
                fault(document)
                self.assertNotEqual(list(openapi.unknown_servers(document)), [])
