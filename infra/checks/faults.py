"""Ways to break the template, by the rule that has to notice. A fault changes a copy in place.

A path has slashes. One that begins with none is that of a property, behind the name of its resource.
"""

from functools import reduce
from operator import getitem

VARIABLES = "/Globals/Function/Environment/Variables"


def steps(path: str) -> list:
    """The names and positions that a path is made of."""
    if not path.startswith("/"):
        name, _, rest = path.partition("/")
        path = f"/Resources/{name}/Properties/{rest}"
    return [int(it) if it.isdecimal() else it for it in path[1:].split("/")]


def at(template: dict, path: str):
    """The part of a template at a path."""
    return reduce(getitem, steps(path), template)


def put(path: str, value):
    """Sets what is at a path."""
    *way, key = steps(path)
    return lambda template: reduce(getitem, way, template).__setitem__(key, value)


def drop(path: str):
    """Removes what is at a path."""
    *way, key = steps(path)
    return lambda template: reduce(getitem, way, template).__delitem__(key)


def extra(name: str, kind: str, **added):
    """Adds a resource."""
    return put(f"/Resources/{name}", {"Type": kind, "Properties": added})


def statements(template: dict, role: str) -> list:
    return at(template, f"{role}/Policies/0/PolicyDocument/Statement")


def statement(template: dict, role: str, sid: str) -> dict:
    """A statement of a role, also one that only some deployments have."""
    found = [it["Fn::If"][1] if "Fn::If" in it else it for it in statements(template, role)]
    return next(it for it in found if it["Sid"] == sid)


def change(role: str, sid: str, **changes):
    """Changes a statement of a role."""
    return lambda template: statement(template, role, sid).update(changes)


def grant(role: str, action: str, to):
    """Lets a role do one thing more."""
    added = {"Sid": "More", "Effect": "Allow", "Action": action, "Resource": to}
    return lambda template: statements(template, role).append(added)


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


def get(attribute: str) -> dict:
    """An attribute of a resource, as a template refers to it."""
    return {"Fn::GetAtt": attribute.split(".")}


def log(*fields: str):
    """An access log of other fields."""
    text = ",".join(f'"{number}":"$context.{field}"' for number, field in enumerate(fields))
    return put("HttpApi/AccessLogSettings/Format", "{" + text + "}")


def issues(template: dict):
    condition = statement(template, "VerifyTokenRole", "NeverIssue")["Condition"]
    condition["ForAnyValue:StringEquals"]["dynamodb:Attributes"].remove("codes")


CORS = "HttpApi/CorsConfiguration/Fn::If/1"
DEPLOYMENT = "DeploymentPolicy/PolicyDocument/Statement/0"
LIST_OF_ALARMS = "Rollback/TemplateURL/Outputs/Arns/Value/Fn::Join/1"
LOST = "Observability/TemplateURL/Resources/MailLostAlarm/Properties"
TLS_ONLY = "DeadLetterBucketPolicy/PolicyDocument/Statement/0"
BUCKET_KEY = "DeadLetterBucket/BucketEncryption/ServerSideEncryptionConfiguration/0"
ANY_IDENTITY = {"Fn::Sub": "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*"}
USERS = get("UsersTable.Arn")

ALL = {
    "callers": {
        "a way past the API": put("VerifyTokenFunction/FunctionUrlConfig", {"AuthType": "NONE"}),
        "anyone": extra(
            "Open",
            "AWS::Lambda::Permission",
            Action="lambda:InvokeFunction",
            FunctionName={"Ref": "RequestResetFunction"},
            Principal="*",
        ),
    },
    "live": {
        "another alias": put("/Globals/Function/AutoPublishAlias", "next"),
        "the function itself": extra(
            "Bare",
            "AWS::Lambda::Permission",
            Action="lambda:InvokeFunction",
            FunctionName={"Ref": "RequestResetFunction"},
            Principal="apigateway.amazonaws.com",
            SourceArn={"Fn::Sub": "arn:aws:execute-api:x:y:${HttpApi}/*/*"},
        ),
    },
    "cors": {
        "every origin": put(f"{CORS}/AllowOrigins", ["*"]),
        "a list that SAM joins": put(
            "HttpApi/CorsConfiguration", {"AllowOrigins": {"Ref": "AllowedOrigins"}}
        ),
        "every header": put(f"{CORS}/AllowHeaders", ["*"]),
        "any text": put("/Parameters/AllowedOrigins/AllowedPattern", "^.*$"),
    },
    "access_log": {
        "the path": log("routeKey", "path"),
        "the client": log("routeKey", "identity.sourceIp"),
        "no route": log("requestId"),
        "several lines": put("HttpApi/AccessLogSettings/Format", "{\n}"),
    },
    "hosts": {
        "a second way in": drop("HttpApi/DisableExecuteApiEndpoint"),
        "closed while links lead there": put(
            "HttpApi/DisableExecuteApiEndpoint", {"Fn::If": ["HasDomain", True, False]}
        ),
        "nobody asks for the edge": put(
            "VerifyTokenFunction/Environment/Variables/EDGE_MODE", "optional"
        ),
    },
    "secrets": {
        "a short one": put("PseudonymKey/GenerateSecretString/PasswordLength", 8),
        "a given one": put("PseudonymKey/SecretString", "k" * 64),
        "the key in the open": put(f"{VARIABLES}/PSEUDONYM_KEY", "k" * 32),
        "somebody's edge": put(
            "VerifyTokenFunction/Environment/Variables/EDGE_SECRET", "s" * 32
        ),
    },
    "settings": {
        "changes for this machine": put(f"{VARIABLES}/SETTINGS_OVERRIDES", "{}"),
    },
    "logs": {
        "lines dropped": put("/Globals/Function/LoggingConfig/ApplicationLogLevel", "INFO"),
        "a shared group": put(
            "VerifyTokenFunction/LoggingConfig/LogGroup", {"Ref": "MailWorkerLogGroup"}
        ),
        "kept forever": drop("MailWorkerLogGroup/RetentionInDays"),
        "accesses outlive the stack": put("/Resources/AccessLogGroup/DeletionPolicy", "Retain"),
    },
    "items": {
        "request-reset makes tokens": keys("RequestResetRole", "WriteTokens", ["request#*", "token#*"]),
        "any item": change("RequestResetRole", "WriteTokens", Condition={}),
        "without a key": change(
            "RequestResetRole",
            "WriteTokens",
            Condition={"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["request#*"]}},
        ),
        "verify puts tokens": change("VerifyTokenRole", "CountTries", Action="dynamodb:PutItem"),
        "reports see links": unconditional("MailReportsRole", "ReadDeliveries", "dynamodb:Attributes"),
        "reports answer with links": unconditional(
            "MailReportsRole", "NoteReports", "dynamodb:ReturnValues"
        ),
    },
    "verify_issues_nothing": {
        "verify makes codes": issues,
        "verify makes links": change("VerifyTokenRole", "NeverIssue", Effect="Allow"),
    },
    "least_privilege": {
        "request-reset sends": grant("RequestResetRole", "ses:SendEmail", ANY_IDENTITY),
        "verify reads users": grant("VerifyTokenRole", "dynamodb:GetItem", USERS),
        "request-reset ends sessions": grant(
            "RequestResetRole",
            "dynamodb:DeleteItem",
            {"Fn::Split": [",", {"Ref": "SessionsTableArns"}]},
        ),
        "confirm deletes users": grant("ConfirmResetRole", "dynamodb:DeleteItem", USERS),
        "the worker changes users": change("MailWorkerRole", "ReadUsers", Action="dynamodb:UpdateItem"),
        "the worker deletes users": change("MailWorkerRole", "EndSessions", Resource=USERS),
        "the worker reads sessions": change("MailWorkerRole", "EndSessions", Action="dynamodb:GetItem"),
        "a deployment changes code": put(f"{DEPLOYMENT}/Action", "lambda:UpdateFunctionCode"),
        "all but some": change("ConfirmResetRole", "ChangePasswords", NotResource="arn:x"),
        "a key for anything": put("TableKeyPolicy/PolicyDocument/Statement/0/Condition", {}),
        "anybody's bucket": unconditional("MailWorkerRole", "KeepDeadLetters", "aws:ResourceAccount"),
        "logs of others": change("ConfirmResetRole", "Logs", Resource=get("VerifyTokenLogGroup.Arn")),
    },
    "wildcards": {
        "every action": change("MailWorkerRole", "ReadUsers", Action="dynamodb:*"),
        "any sender": change("MailWorkerRole", "SendMails", Condition={}),
        "a sender that is a pattern for all": put("/Parameters/OtherSenders/Default", "*"),
        "every table": change("MailWorkerRole", "ReadUsers", Resource="*"),
        "every stream": change("MailWorkerRole", "FindOutbox", Resource="arn:aws:dynamodb:*:*:table/*"),
    },
    "roles": {
        "a managed policy": put(
            "VerifyTokenRole/ManagedPolicyArns", ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
        ),
        "no boundary": drop("MailWorkerRole/PermissionsBoundary"),
        "anyone assumes it": put(
            "RequestResetRole/AssumeRolePolicyDocument/Statement/0/Principal", {"AWS": "*"}
        ),
    },
    "tokens": {
        "TTL off": put("TokensTable/TimeToLiveSpecification/Enabled", False),
        "keys only": put("TokensTable/StreamSpecification/StreamViewType", "KEYS_ONLY"),
        "a backup": put(
            "TokensTable/PointInTimeRecoverySpecification", {"PointInTimeRecoveryEnabled": True}
        ),
        "kept": put("/Resources/TokensTable/DeletionPolicy", "Retain"),
    },
    "public": {
        "open": put("DeadLetterBucket/PublicAccessBlockConfiguration/BlockPublicPolicy", False),
        "never emptied": drop("DeadLetterBucket/LifecycleConfiguration"),
        "others own what they write": drop("DeadLetterBucket/OwnershipControls"),
        "without TLS": drop("/Resources/DeadLetterBucketPolicy"),
        "a policy that says nothing": put("DeadLetterBucketPolicy/PolicyDocument/Statement", []),
        "objects without TLS": put(f"{TLS_ONLY}/Resource", [get("DeadLetterBucket.Arn")]),
        "reading alone needs TLS": put(f"{TLS_ONLY}/Action", "s3:GetObject"),
        "TLS for some": put(f"{TLS_ONLY}/Principal", {"AWS": "arn:aws:iam::000000000000:root"}),
    },
    "encryption": {
        "tokens without the key": drop("TokensTable/SSESpecification"),
        "users without the key": drop("UsersTable/SSESpecification"),
        "dead letters without the key": put(
            f"{BUCKET_KEY}/ServerSideEncryptionByDefault", {"SSEAlgorithm": "AES256"}
        ),
        "dead letters in the open": drop("DeadLetterBucket/BucketEncryption"),
    },
    "alarms": {
        "fires when well": put(f"{LOST}/ComparisonOperator", "LessThanThreshold"),
        "fires without data": put(f"{LOST}/TreatMissingData", "breaching"),
        "tells nobody": drop(f"{LOST}/AlarmActions"),
        "one that is not shown": drop(f"{LIST_OF_ALARMS}/0"),
        "one without a section": extra("OddAlarm", "AWS::CloudWatch::Alarm", MetricName="Errors"),
    },
    "parameters": {
        "no description": drop("/Parameters/ThrottlingRate/Description"),
        "no constraint": drop("/Parameters/SenderIdentity/AllowedPattern"),
        "no default": drop("/Parameters/LogRetentionDays/Default"),
        "a pattern that holds nothing": put("/Parameters/TableKeyArn/AllowedPattern", "^.*$"),
        "someone's domain": put("/Parameters/SenderIdentity/Default", "example.com"),
        "no rule": drop("/Rules"),
        "always refused": put(
            "/Rules/IndexesOfTables/Assertions", [{"Assert": {"Fn::Equals": ["one", "another"]}}]
        ),
    },
}
