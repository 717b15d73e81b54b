"""The stack in front of the API keeps its rules, and each rule notices when it does not."""

import copy
import unittest

import edge
import sam
from faults import at, drop, properties, put

DISTRIBUTION = properties("Distribution", "DistributionConfig")
SECRET = (*DISTRIBUTION, "Origins", 0, "OriginCustomHeaders", 0)
CALLED = (*DISTRIBUTION, "Origins", 0, "CustomOriginConfig")
HEADERS = properties("OriginRequestPolicy", "OriginRequestPolicyConfig", "HeadersConfig", "Headers")


def header(*names: str):
    return lambda template: at(template, *HEADERS).extend(names)


FAULTS = {
    "origin": {
        "no secret": drop(*DISTRIBUTION, "Origins", 0, "OriginCustomHeaders"),
        "a header that nobody reads": put(*SECRET, "HeaderName", "X-Secret"),
        "in the open": put(*CALLED, "OriginProtocolPolicy", "match-viewer"),
        "by old TLS": put(*CALLED, "OriginSSLProtocols", ["TLSv1"]),
        "to somebody else": put(*DISTRIBUTION, "Origins", 0, "DomainName", "api.example.net"),
        "shown by CloudFormation": drop("Parameters", "OriginSecret", "NoEcho"),
        "the API's name": header("Host"),
        "nobody's address": drop(*HEADERS, 0),
        "more than CloudFront takes": header("X-One", "X-Two"),
    },
    "paths": {
        "a cache": put(*DISTRIBUTION, "DefaultCacheBehavior", "CachePolicyId", "another"),
        "another cache": put(*DISTRIBUTION, "CacheBehaviors", [{"CachePolicyId": "another"}]),
        "samples": put(*properties("WebAcl", "VisibilityConfig"), "SampledRequestsEnabled", True),
        "a log": put(*DISTRIBUTION, "Logging", {"Bucket": "logs"}),
    },
}


class Edge(unittest.TestCase):
    def test_keeps_every_rule(self):
        self.assertEqual(edge.problems(edge.load()), [])

    def test_goes_to_virginia_alone(self):
        self.assertEqual(sam.refused(edge.load(), edge.PARAMETERS), [])
        elsewhere = edge.PARAMETERS | {"AWS::Region": "eu-west-1"}
        self.assertTrue(sam.refused(edge.load(), elsewhere))

    def test_headers_that_cloudfront_refuses_are_noticed(self):
        for name in ("X-Edge-Secret", "x-amz-secret", "X-Real-Ip", "Host"):
            with self.subTest(name):
                template = copy.deepcopy(edge.load())
                put(*SECRET, "HeaderName", name)(template)
                wanted = f"origin: CloudFront refuses to add {name.lower()}"
                self.assertIn(wanted, edge.problems(template))

    def test_each_fault_is_noticed(self):
        self.assertEqual(FAULTS.keys(), {rule.__name__ for rule in edge.ALL})
        for rule, faults in FAULTS.items():
            for name, fault in faults.items():
                with self.subTest(rule, fault=name):
                    template = copy.deepcopy(edge.load())
                    fault(template)
                    found = edge.problems(template)
                    self.assertTrue(any(it.startswith(f"{rule}: ") for it in found), found)
