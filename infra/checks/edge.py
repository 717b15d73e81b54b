"""What must hold of the stack in front of the API; in full it stands in the snapshot in-front.yaml."""

import re

import sam
from samtranslator.yaml_helper import yaml_parse

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
# CloudFront takes no more in a policy.
MOST_HEADERS = 10
# What CloudFront lets nobody add to requests for an origin, in lower case.
REFUSED = re.compile(
    "x-amz-.*|x-edge-.*|x-real-ip|host|cookie|cache-control|connection|content-length|expect|"
    "if-.*|max-forwards|pragma|proxy-.*|range|request-range|te|trailer|transfer-encoding|upgrade|via"
)
# Managed-CachingDisabled: every answer is for one person.
NO_CACHE = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"


def load() -> dict:
    """The template as it is written."""
    return yaml_parse((sam.ROOT / "infra" / "edge.yaml").read_text())


def properties(template: dict, name: str) -> dict:
    return sam.resolve(template, PARAMETERS).get(name, {}).get("Properties", {})


def read_by_functions() -> str:
    """The header in which the functions look for the secret."""
    source = (sam.ROOT / "shared" / "src" / "http" / "edge.rs").read_text()
    return re.search(r'const SECRET_HEADER: &str = "([^"]+)"', source)[1]


def origin(template: dict):
    """The API sees the edge's secret over TLS, and whose request it is; nobody else sees either."""
    distribution = properties(template, "Distribution").get("DistributionConfig", {})
    for found in distribution.get("Origins", []):
        added = found.get("OriginCustomHeaders", [])
        headers = {it["HeaderName"].lower(): it["HeaderValue"] for it in added}
        if headers != {read_by_functions(): PARAMETERS["OriginSecret"]}:
            yield "the origin is not shown the secret"
        for name in filter(REFUSED.fullmatch, headers):
            yield f"CloudFront refuses to add {name}"
        called = found.get("CustomOriginConfig", {})
        tls = (called.get("OriginProtocolPolicy"), called.get("OriginSSLProtocols"))
        if found.get("DomainName") != PARAMETERS["OriginDomainName"] or tls != ("https-only", ["TLSv1.2"]):
            yield f"the secret goes to {found.get('DomainName')} by {tls}"
    if not template["Parameters"]["OriginSecret"].get("NoEcho"):
        yield "the secret can be read in the stack's parameters"
    policy = properties(template, "OriginRequestPolicy").get("OriginRequestPolicyConfig", {})
    seen = {it.lower() for it in policy.get("HeadersConfig", {}).get("Headers", [])}
    if "cloudfront-viewer-address" not in seen or "host" in seen or len(seen) > MOST_HEADERS:
        yield f"the origin sees {', '.join(sorted(seen))}"


def paths(template: dict):
    """A path may hold a token: none is kept in a cache, as a sample or in a log."""
    distribution = properties(template, "Distribution").get("DistributionConfig", {})
    behaviours = [distribution.get("DefaultCacheBehavior", {}), *distribution.get("CacheBehaviors", [])]
    if {it.get("CachePolicyId") for it in behaviours} != {NO_CACHE}:
        yield "answers are cached"
    acl = properties(template, "WebAcl")
    for it in [acl, *acl.get("Rules", [])]:
        if it.get("VisibilityConfig", {}).get("SampledRequestsEnabled") is not False:
            yield "samples are kept"
    if distribution.get("Logging"):
        yield "requests are logged"


ALL = [origin, paths]


def problems(template: dict) -> list[str]:
    """All that is wrong with it, each line with the name of the rule that says so."""
    return [f"{rule.__name__}: {problem}" for rule in ALL for problem in rule(template)]
