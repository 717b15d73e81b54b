"""The stack in front of the API keeps its rules, and each rule notices when it does not."""

import unittest

import edge
import sam
from faults import at, drop, put

ORIGIN = "Distribution/DistributionConfig/Origins/0"
SECRET = f"{ORIGIN}/OriginCustomHeaders/0/HeaderName"
HEADERS = "OriginRequestPolicy/OriginRequestPolicyConfig/HeadersConfig/Headers"


def header(*names: str):
    return lambda template: at(template, HEADERS).extend(names)


FAULTS = {
    "origin": {
        "no secret": drop(f"{ORIGIN}/OriginCustomHeaders"),
        "a header that nobody reads": put(SECRET, "X-Secret"),
        "in the open": put(f"{ORIGIN}/CustomOriginConfig/OriginProtocolPolicy", "match-viewer"),
        "by old TLS": put(f"{ORIGIN}/CustomOriginConfig/OriginSSLProtocols", ["TLSv1"]),
        "to somebody else": put(f"{ORIGIN}/DomainName", "api.example.net"),
        "shown by CloudFormation": drop("/Parameters/OriginSecret/NoEcho"),
        "the API's name": header("Host"),
        "nobody's address": drop(f"{HEADERS}/0"),
        "more than CloudFront takes": header("X-One", "X-Two"),
    },
    "paths": {
        "a cache": put("Distribution/DistributionConfig/DefaultCacheBehavior/CachePolicyId", "another"),
        "another cache": put(
            "Distribution/DistributionConfig/CacheBehaviors", [{"CachePolicyId": "another"}]
        ),
        "samples": put("WebAcl/VisibilityConfig/SampledRequestsEnabled", True),
        "a log": put("Distribution/DistributionConfig/Logging", {"Bucket": "logs"}),
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
                template = edge.load()
                put(SECRET, name)(template)
                wanted = f"origin: CloudFront refuses to add {name.lower()}"
                self.assertIn(wanted, edge.problems(template))

    def test_each_fault_is_noticed(self):
        self.assertEqual(FAULTS.keys(), {rule.__name__ for rule in edge.ALL})
        for rule, faults in FAULTS.items():
            for name, fault in faults.items():
                with self.subTest(rule, fault=name):
                    template = edge.load()
                    fault(template)
                    found = edge.problems(template)
                    self.assertTrue(any(it.startswith(f"{rule}: ") for it in found), found)
