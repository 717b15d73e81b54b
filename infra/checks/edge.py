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
# Metrics' names that WAF keeps for itself, in lower case: whether case matters is not documented.
RESERVED = {"all", "default_action"}
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


def firewall(template: dict):
    """A flood is refused, managed rules refuse or count as asked, and no request is kept as a sample."""
    acl = properties(template, "WebAcl")
    rules = acl.get("Rules", [])
    rates = [it for it in rules if "RateBasedStatement" in it["Statement"]]
    if [it.get("Action") for it in rates] != [{"Block": {}}]:
        yield f"a flood is met by {rates}"
    if any(it.get("OverrideAction", {"None": {}}) != {"None": {}} for it in rules):
        yield "managed rules do not refuse"
    for it in [acl, *rules]:
        visible = it.get("VisibilityConfig", {})
        if visible.get("SampledRequestsEnabled") is not False:
            yield "samples are kept, whose paths hold tokens"
        if visible.get("MetricName", "all").lower() in RESERVED:
            yield f"WAF keeps the name {visible.get('MetricName')} for itself"


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


def viewer(template: dict):
    """People get TLS of today, the firewall, no cache, and no log of their paths."""
    distribution = properties(template, "Distribution").get("DistributionConfig", {})
    if distribution.get("ViewerCertificate", {}).get("MinimumProtocolVersion") != "TLSv1.2_2021":
        yield "viewers may use old TLS"
    if distribution.get("WebACLId") != "${WebAcl.Arn}":
        yield "the firewall is not in use"
    if distribution.get("Logging"):
        yield "paths are logged, and a path may hold a token"
    behaviour = distribution.get("DefaultCacheBehavior", {})
    served = (behaviour.get("CachePolicyId"), behaviour.get("ViewerProtocolPolicy"))
    if served != (NO_CACHE, "redirect-to-https") or distribution.get("CacheBehaviors"):
        yield f"viewers are served by {behaviour}"


ALL = [firewall, origin, viewer]


def problems(template: dict) -> list[str]:
    """All that is wrong with it, each line with the name of the rule that says so."""
    return [f"{rule.__name__}: {problem}" for rule in ALL for problem in rule(template)]
