"""Faults of the API."""

from faults.changes import drop, event, extra, get, properties, put, ref, resource

CORS = properties("HttpApi", "CorsConfiguration", "Fn::If", 1)
ACCESS_LOG = properties("HttpApi", "AccessLogSettings")
OPEN_ROUTE = {
    "Type": "HttpApi",
    "Properties": {"ApiId": ref("HttpApi"), "Method": "POST", "Path": "/v1/work"},
}


def log(*fields: str):
    """An access log of other fields."""
    text = ",".join(f'"{number}":"$context.{field}"' for number, field in enumerate(fields))
    return put(*ACCESS_LOG, "Format", "{" + text + "}")


def drop_alias(template: dict):
    """Lets the API call whatever was deployed last."""
    del template["Globals"]["Function"]["AutoPublishAlias"]
    for resource in template["Resources"].values():
        resource["Properties"].pop("DeploymentPreference", None)


FAULTS = {
    "api.routes": {
        "another path": put(*event("VerifyTokenFunction", "Settings"), "Path", "/v2/settings"),
        "another method": put(*event("RequestResetFunction", "RequestReset"), "Method", "PUT"),
        "a route less": drop(*properties("ConfirmResetFunction", "Events", "ConfirmReset")),
        "a route more": put(*properties("ConfirmResetFunction", "Events"), "More", OPEN_ROUTE),
        "no default": drop(*properties("VerifyTokenFunction", "Events", "Default")),
        "past the alias": drop_alias,
        "old payload": put(
            *event("RequestResetFunction", "RequestReset"), "PayloadFormatVersion", "1.0"
        ),
    },
    "api.permissions": {
        "a route to the worker": put(
            *properties("MailWorkerFunction", "Events"), "Open", OPEN_ROUTE
        ),
        "anyone may invoke": extra(
            "Open",
            "AWS::Lambda::Permission",
            Action="lambda:InvokeFunction",
            FunctionName=ref("RequestResetFunction"),
            Principal="*",
        ),
    },
    "api.cors": {
        "every origin": put(*CORS, "AllowOrigins", ["*"]),
        "every subdomain": put(*CORS, "AllowOrigins", ["https://*.example.com"]),
        "a list that SAM joins": put(
            *properties("HttpApi"), "CorsConfiguration", {"AllowOrigins": ref("AllowedOrigins")}
        ),
        "every header": put(*CORS, "AllowHeaders", ["*"]),
        "no PUT": put(*CORS, "AllowMethods", ["GET", "POST"]),
        "no app": put(*CORS, "AllowHeaders", ["content-type"]),
        "no time to wait": drop(*CORS, "ExposeHeaders"),
        "no credentials": drop(*CORS, "AllowCredentials"),
        "no key": put(*CORS, "AllowHeaders", ["content-type", "idempotency-key", "x-app-name"]),
        "no pattern": drop("Parameters", "AllowedOrigins", "AllowedPattern"),
        "a loose pattern": put("Parameters", "AllowedOrigins", "AllowedPattern", "^https://.+$"),
    },
    "api.access_log": {
        "the path": log("routeKey", "path"),
        "the query": log("routeKey", "rawQueryString"),
        "the client": log("routeKey", "identity.sourceIp"),
        "no route": log("status"),
        "not JSON": put(*ACCESS_LOG, "Format", "$context.routeKey $context.status"),
        "another group": put(*ACCESS_LOG, "DestinationArn", get("MailWorkerLogGroup", "Arn")),
    },
    "api.domain": {
        "two ways in": drop(*properties("HttpApi", "DisableExecuteApiEndpoint")),
        "no way in": put(*properties("HttpApi"), "DisableExecuteApiEndpoint", True),
        "always a domain": drop(*resource("Domain", "Condition")),
        "old TLS": put(
            *properties("Domain", "DomainNameConfigurations", 0), "SecurityPolicy", "TLS_1_0"
        ),
        "no record": drop(*resource("DomainRecord")),
        "a record of elsewhere": put(
            *properties("DomainRecord", "AliasTarget"), "DNSName", "example.net"
        ),
        "a domain without a certificate": drop("Rules", "WholeDomain", "Assertions", 0),
        "another stage": put(*properties("DomainMapping"), "Stage", "prod"),
        "a domain beside an edge": drop("Rules", "WholeDomain"),
        "an edge without a name": drop("Rules", "WholeEdge"),
    },
    "api.before_the_edge": {
        "no way to set it up": put(
            *("Rules", "WholeEdge", "RuleCondition"),
            {"Fn::Not": [{"Fn::Equals": [ref("EdgeMode"), "off"]}]},
        ),
        "links to nowhere": drop("Conditions", "HasEdgeName", "Fn::And", 1),
        "an output of nothing": put(
            *("Outputs", "ApiUrl", "Value"), {"Fn::Sub": "https://${EdgeDomainName}"}
        ),
    },
    "api.throttling": {
        "a mail without its limit": drop(
            *properties("HttpApi", "RouteSettings", "POST /v1/request-reset")
        ),
        "a hash with the limit of a mail": put(
            *properties("HttpApi", "RouteSettings", "POST /v1/confirm-reset"),
            "ThrottlingRateLimit",
            ref("RequestThrottlingRate"),
        ),
        "no rate": drop(*properties("HttpApi", "DefaultRouteSettings", "ThrottlingRateLimit")),
        "no burst": drop(*properties("HttpApi", "DefaultRouteSettings", "ThrottlingBurstLimit")),
        "no limits": drop(*properties("HttpApi", "DefaultRouteSettings")),
    },
}
