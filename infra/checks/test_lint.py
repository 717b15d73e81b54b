"""cfn-lint, on the template as it is written and on what SAM makes of it."""

import copy
import json
import unittest

import deployments
import sam
from cfnlint.api import lint
from cfnlint.config import ManualArgs
from faults import get, put

# Resources that would wait for each other.
CYCLES = {
    "a route's function knows the API": put(
        "VerifyTokenFunction/Environment/Variables/PUBLIC_URL", get("HttpApi.ApiEndpoint")
    ),
    "through a text": put("PseudonymKey/Description", {"Fn::Sub": "of ${HttpApi}"}),
}
# SAM puts the values of some parameters in and leaves the parameters behind, unused.
IGNORED = ["W2001"]


def complaints(template: dict) -> list[str]:
    config = ManualArgs(regions=["us-east-1"], ignore_checks=IGNORED)
    return [
        f"{match.rule.id} {match.message}" for match in lint(json.dumps(template), config=config)
    ]


class Lint(unittest.TestCase):
    def test_every_deployment_is_clean(self):
        for it in deployments.built(sam.load()):
            with self.subTest(it.name):
                self.assertEqual(complaints(it.template), [])

    def test_an_unknown_property_is_noticed_after_the_transform(self):
        template = copy.deepcopy(sam.load())
        template["Resources"]["TokensTable"]["Properties"]["Ttl"] = True
        self.assertTrue(complaints(deployments.plain(template).template))

    def test_a_reference_to_nothing_is_noticed(self):
        template = copy.deepcopy(sam.load())
        template["Outputs"]["ApiUrl"]["Value"] = {"Ref": "RestApi"}
        self.assertTrue(complaints(deployments.plain(template).template))

    def test_a_cycle_is_noticed(self):
        for name, fault in CYCLES.items():
            with self.subTest(name):
                template = sam.load()
                fault(template)
                found = complaints(deployments.plain(template).template)
                self.assertTrue([it for it in found if it.startswith("E3004")], found)
