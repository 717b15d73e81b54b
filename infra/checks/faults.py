"""Ways to break the template, by the rule that has to notice. A fault changes a copy in place."""

VARIABLES = ("Globals", "Function", "Environment", "Variables")
LOGGING = ("Globals", "Function", "LoggingConfig")


def at(template: dict, *path):
    """The part of a template at a path of names and positions."""
    for step in path:
        template = template[step]
    return template


def put(*path):
    """Sets the last but one step of a path to the last."""
    *way, key, value = path
    return lambda template: at(template, *way).__setitem__(key, value)


def drop(*path):
    """Removes what is at a path."""
    *way, key = path
    return lambda template: at(template, *way).__delitem__(key)


def resource(name: str, *path) -> tuple:
    """The path of a resource, or of a part of it."""
    return ("Resources", name, *path)


def properties(name: str, *path) -> tuple:
    """The path of a resource's properties, or of one of them."""
    return resource(name, "Properties", *path)


def event(function: str, name: str, *path) -> tuple:
    """The path of what calls a function."""
    return properties(function, "Events", name, "Properties", *path)


def variable(function: str, name: str, value):
    """Tells a function a value."""
    return put(*properties(function, "Environment", "Variables"), name, value)


def extra(name: str, kind: str, **added):
    """Adds a resource."""
    return put("Resources", name, {"Type": kind, "Properties": added})


def statement(template: dict, role: str, sid: str) -> dict:
    """A statement of a role, also one that only some deployments have."""
    found = at(template, *properties(role, "Policies", 0, "PolicyDocument", "Statement"))
    found = [it["Fn::If"][1] if "Fn::If" in it else it for it in found]
    return next(it for it in found if it["Sid"] == sid)


def change(role: str, sid: str, **changes):
    """Changes a statement of a role."""
    return lambda template: statement(template, role, sid).update(changes)


def grant(role: str, action: str, to):
    """Lets a role do one thing more."""
    added = {"Sid": "More", "Effect": "Allow", "Action": action, "Resource": to}
    way = properties(role, "Policies", 0, "PolicyDocument", "Statement")
    return lambda template: at(template, *way).append(added)


def keys(role: str, sid: str, patterns: list[str]):
    """Changes which items a statement is about."""
    condition = {"dynamodb:LeadingKeys": patterns}
    return lambda template: statement(template, role, sid)["Condition"].update(
        {"ForAllValues:StringLike": condition}
    )


def unconditional(role: str, sid: str, key: str):
    """Takes a condition key out of a statement, under whichever operators it stands."""

    def fault(template: dict):
        for found in statement(template, role, sid)["Condition"].values():
            found.pop(key, None)

    return fault


def get(name: str, attribute: str) -> dict:
    """An attribute of a resource, as a template refers to it."""
    return {"Fn::GetAtt": [name, attribute]}


def ref(name: str) -> dict:
    """A resource or a parameter, as a template refers to it."""
    return {"Ref": name}


def nested(stack: str, name: str, *path) -> tuple:
    """The path of the properties of a resource of a nested stack, or of one of them."""
    return properties(stack, "TemplateURL", "Resources", name, "Properties", *path)


def log(*fields: str):
    """An access log of other fields."""
    text = ",".join(f'"{number}":"$context.{field}"' for number, field in enumerate(fields))
    return put(*properties("HttpApi", "AccessLogSettings"), "Format", "{" + text + "}")


def without_alias(template: dict):
    """Lets the API call whatever was deployed last."""
    del template["Globals"]["Function"]["AutoPublishAlias"]
    template["Globals"]["Function"].pop("DeploymentPreference")
    for it in template["Resources"].values():
        it.get("Properties", {}).pop("DeploymentPreference", None)


def issues(template: dict):
    condition = statement(template, "VerifyTokenRole", "NeverIssue")["Condition"]
    condition["ForAnyValue:StringEquals"]["dynamodb:Attributes"].remove("codes")


CORS = properties("HttpApi", "CorsConfiguration", "Fn::If", 1)
BUCKET = properties("DeadLetterBucket")
ANY_IDENTITY = {"Fn::Sub": "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*"}

ALL = {
    "routes": {
        "no default": drop(*properties("VerifyTokenFunction", "Events", "Default")),
        "past the alias": without_alias,
        "old payload": put(
            *event("RequestResetFunction", "PostV1RequestReset"), "PayloadFormatVersion", "1.0"
        ),
    },
    "callers": {
        "a way past the API": put(
            *properties("VerifyTokenFunction"), "FunctionUrlConfig", {"AuthType": "NONE"}
        ),
        "anyone": extra(
            "Open",
            "AWS::Lambda::Permission",
            Action="lambda:InvokeFunction",
            FunctionName=ref("RequestResetFunction"),
            Principal="*",
        ),
    },
    "cors": {
        "every origin": put(*CORS, "AllowOrigins", ["*"]),
        "a list that SAM joins": put(
            *properties("HttpApi"), "CorsConfiguration", {"AllowOrigins": ref("AllowedOrigins")}
        ),
        "every header": put(*CORS, "AllowHeaders", ["*"]),
        "any text": put("Parameters", "AllowedOrigins", "AllowedPattern", "^.*$"),
    },
    "access_log": {
        "the path": log("routeKey", "path"),
        "the client": log("routeKey", "identity.sourceIp"),
        "no route": log("requestId"),
        "several lines": put(*properties("HttpApi", "AccessLogSettings"), "Format", "{\n}"),
    },
    "hosts": {
        "a second way in": drop(*properties("HttpApi", "DisableExecuteApiEndpoint")),
        "closed while links lead there": put(
            *properties("HttpApi"), "DisableExecuteApiEndpoint", {"Fn::If": ["HasDomain", True, False]}
        ),
        "nobody asks for the edge": variable("VerifyTokenFunction", "EDGE_MODE", "optional"),
    },
    "secrets": {
        "a short one": put(*properties("PseudonymKey", "GenerateSecretString"), "PasswordLength", 8),
        "a given one": put(*properties("PseudonymKey"), "SecretString", "k" * 64),
        "the key in the open": put(*VARIABLES, "PSEUDONYM_KEY", "k" * 32),
        "somebody's edge": variable("VerifyTokenFunction", "EDGE_SECRET", "s" * 32),
    },
    "settings": {
        "changes for this machine": put(*VARIABLES, "SETTINGS_OVERRIDES", "{}"),
        "changes by a parameter": variable("ConfirmResetFunction", "SETTINGS_OVERRIDES", ref("HostMode")),
    },
    "logs": {
        "lines dropped": put(*LOGGING, "ApplicationLogLevel", "INFO"),
        "a shared group": put(
            *properties("VerifyTokenFunction", "LoggingConfig"), "LogGroup", ref("MailWorkerLogGroup")
        ),
        "kept forever": drop(*properties("MailWorkerLogGroup", "RetentionInDays")),
        "accesses outlive the stack": put(*resource("AccessLogGroup"), "DeletionPolicy", "Retain"),
    },
    "releases": {
        "no release": drop(*VARIABLES, "RELEASE"),
    },
    "items": {
        "request-reset makes tokens": keys("RequestResetRole", "WriteTokens", ["request#*", "token#*"]),
        "request-reset reads": change(
            "RequestResetRole", "WriteTokens", Action=["dynamodb:UpdateItem", "dynamodb:GetItem"]
        ),
        "request-reset writes notices": keys("RequestResetRole", "WriteTokens", ["request#*", "notice#*"]),
        "any item": change("RequestResetRole", "WriteTokens", Condition={}),
        "without a key": change(
            "RequestResetRole",
            "WriteTokens",
            Condition={"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["request#*"]}},
        ),
        "verify puts tokens": change("VerifyTokenRole", "CountTries", Action="dynamodb:PutItem"),
        "the worker counts sources": keys("MailWorkerRole", "IssueTokens", ["token#*", "source#*"]),
        "reports see links": unconditional("MailReportsRole", "ReadDeliveries", "dynamodb:Attributes"),
        "reports answer with links": unconditional(
            "MailReportsRole", "NoteReports", "dynamodb:ReturnValues"
        ),
    },
    "issuing": {
        "verify makes codes": issues,
        "verify makes links": change("VerifyTokenRole", "NeverIssue", Effect="Allow"),
    },
    "least": {
        "request-reset sends": grant("RequestResetRole", "ses:SendEmail", ANY_IDENTITY),
        "verify reads users": grant("VerifyTokenRole", "dynamodb:GetItem", get("UsersTable", "Arn")),
        "confirm deletes users": grant(
            "ConfirmResetRole", "dynamodb:DeleteItem", get("UsersTable", "Arn")
        ),
        "the worker changes users": change("MailWorkerRole", "ReadUsers", Action="dynamodb:UpdateItem"),
        "the worker deletes users": change(
            "MailWorkerRole", "EndSessions", Resource=get("UsersTable", "Arn")
        ),
        "request-reset ends sessions": grant(
            "RequestResetRole",
            "dynamodb:DeleteItem",
            {"Fn::Split": [",", {"Ref": "SessionsTableArns"}]},
        ),
        "the worker reads sessions": change("MailWorkerRole", "EndSessions", Action="dynamodb:GetItem"),
        "a deployment changes code": put(
            *properties("DeploymentPolicy", "PolicyDocument", "Statement", 0),
            "Action",
            ["lambda:UpdateAlias", "lambda:UpdateFunctionCode"],
        ),
        "all but some": change("ConfirmResetRole", "ChangePasswords", NotResource="arn:x"),
        "a key for anything": change("RequestResetRole", "UseTableKey", Condition={}),
        "anybody's bucket": unconditional("MailWorkerRole", "KeepDeadLetters", "aws:ResourceAccount"),
        "logs of others": change("ConfirmResetRole", "Logs", Resource=get("VerifyTokenLogGroup", "Arn")),
    },
    "wildcards": {
        "every action": change("MailWorkerRole", "ReadUsers", Action="dynamodb:*"),
        "any sender": change("MailWorkerRole", "SendMails", Condition={}),
        "a sender that is a pattern for all": put(
            "Parameters", "OtherSenders", "Default", "*"
        ),
        "every table": change("MailWorkerRole", "ReadUsers", Resource="*"),
        "every stream": change("MailWorkerRole", "FindOutbox", Resource="arn:aws:dynamodb:*:*:table/*"),
    },
    "roles": {
        "a managed policy": put(
            *properties("VerifyTokenRole"), "ManagedPolicyArns", ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
        ),
        "no boundary": drop(*properties("MailWorkerRole", "PermissionsBoundary")),
        "anyone assumes it": put(
            *properties("RequestResetRole", "AssumeRolePolicyDocument", "Statement", 0),
            "Principal",
            {"AWS": "*"},
        ),
    },
    "tokens": {
        "TTL off": put(*properties("TokensTable", "TimeToLiveSpecification"), "Enabled", False),
        "TTL of another name": put(
            *properties("TokensTable", "TimeToLiveSpecification"), "AttributeName", "expires"
        ),
        "keys only": put(
            *properties("TokensTable", "StreamSpecification"), "StreamViewType", "KEYS_ONLY"
        ),
        "a backup": put(
            *properties("TokensTable"),
            "PointInTimeRecoverySpecification",
            {"PointInTimeRecoveryEnabled": True},
        ),
        "kept": put(*resource("TokensTable"), "DeletionPolicy", "Retain"),
    },
    "public": {
        "open": put(*BUCKET, "PublicAccessBlockConfiguration", "BlockPublicPolicy", False),
        "in clear": drop(*BUCKET, "BucketEncryption"),
        "not by one's own key": put(
            *BUCKET, "BucketEncryption", {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        ),
        "objects of others": drop(*BUCKET, "OwnershipControls"),
        "never emptied": drop(*BUCKET, "LifecycleConfiguration"),
        "without TLS": drop(*resource("DeadLetterBucketPolicy")),
    },
    "alarms": {
        "fires when well": put(
            *nested("Observability", "MailLostAlarm"), "ComparisonOperator", "LessThanThreshold"
        ),
        "tells nobody": drop(*nested("Observability", "MailLostAlarm", "AlarmActions")),
        "a topic that nobody hears": drop(*resource("AlarmSubscription")),
        "fires without data": put(
            *nested("Rollback", "AnswerErrorAlarm"), "TreatMissingData", "breaching"
        ),
        "one that is not shown": drop(
            *properties("Rollback", "TemplateURL", "Outputs", "Arns", "Value", "Fn::Join", 1, 0)
        ),
        "one without a section": extra("OddAlarm", "AWS::CloudWatch::Alarm", MetricName="Errors"),
    },
    "parameters": {
        "no description": drop("Parameters", "ThrottlingRate", "Description"),
        "no constraint": drop("Parameters", "SenderIdentity", "AllowedPattern"),
        "no default": drop("Parameters", "LogRetentionDays", "Default"),
        "a pattern that holds nothing": put("Parameters", "TableKeyArn", "AllowedPattern", "^.*$"),
        "someone's domain": put("Parameters", "SenderIdentity", "Default", "example.com"),
        "no rule": drop("Rules"),
        "always refused": put(
            "Rules", "IndexesOfTables", "Assertions", [{"Assert": {"Fn::Equals": ["one", "another"]}}]
        ),
    },
    "cycles": {
        "a route's function knows the API": variable(
            "VerifyTokenFunction", "PUBLIC_URL", get("HttpApi", "ApiEndpoint")
        ),
        "through a text": put(
            *properties("PseudonymKey"), "Description", {"Fn::Sub": "of ${HttpApi}"}
        ),
    },
}
