"""What must hold of every deployment, whatever the template says: a rule yields what is wrong with one.

What a deployment comes to in full stands in the snapshots; these are the properties that no change of
them may lose. `faults.py` has a broken template or more for each.
"""

import json
import re

import deployments
import sam

TOKENS = "${TokensTable.Arn}"
STARS = re.compile(r"[*?]")


def as_list(value) -> list:
    return value if isinstance(value, list) else [value]


# ---- API -----------------------------------------------------------------------------------------

ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]+)?")
BAD_ORIGINS = (
    "*",
    "https://*.example.com",
    "ftp://app.example.com",
    "https://app.example.com/",
    "https://app.example.com/path",
    "https://app.example.com,*",
    "https://app.example.com,",
    "null",
)
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


def callers(deployment):
    """The API and SES's events call functions, each for a source of this stack, and there is no second way in."""
    for name, it in deployment.of_type("AWS::Lambda::Permission").items():
        service, source = it["Principal"], it.get("SourceArn", "")
        api = service == "apigateway.amazonaws.com" and ":${HttpApi}/" in source
        events = service == "events.amazonaws.com" and source.startswith("${MailReports")
        if not (api or events):
            yield f"{name} lets {service} call {it['FunctionName']}"
    for name in deployment.of_type("AWS::Lambda::Url"):
        yield f"{name} is a second way in"


def live(deployment):
    """Whatever calls a function calls its alias `live`, which a new version gets when it has proved itself."""
    called = {name: it["FunctionName"] for name, it in deployment.of_type("AWS::Lambda::Permission").items()}
    for path, methods in deployment.properties("HttpApi")["Body"]["paths"].items():
        for method, it in methods.items():
            uri = it["x-amazon-apigateway-integration"]["uri"]
            called[f"{method} {path}"] = uri.removesuffix("/invocations")
    for name, it in deployment.of_type("AWS::Events::Rule").items():
        called |= {f"{name} {target['Id']}": target["Arn"] for target in it["Targets"]}
    for name, function in called.items():
        if not function.endswith("Aliaslive}"):
            yield f"{name} calls {function}"


def cors(deployment):
    """Exact origins only, as a list, and no way to allow all by a parameter."""
    found = deployment.properties("HttpApi").get("Body", {}).get("x-amazon-apigateway-cors", {})
    wanted = deployment.parameters.get("AllowedOrigins", "https://app.example.com").split(",")
    if found.get("allowOrigins") != wanted:
        yield f"the allowed origins are {found.get('allowOrigins')} instead of {wanted}"
    for origin in as_list(found.get("allowOrigins", [])):
        if not ORIGIN.fullmatch(origin):
            yield f"{origin} is no exact origin"
    for key in ("allowMethods", "allowHeaders", "exposeHeaders"):
        if not found.get(key) or STARS.search(str(found.get(key))):
            yield f"{key} is {found.get(key)}"
    pattern = deployment.template["Parameters"]["AllowedOrigins"].get("AllowedPattern", "")
    for origin in BAD_ORIGINS:
        if re.search(pattern, origin):
            yield f"AllowedOrigins accepts {origin}"


def access_log(deployment):
    """One line of JSON with the route's key, into a group of its own, and nothing secret."""
    (stage,) = deployment.of_type("AWS::ApiGatewayV2::Stage").values()
    settings = stage.get("AccessLogSettings", {})
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


# Of each HostMode: what the API's functions ask of the edge, and whether its own name is closed.
HOSTS = {
    "api": ("off", False),
    "domain-optional": ("off", False),
    "domain": ("off", True),
    "edge-optional": ("optional", False),
    "edge": ("required", False),
}


def hosts(deployment):
    """The API's own name is closed when a domain alone answers, and what stands in front is asked for as the
    mode says."""
    resources = deployment.source["Resources"].items()
    routed = [name for name, it in resources if "'HttpApi'" in str(it.get("Properties", {}).get("Events"))]
    for mode, (asked, closed) in HOSTS.items():
        resolver = sam.Resolver(deployment.template, deployment.parameters | {"HostMode": mode})
        body = resolver.value(deployment.template["Resources"]["HttpApi"]["Properties"]["Body"])
        if closed != ("'disableExecuteApiEndpoint': True" in str(body.get("servers"))):
            yield f"the API's own name answers, or does not, against {mode}"
        for name in routed:
            variables = deployment.template["Resources"][name]["Properties"]["Environment"]["Variables"]
            if resolver.value(variables.get("EDGE_MODE")) != asked:
                yield f"{name} asks for {resolver.value(variables.get('EDGE_MODE'))} in {mode}"


# ---- Functions -----------------------------------------------------------------------------------

FUNCTION = "AWS::Lambda::Function"
SECRET = re.compile(r"_(KEY|SECRET)$")


def secrets(deployment):
    """Secrets are drawn at random, and neither the template nor its history holds one."""
    for name, secret in deployment.of_type("AWS::SecretsManager::Secret").items():
        drawn = secret.get("GenerateSecretString", {})
        if "SecretString" in secret or drawn.get("PasswordLength", 0) < 64:
            yield f"{name} is {secret}"
    for name, function in deployment.of_type(FUNCTION).items():
        for variable, value in function["Environment"]["Variables"].items():
            if SECRET.search(variable) and value and "{{resolve:secretsmanager:" not in str(value):
                yield f"{name} has {variable} in the open"


def settings(deployment):
    """They are those of the file. What overrides them is for tests and for one's own machine."""
    for name, function in deployment.of_type(FUNCTION).items():
        if "SETTINGS_OVERRIDES" in function["Environment"]["Variables"]:
            yield f"{name} has settings overridden"


def logs(deployment):
    """JSON into a group of the function's own, no line dropped by Lambda, none kept for longer than
    asked for, nor beyond the stack."""
    groups = []
    for name, function in deployment.of_type(FUNCTION).items():
        config = function.get("LoggingConfig", {})
        groups.append(config.get("LogGroup"))
        # The lines with metrics have no level, and would go first.
        if (config.get("LogFormat"), config.get("ApplicationLogLevel")) != ("JSON", "TRACE"):
            yield f"{name} logs by {config}"
    if len(set(groups)) != len(groups) or None in groups:
        yield f"the functions' groups are {groups}"
    days = deployment.parameters.get("LogRetentionDays", 30)
    for name, group in deployment.of_type("AWS::Logs::LogGroup").items():
        resource = deployment.resources[name]
        if group.get("RetentionInDays") != days:
            yield f"{name} keeps lines for {group.get('RetentionInDays')} days"
        # What is not said is Delete.
        if "Retain" in str([resource.get(it) for it in ("DeletionPolicy", "UpdateReplacePolicy")]):
            yield f"{name} outlives the stack"


# ---- Access --------------------------------------------------------------------------------------

# The items that each role may touch, by the beginnings of their keys. It reads nothing else in the
# tokens table, and every write names its keys.
ITEMS = {
    "RequestResetRole": {"UpdateItem": {"request", "source"}},
    "VerifyTokenRole": {"GetItem": {"token"}, "UpdateItem": {"token", "source"}},
    "ConfirmResetRole": {
        "GetItem": {"token"},
        "UpdateItem": {"token", "source"},
        "PutItem": {"notice"},
    },
    "MailWorkerRole": {
        "GetItem": {"token", "notice"},
        "UpdateItem": {"token", "notice", "mail-cap"},
    },
    "MailReportsRole": {"GetItem": {"token", "notice"}, "UpdateItem": {"token", "notice"}},
}
# What each role may do with users tables.
USERS = {
    "ConfirmResetRole": {"dynamodb:GetItem", "dynamodb:UpdateItem"},
    "MailWorkerRole": {"dynamodb:GetItem", "dynamodb:Query"},
}
# And with tables of sessions.
SESSIONS = {"MailWorkerRole": {"dynamodb:Query", "dynamodb:DeleteItem"}}
# And everything else that it may do, whatever it is done with.
COMMON_ACTIONS = {"logs:CreateLogStream", "logs:PutLogEvents", "kms:Decrypt", "kms:GenerateDataKey"}
READ_STREAM = {
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
}
ROLE_ACTIONS = {
    "MailWorkerRole": {*READ_STREAM, "ses:SendEmail", "s3:PutObject", "s3:ListBucket"},
    "EventsRole": {*READ_STREAM, "events:PutEvents", "sqs:SendMessage"},
    "DeploymentRole": {
        "lambda:GetAlias",
        "lambda:UpdateAlias",
        "lambda:GetProvisionedConcurrencyConfig",
        "cloudwatch:DescribeAlarms",
    },
}
# What makes a link or a code, or says whose they are.
ISSUED = {
    "app",
    "code_salt",
    "codes",
    "codes_expire_at",
    "deliveries",
    "links",
    "links_expire_at",
    "owners",
    "rejections",
    "revision",
}
# Of a mail: neither links nor whose they are can be read or written.
DELIVERY = {"pk", "deliveries", "delivery", "revision"}


def statements(deployment):
    """The statements of all roles, each with the role's name."""
    for name, role in deployment.of_type("AWS::IAM::Role").items():
        for policy in role.get("Policies", []):
            for it in policy["PolicyDocument"]["Statement"]:
                yield name, it
    for policy in deployment.of_type("AWS::IAM::Policy").values():
        for it in policy["PolicyDocument"]["Statement"]:
            for role in policy["Roles"]:
                yield role.strip("${}"), it


def condition(statement: dict, operator: str, key: str):
    return statement.get("Condition", {}).get(operator, {}).get(key)


def allowed(statement: dict) -> list[str]:
    return as_list(statement["Action"]) if statement["Effect"] == "Allow" else []


def items(deployment):
    """A function touches the items of the tokens table that are its business, and no others."""
    for role, it in statements(deployment):
        if TOKENS not in as_list(it.get("Resource", [])):
            continue
        for action in allowed(it):
            kinds = ITEMS.get(role, {}).get(action.removeprefix("dynamodb:"), set())
            keys = condition(it, "ForAllValues:StringLike", "dynamodb:LeadingKeys") or ["*"]
            if not set(keys) <= {f"{kind}#*" for kind in kinds}:
                yield f"{role} may {action} of {keys}"
            # Without a key in a request, the condition on all of them would hold.
            if condition(it, "Null", "dynamodb:LeadingKeys") != "false":
                yield f"{role} may {action} without naming an item"
            if role == "MailReportsRole":
                seen = set(condition(it, "ForAllValues:StringEquals", "dynamodb:Attributes") or "*")
                whole = condition(it, "StringEqualsIfExists", "dynamodb:ReturnValues") != "NONE"
                unnamed = condition(it, "Null", "dynamodb:Attributes") != "false"
                if seen - DELIVERY or unnamed or (whole and "Update" in action):
                    yield f"{role} may {action} more than what became of a mail"


def verify_issues_nothing(deployment):
    """Who counts tries makes neither a link nor a code. A denial, which cannot stop what is meant
    to work, however DynamoDB reads a request."""
    for role, it in statements(deployment):
        names = condition(it, "ForAnyValue:StringEquals", "dynamodb:Attributes") or []
        denied = it["Effect"] == "Deny" and it["Action"] == "dynamodb:UpdateItem"
        if role == "VerifyTokenRole" and denied and ISSUED <= set(names):
            return
    yield "VerifyTokenRole may make a link or a code"


def least_privilege(deployment):
    """Each role does what its function is for: one takes requests and knows nothing, one sends mails,
    one changes users."""
    for role, it in statements(deployment):
        if "NotAction" in it or "NotResource" in it:
            yield f"{role} has a statement of all but some"
            continue
        resources = as_list(it["Resource"])
        # The rule `items` looks at what it may do with tokens.
        tokens = TOKENS in resources
        sessions = deployment.parameters.get("SessionsTableArns", "").split(",") == resources
        whose = SESSIONS if sessions else USERS
        mine = COMMON_ACTIONS | ROLE_ACTIONS.get(role, set()) | (set() if tokens else whose.get(role, set()))
        for action in allowed(it):
            if action not in mine and not (tokens and action.startswith("dynamodb:")):
                yield f"{role} may {action} of {resources}"
        if any(action.startswith("kms:") for action in allowed(it)):
            if not condition(it, "StringEquals", "kms:ViaService"):
                yield f"{role} may use {resources} for anything"
        if "s3:" in str(allowed(it)):
            if condition(it, "StringEquals", "aws:ResourceAccount") != "${AWS::AccountId}":
                yield f"{role} may write to a bucket of somebody else's"
        own = "${" + role.removesuffix("Role") + "LogGroup.Arn}"
        if "logs:PutLogEvents" in allowed(it) and resources != [own]:
            yield f"{role} logs to {resources}"


def wildcards(deployment):
    """Actions are named, and resources too: only parts of what the stack itself has are not, the alarms
    of the account for the operator, and identities, under a condition on the sender."""
    for role, it in statements(deployment):
        for action in as_list(it.get("Action", "*")):
            if STARS.search(action):
                yield f"{role} has a wildcard in {action}"
        for resource in as_list(it.get("Resource", "*")):
            within = re.fullmatch(r"\$\{\w+\.Arn\}/(stream/)?\*", resource)
            watching = role == "DeploymentRole" and resource.endswith(":alarm:*")
            if not STARS.search(resource) or within or watching:
                continue
            senders = condition(it, "StringLike", "ses:FromAddress") or ["*"]
            named = all(re.fullmatch(r"[^*]+|\*@(\*\.)?[^*]+", sender) for sender in senders)
            if not (resource.endswith(":identity/*") and it["Action"] == "ses:SendEmail" and named):
                yield f"{role} may {it['Action']} of {resource}"


def roles(deployment):
    """Services alone assume them, under the boundary that was asked for; no policies from elsewhere."""
    boundary = deployment.parameters.get("PermissionsBoundaryArn")
    for name, role in deployment.of_type("AWS::IAM::Role").items():
        if role.get("ManagedPolicyArns") or role.get("PermissionsBoundary") != boundary:
            yield f"{name} has a managed policy, or not the boundary that was asked for"
        for it in role["AssumeRolePolicyDocument"]["Statement"]:
            if it["Principal"].keys() != {"Service"}:
                yield f"{name} can be assumed by {it['Principal']}"


# ---- Data ----------------------------------------------------------------------------------------


def tokens(deployment):
    """Items end by TTL, the stream has what was written, and nothing is kept longer."""
    resource = deployment.resources.get("TokensTable", {})
    table = resource.get("Properties", {})
    if table.get("TimeToLiveSpecification") != {"AttributeName": "ttl", "Enabled": True}:
        yield f"items end by {table.get('TimeToLiveSpecification')}"
    if table.get("StreamSpecification") != {"StreamViewType": "NEW_IMAGE"}:
        yield f"the stream has {table.get('StreamSpecification')}"
    for name in ("TableName", "PointInTimeRecoverySpecification", "DeletionProtectionEnabled"):
        if name in table:
            yield f"{name} is set"
    if {resource.get(it) for it in ("DeletionPolicy", "UpdateReplacePolicy")} != {"Delete"}:
        yield "tokens outlive the stack"


TLS_ONLY = {
    "Sid": "TlsOnly",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["${DeadLetterBucket.Arn}", "${DeadLetterBucket.Arn}/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def public(deployment):
    """The bucket of dead letters is closed, the account's own, emptied, and used by TLS alone."""
    bucket = deployment.properties("DeadLetterBucket")
    block = bucket.get("PublicAccessBlockConfiguration", {})
    if len(block) != 4 or not all(block.values()):
        yield "the bucket can be made public"
    owners = [it.get("ObjectOwnership") for it in bucket.get("OwnershipControls", {}).get("Rules", [])]
    if owners != ["BucketOwnerEnforced"]:
        yield f"the bucket's objects belong to {owners}"
    expire = [it.get("ExpirationInDays") for it in bucket.get("LifecycleConfiguration", {}).get("Rules", [])]
    if expire != [14]:
        yield f"the bucket is emptied after {expire} days"
    policy = deployment.properties("DeadLetterBucketPolicy")
    statements = policy.get("PolicyDocument", {}).get("Statement")
    if policy.get("Bucket") != "${DeadLetterBucket}" or statements != [TLS_ONLY]:
        yield "the bucket can be used without TLS, or by others"


def encryption(deployment):
    """The tables and the dead letters are under the operator's key, where one is given."""
    key = deployment.parameters.get("TableKeyArn")
    of_table = {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": key} if key else None
    found = deployment.properties("TokensTable").get("SSESpecification")
    if found != of_table:
        yield f"the tokens table is encrypted by {found}"
    # No kind of deployment has a users table of its own and a key.
    written = deployment.template["Resources"]
    tables = {name: it["Properties"] for name, it in written.items() if it["Type"] == "AWS::DynamoDB::Table"}
    if len({json.dumps(it.get("SSESpecification")) for it in tables.values()}) != 1:
        yield "the tables are encrypted differently"
    of_bucket = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key} if key else {"SSEAlgorithm": "AES256"}
    bucket = deployment.properties("DeadLetterBucket").get("BucketEncryption", {})
    found = [
        it.get("ServerSideEncryptionByDefault")
        for it in bucket.get("ServerSideEncryptionConfiguration", [])
    ]
    if found != [of_bucket]:
        yield f"the dead letters are encrypted by {found}"


# ---- Alarms --------------------------------------------------------------------------------------

RUNBOOK = sam.ROOT / "docs" / "operations.md"


def sections(text: str) -> dict:
    """The sections of the runbook, by their headings, which may name several alarms."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    sections = zip(parts[1::2], parts[2::2], strict=True)
    return {name: section for heading, section in sections for name in heading.split(", ")}


def alarms(deployment):
    """Each fires when there is too much, stays calm without data, is heard where wanted, stands on the
    dashboard, and has a section of the runbook that says what it means, where to look, what to do."""
    written = sections(RUNBOOK.read_text())
    topic = deployment.parameters.get("AlarmTarget", "")
    topic = "${AlarmTopic}" if "@" in topic else topic
    for name, it in deployment.of_type("AWS::CloudWatch::Alarm").items():
        if it.get("ComparisonOperator") != "GreaterThanThreshold" or "Threshold" not in it:
            yield f"{name} compares by {it.get('ComparisonOperator')}"
        if it.get("TreatMissingData") != "notBreaching" or not it.get("AlarmDescription"):
            yield f"{name} fires without data, or says nothing"
        if it.get("AlarmActions", []) != ([topic] if topic else []):
            yield f"{name} tells {it.get('AlarmActions')}"
        if "${" + name + ".Arn}" not in deployment.properties("Dashboard").get("DashboardBody", ""):
            yield f"the dashboard does not show {name}"
        for word in ("**Means.**", "**Look.**", "**Do.**", "```sh"):
            if word not in written.get(name, ""):
                yield f"the runbook says nothing of {name} under {word}"


# ---- The whole -----------------------------------------------------------------------------------

# What no text of a parameter may be: it has to be held at both ends, and to what is meant.
MALFORMED = ('x"y', "${x}", "a\nb", "'", "<x>")
CONSTRAINTS = ("AllowedValues", "AllowedPattern", "MinValue")
# Parameters that the operator has to give.
REQUIRED = {"SenderIdentity"}
# Combinations that the template has to refuse, and why.
REFUSED = {
    "an edge with a domain's certificate": {
        "HostMode": "edge-optional",
        "CertificateArn": deployments.CERTIFICATE,
    },
    "an edge without a name": {"HostMode": "edge"},
    "a domain without a certificate": {"HostMode": "domain", "PublicHostName": "a.example.com"},
    "a name that nothing answers to": {"PublicHostName": "a.example.com"},
    "indexes without tables": {"UsersIndexArns": deployments.APP_USERS[0] + "/index/by-mail"},
}


def parameters(deployment):
    """Each is described, has a default and a constraint; what cannot work together is refused."""
    for name, it in deployment.template["Parameters"].items():
        if not it.get("Description") or not any(constraint in it for constraint in CONSTRAINTS):
            yield f"{name} has no description or no constraint"
        pattern = it.get("AllowedPattern")
        for text in MALFORMED:
            if pattern and re.search(pattern, text):
                yield f"{name} may be {text!r}"
        if ("Default" in it) == (name in REQUIRED):
            yield f"{name} has a default, or none"
    yield from sam.refused(deployment.template, deployment.parameters)
    for what, given in REFUSED.items():
        if not sam.refused(deployment.template, {"SenderIdentity": "example.com"} | given):
            yield f"{what} is accepted"


ALL = [
    callers,
    live,
    cors,
    access_log,
    hosts,
    secrets,
    settings,
    logs,
    items,
    verify_issues_nothing,
    least_privilege,
    wildcards,
    roles,
    tokens,
    public,
    encryption,
    alarms,
    parameters,
]


def name(rule) -> str:
    return f"rules.{rule.__name__}"


def notices(rule, source: dict) -> bool:
    """Whether a rule finds something wrong with a template, in whichever kind of deployment."""
    return any(True for kind in deployments.ALL for _ in rule(kind(source)))


def problems(source: dict) -> list[str]:
    """All that is wrong with a template, each line with the name of the rule that says so."""
    return [
        f"{name(rule)}: {problem} ({deployment.name})"
        for deployment in deployments.built(source)
        for rule in ALL
        for problem in rule(deployment)
    ]
