"""The API's routes and what stands in front of them."""

import json
import re

import expected
import sam

ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]+)?")
BAD_ORIGINS = [
    "*",
    "https://*.example.com",
    "ftp://app.example.com",
    "https://app.example.com/",
    "https://app.example.com/path",
    "https://app.example.com,*",
    "https://app.example.com,",
    "null",
]
# The methods of the routes, and the headers that the frontends of other systems send and read.
CORS = {
    "allowMethods": ["GET", "POST", "PUT"],
    "allowHeaders": [
        "authorization",
        "content-type",
        "idempotency-key",
        "x-app-name",
        "x-provider-id",
    ],
    "allowCredentials": True,
    "exposeHeaders": ["retry-after"],
    "maxAge": 3600,
}
# All else may be secret: a path or a query holds a token, and a client's address is personal.
LOGGED = {
    "requestId",
    "requestTime",
    "routeKey",
    "protocol",
    "status",
    "responseLength",
    "responseLatency",
    "integrationLatency",
    "integrationStatus",
    "integrationErrorMessage",
    "error.responseType",
}


def definition(deployment) -> dict:
    return deployment.properties("HttpApi").get("Body", {})


def key_of(method: str, path: str) -> str:
    return path if method == "x-amazon-apigateway-any-method" else f"{method.upper()} {path}"


def integrations(deployment) -> dict:
    """What each route is integrated with, by its key."""
    return {
        key_of(method, path): operation["x-amazon-apigateway-integration"]
        for path, methods in definition(deployment).get("paths", {}).items()
        for method, operation in methods.items()
    }


def targets(deployment) -> dict:
    """The function of each route, by its key."""
    return {
        key: re.search(r"/functions/\$\{(\w+)[}.]", integration["uri"])[1].removesuffix(
            expected.ALIAS
        )
        for key, integration in integrations(deployment).items()
    }


def routes(deployment):
    """Each route goes to its function, and there are no others."""
    for key, integration in integrations(deployment).items():
        if integration.get("payloadFormatVersion") != "2.0":
            yield f"{key} does not use payload 2.0"
        if expected.ALIAS not in integration["uri"]:
            yield f"{key} goes past the alias"
    found = targets(deployment)
    for key in sorted(found.keys() | expected.ROUTES.keys()):
        if found.get(key) != expected.ROUTES.get(key):
            yield f"{key} goes to {found.get(key)} instead of {expected.ROUTES.get(key)}"


def permissions(deployment):
    """Only this API may call the functions behind routes, and only SES's events note reports."""
    allowed = {}
    reports = "${MailReportsFunction" + expected.ALIAS + "}"
    for name, permission in deployment.of_type("AWS::Lambda::Permission").items():
        source = permission.get("SourceArn", "")
        function = permission["FunctionName"]
        if function == reports:
            service, wanted = "events.amazonaws.com", source == "${MailReportsFunctionReport.Arn}"
        else:
            service, wanted = "apigateway.amazonaws.com", ":${HttpApi}/" in source
        if permission["Principal"] != service or not wanted:
            yield f"{name} lets others than the API and SES's events call a function"
        allowed.setdefault(function, name)
    routed = {"${" + function + expected.ALIAS + "}" for function in expected.ROUTES.values()}
    missing = (routed | {reports}) ^ allowed.keys()
    if missing:
        yield f"routes and permissions differ for {', '.join(sorted(missing))}"


def cors(deployment):
    """Exact origins only, as a list, and no way to allow all by a parameter."""
    found = definition(deployment).get("x-amazon-apigateway-cors", {})
    origins = found.get("allowOrigins")
    allowed = deployment.parameters.get("AllowedOrigins", "https://app.example.com").split(",")
    if origins != allowed:
        yield f"the allowed origins are {origins} instead of {allowed}"
    for origin in origins if isinstance(origins, list) else []:
        if not ORIGIN.fullmatch(origin):
            yield f"{origin} is no exact origin"
    for name, wanted in CORS.items():
        if found.get(name) != wanted:
            yield f"{name} is {found.get(name)}"
    if found.keys() - CORS.keys() - {"allowOrigins"}:
        yield f"CORS says {', '.join(sorted(found))}"
    pattern = deployment.template["Parameters"]["AllowedOrigins"].get("AllowedPattern", "")
    for origin in BAD_ORIGINS:
        if re.search(pattern, origin):
            yield f"AllowedOrigins accepts {origin}"


def stage(deployment) -> dict:
    stages = deployment.of_type("AWS::ApiGatewayV2::Stage").values()
    return next((stage for stage in stages if stage.get("StageName") == "$default"), {})


def access_log(deployment):
    """JSON with the route's key, into a group of its own, and nothing secret."""
    settings = stage(deployment).get("AccessLogSettings", {})
    text = settings.get("Format", "")
    try:
        fields = json.loads(text)
    except ValueError:
        fields = {}
    if "\n" in text or "$context.routeKey" not in fields.values():
        yield "the access log is not one line of JSON with the route's key"
    for name in sorted(set(re.findall(r"\$context\.([\w.]+)", text)) - LOGGED):
        yield f"the access log has {name}, which may be secret"
    if settings.get("DestinationArn") != "${AccessLogGroup.Arn}":
        yield "the access log does not go to its group"


LIMITS = {"ThrottlingRateLimit": "ThrottlingRate", "ThrottlingBurstLimit": "ThrottlingBurst"}


def throttling(deployment):
    """Every route has a limit; those that cost a mail or a hash have limits of their own."""
    written = next(
        (
            resource["Properties"]
            for resource in deployment.template["Resources"].values()
            if resource["Type"] == "AWS::ApiGatewayV2::Stage"
        ),
        {},
    )

    def limits(kind: str) -> dict:
        return {name: {"Ref": kind + parameter} for name, parameter in LIMITS.items()}

    if written.get("DefaultRouteSettings") != limits(""):
        yield f"the default limits are {written.get('DefaultRouteSettings')}"
    found = written.get("RouteSettings", {})
    wanted = {key: limits(kind) for kind, keys in expected.THROTTLED.items() for key in keys}
    for key in sorted(found.keys() | wanted.keys()):
        if found.get(key) != wanted.get(key):
            yield f"{key} has the limits {found.get(key)}"


def domain(deployment):
    """A name of one's own is the only way in, by TLS of today; the edge needs the API's own name."""
    name = deployment.parameters.get("DomainName")
    endpoint = definition(deployment).get("servers", [{}])[0]
    closed = endpoint.get("x-amazon-apigateway-endpoint-configuration", {})
    if closed.get("disableExecuteApiEndpoint") != bool(name):
        yield "the API's own name answers, or does not, against what was asked for"
    found = deployment.properties("Domain")
    if bool(name) != bool(found):
        yield f"the domain is {found}"
    for configuration in found.get("DomainNameConfigurations", []):
        if configuration.get("SecurityPolicy") != "TLS_1_2":
            yield "the domain takes old TLS"
    for resource, wanted in leads_here(deployment.parameters).items():
        if deployment.properties(resource) != wanted:
            yield f"{resource} is {deployment.properties(resource)}"
    both = deployment.parameters | {
        "DomainName": "a.example.com",
        "DomainCertificateArn": "arn:aws:acm:us-east-1:000000000000:certificate/c",
        "EdgeMode": "optional",
        "EdgeDomainName": "b.example.com",
    }
    alone = deployment.parameters | {"EdgeMode": "required", "EdgeDomainName": "", "DomainName": ""}
    bare = both | {"EdgeMode": "off", "DomainCertificateArn": ""}
    for what, parameters in {
        "a domain beside an edge": both,
        "an edge without a name": alone,
        "a domain without a certificate": bare,
    }.items():
        if sam.accepts(deployment.template, parameters):
            yield f"{what} is accepted"


def leads_here(parameters: dict) -> dict:
    """What brings people from a name of one's own to the API."""
    name = parameters.get("DomainName")
    if not name:
        return {"DomainMapping": {}, "DomainRecord": {}}
    mapping = {
        "ApiId": "${HttpApi}",
        "DomainName": "${Domain}",
        "Stage": "${HttpApiApiGatewayDefaultStage}",
    }
    target = {
        "DNSName": "${Domain.RegionalDomainName}",
        "HostedZoneId": "${Domain.RegionalHostedZoneId}",
    }
    zone = parameters["DomainHostedZoneId"]
    record = {"HostedZoneId": zone, "Name": name, "Type": "A", "AliasTarget": target}
    return {"DomainMapping": mapping, "DomainRecord": record}


def before_the_edge(deployment):
    """While the edge is set up it has no name yet, and links lead to where they are answered."""
    parameters = {"SenderIdentity": "example.com", "EdgeMode": "optional"}
    if not sam.accepts(deployment.template, parameters):
        yield "an edge cannot be set up before it has a name"
    resolver = sam.Resolver(deployment.template, parameters)
    worker = deployment.template["Resources"]["MailWorkerFunction"]["Properties"]
    links = resolver.value(worker["Environment"]["Variables"]["PUBLIC_URL"])
    shown = resolver.value(deployment.template["Outputs"]["ApiUrl"]["Value"])
    if {links, shown} != {"${HttpApi.ApiEndpoint}"}:
        yield f"before there is an edge, links lead to {links}, and the output says {shown}"
