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
    "ManagedRules": "Block",
}
MANAGED = {
    "AWSManagedRulesAmazonIpReputationList",
    "AWSManagedRulesKnownBadInputsRuleSet",
    "AWSManagedRulesCommonRuleSet",
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
    """A rate rule and AWS's managed rules, and no samples of requests, whose paths hold tokens."""
    acl = properties(template, "WebAcl")
    rules = acl.get("Rules", [])
    rates = [it["Statement"].get("RateBasedStatement") for it in rules if "Action" in it]
    if not any(rate and rate.get("AggregateKeyType") == "IP" for rate in rates):
        yield "there is no rate rule"
    groups = {
        it["Statement"]["ManagedRuleGroupStatement"]["Name"]
        for it in rules
        if it.get("OverrideAction") == {"None": {}}
    }
    if groups != MANAGED:
        yield f"the managed rules are {', '.join(sorted(groups))}"
    for it in [acl, *rules]:
        if it.get("VisibilityConfig", {}).get("SampledRequestsEnabled") is not False:
            yield "requests are sampled"


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
        if found.get("CustomOriginConfig", {}).get("OriginProtocolPolicy") != "https-only":
            yield "the secret travels in the open"
    behaviour = distribution.get("DefaultCacheBehavior", {})
    if behaviour.get("CachePolicyId") != NO_CACHE:
        yield "answers are cached"
    policy = properties(template, "OriginRequestPolicy").get("OriginRequestPolicyConfig", {})
    headers = {it.lower() for it in policy.get("HeadersConfig", {}).get("Headers", [])}
    if headers != HEADERS:
        yield f"the origin sees {', '.join(sorted(headers))}"
    if policy.get("QueryStringsConfig") != {"QueryStringBehavior": "all"}:
        yield "the origin does not see ?app="


def viewer(template: dict):
    """People get TLS of today, the firewall, and no log of their paths."""
    distribution = properties(template, "Distribution").get("DistributionConfig", {})
    certificate = distribution.get("ViewerCertificate", {})
    if certificate.get("MinimumProtocolVersion") != "TLSv1.2_2021":
        yield "viewers may use old TLS"
    if distribution.get("WebACLId") != "${WebAcl.Arn}":
        yield "the firewall is not in use"
    if distribution.get("Logging"):
        yield "paths are logged, and a path may hold a token"
    for name in ("RecordA", "RecordAAAA"):
        if properties(template, name).get("AliasTarget", {}).get("HostedZoneId") != ZONE:
            yield f"{name} leads nowhere"


ALL = [firewall, origin, viewer]


def problems(template: dict) -> list[str]:
    """All that is wrong with it, each line with the name of the rule that says so."""
    return [f"{rule.__name__}: {problem}" for rule in ALL for problem in rule(template)]
