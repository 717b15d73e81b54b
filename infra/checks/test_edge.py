"""The stack in front of the API keeps its rules, and each rule notices when it does not."""

import copy
import unittest

import edge
import sam
from faults import at, drop, properties, put
from test_lint import complaints

DISTRIBUTION = properties("Distribution", "DistributionConfig")
SECRET = (*DISTRIBUTION, "Origins", 0, "OriginCustomHeaders", 0)
FAULTS = {
    "firewall": {
        "no rate": drop(*properties("WebAcl", "Rules", 0)),
        "a managed rule less": drop(*properties("WebAcl", "Rules", 3)),
        "counts only": put(*properties("WebAcl", "Rules", 2), "OverrideAction", {"Count": {}}),
        "the rate counts only": put(*properties("WebAcl", "Rules", 0), "Action", {"Count": {}}),
        "a rate of its own": put(
            *properties("WebAcl", "Rules", 0, "Statement", "RateBasedStatement"),
            "Limit",
            2_000_000_000,
        ),
        "never counts": put(
            *properties("WebAcl", "Rules", 2), "OverrideAction", {"None": {}}
        ),
        "of a Region": put(*properties("WebAcl"), "Scope", "REGIONAL"),
        "all refused": put(*properties("WebAcl"), "DefaultAction", {"Block": {}}),
        "a name that WAF keeps": put(*properties("WebAcl", "VisibilityConfig"), "MetricName", "All"),
        "samples": put(
            *properties("WebAcl", "Rules", 0, "VisibilityConfig"), "SampledRequestsEnabled", True
        ),
    },
    "origin": {
        "no secret": drop(*DISTRIBUTION, "Origins", 0, "OriginCustomHeaders"),
        "a header that nobody reads": put(*SECRET, "HeaderName", "X-Secret"),
        "in the open": put(
            *DISTRIBUTION,
            "Origins",
            0,
            "CustomOriginConfig",
            "OriginProtocolPolicy",
            "match-viewer",
        ),
        "by old TLS": put(
            *DISTRIBUTION, "Origins", 0, "CustomOriginConfig", "OriginSSLProtocols", ["TLSv1"]
        ),
        "to somebody else": put(*DISTRIBUTION, "Origins", 0, "DomainName", "api.example.net"),
        "shown by CloudFormation": drop("Parameters", "OriginSecret", "NoEcho"),
        "the API's name": lambda template: at(
            template, *properties("OriginRequestPolicy", "OriginRequestPolicyConfig")
        )["HeadersConfig"]["Headers"].append("Host"),
        "nobody's address": drop(
            *properties("OriginRequestPolicy", "OriginRequestPolicyConfig"),
            "HeadersConfig",
            "Headers",
            0,
        ),
        "no app": put(
            *properties("OriginRequestPolicy", "OriginRequestPolicyConfig"),
            "QueryStringsConfig",
            {"QueryStringBehavior": "none"},
        ),
    },
    "viewer": {
        "a cache": put(*DISTRIBUTION, "DefaultCacheBehavior", "CachePolicyId", "another"),
        "in clear": put(
            *DISTRIBUTION, "DefaultCacheBehavior", "ViewerProtocolPolicy", "allow-all"
        ),
        "no forms": put(*DISTRIBUTION, "DefaultCacheBehavior", "AllowedMethods", ["GET", "HEAD"]),
        "no record": drop("Resources", "RecordAAAA"),
        "old TLS": put(*DISTRIBUTION, "ViewerCertificate", "MinimumProtocolVersion", "TLSv1"),
        "no firewall": drop(*DISTRIBUTION, "WebACLId"),
        "a log": put(*DISTRIBUTION, "Logging", {"Bucket": "logs"}),
        "a record of elsewhere": put(
            *properties("RecordA"), "AliasTarget", {"DNSName": "x", "HostedZoneId": "Z"}
        ),
    },
}


class Edge(unittest.TestCase):
    def test_keeps_every_rule(self):
        self.assertEqual(edge.problems(edge.load()), [])

    def test_is_clean(self):
        self.assertEqual(complaints(edge.load()), [])

    def test_goes_to_virginia_alone(self):
        accepted = edge.PARAMETERS | {"AWS::Region": "eu-west-1"}
        self.assertTrue(sam.accepts(edge.load(), edge.PARAMETERS))
        self.assertFalse(sam.accepts(edge.load(), accepted))

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
