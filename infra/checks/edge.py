"""The stack in front of the API."""

import re

from samtranslator.yaml_helper import yaml_parse

import sam

# Managed-CachingDisabled, and the zone of every distribution.
NO_CACHE = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ZONE = "Z2FDTNDATAQYW2"
PARAMETERS = {
    "AWS::Region": "us-east-1",
    "OriginDomainName": "abc123.execute-api.eu-west-1.amazonaws.com",
    "OriginSecret": "s" * 64,
    "DomainName": "auth.example.com",
    "CertificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/c",
    "HostedZoneId": "Z123",
    "RateLimit": 500,
    "ManagedRules": "Block",
}
MANAGED = {
    "reputation": "AWSManagedRulesAmazonIpReputationList",
    "known-bad": "AWSManagedRulesKnownBadInputsRuleSet",
    "common": "AWSManagedRulesCommonRuleSet",
}
# Metrics' names that WAF keeps for itself, in lower case: whether case matters is not documented.
RESERVED = {"all", "default_action"}


def visible(name: str) -> dict:
    """Metrics, and no samples of requests, whose paths hold tokens."""
    return {"CloudWatchMetricsEnabled": True, "MetricName": name, "SampledRequestsEnabled": False}


# First the rule that costs least and stops most.
RULES = [
    {
        "Name": "rate",
        "Priority": 0,
        "Action": {"Block": {}},
        "Statement": {
            "RateBasedStatement": {"AggregateKeyType": "IP", "Limit": PARAMETERS["RateLimit"]}
        },
        "VisibilityConfig": visible("rate"),
    },
    *(
        {
            "Name": name,
            "Priority": priority,
            "OverrideAction": {"None": {}},
            "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": group}},
            "VisibilityConfig": visible(name),
        }
        for priority, (name, group) in enumerate(MANAGED.items(), 1)
    ),
]
ACL = {
    "Scope": "CLOUDFRONT",
    "DefaultAction": {"Allow": {}},
    "VisibilityConfig": visible("acl"),
    "Rules": RULES,
}
# How the API is called: by TLS of today, for as long as it waits for a function itself.
CALLED = {
    "OriginProtocolPolicy": "https-only",
    "OriginSSLProtocols": ["TLSv1.2"],
    "OriginReadTimeout": 30,
}
# Every method that a route has, no answer from a cache, no request in clear.
BEHAVIOUR = {
    "TargetOriginId": "api",
    "ViewerProtocolPolicy": "redirect-to-https",
    "AllowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
    "Compress": True,
    "CachePolicyId": NO_CACHE,
    "OriginRequestPolicyId": "${OriginRequestPolicy}",
}
# What the functions look at, in the words of shared/src/http, and what a browser's CORS needs.
HEADERS = {
    "cloudfront-viewer-address",
    "accept-language",
    "access-control-request-headers",
    "access-control-request-method",
    "content-type",
    "idempotency-key",
    "origin",
    "user-agent",
    "x-app-name",
}
# Headers that CloudFront lets nobody add to requests for an origin, in lower case.
REFUSED = {
    "cache-control",
    "connection",
    "content-length",
    "cookie",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "max-forwards",
    "pragma",
    "proxy-authenticate",
    "proxy-authorization",
    "proxy-connection",
    "range",
    "request-range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "x-real-ip",
}
REFUSED_BEGINNINGS = ("x-amz-", "x-edge-")


def load() -> dict:
    """The template as it is written."""
    return yaml_parse((sam.ROOT / "infra" / "edge.yaml").read_text())


def properties(template: dict, name: str) -> dict:
    return sam.resolve(template, PARAMETERS).get(name, {}).get("Properties", {})


def read_by_functions() -> str:
    """The header in which the functions look for the secret."""
    source = (sam.ROOT / "shared" / "src" / "http" / "edge.rs").read_text()
    return re.search(r'const SECRET_HEADER: &str = "([^"]+)"', source)[1]


def firewall(template: dict):
    """A rate rule and AWS's managed rules, and no samples of requests."""
    acl = properties(template, "WebAcl")
    for key in sorted(acl.keys() | ACL.keys()):
        if acl.get(key) != ACL.get(key):
            yield f"{key} is {acl.get(key)}"
    for it in [acl, *acl.get("Rules", [])]:
        name = it.get("VisibilityConfig", {}).get("MetricName", "")
        if name.lower() in RESERVED:
            yield f"WAF keeps the name {name} for itself"
    counting = sam.resolve(template, PARAMETERS | {"ManagedRules": "Count"})
    rules = counting.get("WebAcl", {}).get("Properties", {}).get("Rules", [])
    if [it["OverrideAction"] for it in rules if "OverrideAction" in it] != [{"Count": {}}] * 3:
        yield "the managed rules cannot be made to count"


def origin(template: dict):
    """The API sees the edge's secret over TLS, whose request it is, and nothing from a cache."""
    distribution = properties(template, "Distribution").get("DistributionConfig", {})
    for found in distribution.get("Origins", []):
        headers = {
            it["HeaderName"].lower(): it["HeaderValue"]
            for it in found.get("OriginCustomHeaders", [])
        }
        if headers != {read_by_functions(): PARAMETERS["OriginSecret"]}:
            yield "the origin is not shown the secret"
        for name in headers:
            if name in REFUSED or name.startswith(REFUSED_BEGINNINGS):
                yield f"CloudFront refuses to add {name}"
        if found.get("DomainName") != PARAMETERS["OriginDomainName"]:
            yield f"the secret is shown to {found.get('DomainName')}"
        if found.get("CustomOriginConfig") != CALLED:
            yield f"the secret travels by {found.get('CustomOriginConfig')}"
    if len(distribution.get("Origins", [])) != 1:
        yield "there is not one origin"
    if not template["Parameters"]["OriginSecret"].get("NoEcho"):
        yield "the secret can be read in the stack's parameters"
    policy = properties(template, "OriginRequestPolicy").get("OriginRequestPolicyConfig", {})
    headers = {it.lower() for it in policy.get("HeadersConfig", {}).get("Headers", [])}
    if headers != HEADERS:
        yield f"the origin sees {', '.join(sorted(headers))}"
    if policy.get("QueryStringsConfig") != {"QueryStringBehavior": "all"}:
        yield "the origin does not see ?app="


def viewer(template: dict):
    """People get TLS of today, the firewall, every method, no cache, and no log of their paths."""
    distribution = properties(template, "Distribution").get("DistributionConfig", {})
    certificate = distribution.get("ViewerCertificate", {})
    if certificate.get("MinimumProtocolVersion") != "TLSv1.2_2021":
        yield "viewers may use old TLS"
    if distribution.get("WebACLId") != "${WebAcl.Arn}":
        yield "the firewall is not in use"
    if distribution.get("Logging"):
        yield "paths are logged, and a path may hold a token"
    behaviour = distribution.get("DefaultCacheBehavior")
    if behaviour != BEHAVIOUR or distribution.get("CacheBehaviors"):
        yield f"viewers are served by {behaviour}"
    for name, kind in (("RecordA", "A"), ("RecordAAAA", "AAAA")):
        record = {
            "HostedZoneId": PARAMETERS["HostedZoneId"],
            "Name": PARAMETERS["DomainName"],
            "Type": kind,
            "AliasTarget": {"DNSName": "${Distribution.DomainName}", "HostedZoneId": ZONE},
        }
        if properties(template, name) != record:
            yield f"{name} is {properties(template, name)}"


ALL = [firewall, origin, viewer]


def problems(template: dict) -> list[str]:
    """All that is wrong with it, each line with the name of the rule that says so."""
    return [f"{rule.__name__}: {problem}" for rule in ALL for problem in rule(template)]
