"""What the template has to say, written down a second time and by hand."""

# ---- Routes --------------------------------------------------------------------------------------

ROUTES = {
    "POST /v1/request-reset": "RequestResetFunction",
    "POST /auth/forgot-password": "RequestResetFunction",
    "POST /auth/forgot": "RequestResetFunction",
    "POST /v1/authentication/users/password/reset-request/email": "RequestResetFunction",
    "POST /app/forgot-password": "RequestResetFunction",
    "POST /account/forgot_password": "RequestResetFunction",
    "POST /v1/verify-token": "VerifyTokenFunction",
    "GET /v1/settings": "VerifyTokenFunction",
    "GET /auth/forgot-password": "VerifyTokenFunction",
    "GET /auth/forgot-password/{token}": "VerifyTokenFunction",
    "GET /auth/reset-code": "VerifyTokenFunction",
    "POST /auth/reset-code": "VerifyTokenFunction",
    "GET /auth/cancel-reset/{token}": "VerifyTokenFunction",
    "GET /.well-known/change-password": "VerifyTokenFunction",
    "GET /app/reset-password/{token}": "VerifyTokenFunction",
    "GET /api/v1/settings": "VerifyTokenFunction",
    "POST /v1/confirm-reset": "ConfirmResetFunction",
    "POST /auth/forgot-password/{token}": "ConfirmResetFunction",
    "POST /auth/reset-code/password": "ConfirmResetFunction",
    "POST /v1/cancel-reset": "ConfirmResetFunction",
    "POST /auth/cancel-reset/{token}": "ConfirmResetFunction",
    "POST /auth/reset": "ConfirmResetFunction",
    "PUT /v1/authentication/users/password": "ConfirmResetFunction",
    "POST /app/reset-password": "ConfirmResetFunction",
    "POST /account/reset_password/{token}": "ConfirmResetFunction",
    "$default": "VerifyTokenFunction",
}

# ---- Environment ---------------------------------------------------------------------------------

COMMON = {
    "LOG_LEVEL",
    "TRUSTED_ROOTS",
    "METRICS_NAMESPACE",
    "RELEASE",
    "APPS_FILE",
    "TOKENS_TABLE",
    "PSEUDONYM_KEY",
    "LINK_LIFETIME_SECONDS",
    "CODE_LIFETIME_SECONDS",
    "CODE_MAX_TRIES",
    "ADDRESS_COOLDOWN_SECONDS",
    "ADDRESS_REQUESTS_PER_LIFETIME",
    "SOURCE_LIMIT",
    "SOURCE_WINDOW_SECONDS",
}
HASHING = {"ARGON2_MEMORY_KIB", "ARGON2_ITERATIONS", "ARGON2_PARALLELISM"}
PASSWORDS = HASHING | {
    "PASSWORD_MIN_LENGTH",
    "PASSWORD_MAX_LENGTH",
    "PASSWORD_MIN_STRENGTH",
    "PASSWORD_HASH_FORMAT",
}
USERS = {
    "USERS_TABLE",
    "USERS_KEY_ATTRIBUTE",
    "USERS_SORT_KEY_ATTRIBUTE",
    "USERS_EMAIL_INDEX",
    "USERS_EMAIL_INDEX_ATTRIBUTE",
    "USERS_EMAIL_INDEX_SORT_ATTRIBUTE",
    "USERS_EMAIL_KEY",
    "USERS_EMAIL_SORT_KEY",
    "USERS_EMAILS_LOWERCASE",
    "USERS_EMAIL_ATTRIBUTE",
    "USERS_PASSWORD_HASH_ATTRIBUTE",
    "USERS_NAME_ATTRIBUTE",
    "USERS_LOCALE_ATTRIBUTE",
    "USERS_DISABLED_ATTRIBUTE",
    "USERS_DISABLED_VALUES",
    "USERS_ID_ATTRIBUTE",
    "USERS_USERNAME_ATTRIBUTE",
    "USERS_CREATED_ATTRIBUTE",
    "USERS_LAST_LOGIN_ATTRIBUTE",
    "USERS_PUBLIC_ATTRIBUTES",
    "USERS_WITHOUT_PASSWORD",
    "USERS_SIGN_IN_ATTRIBUTE",
}

# Of the functions behind routes.
ROUTED = {"RESET_ENABLED", "EDGE_MODE", "EDGE_SECRET"}

# Which functions there are, and the names of all that each one is told.
ENVIRONMENT = {
    "RequestResetFunction": COMMON | ROUTED | {"REQUEST_RESET_MODE"},
    "VerifyTokenFunction": COMMON | PASSWORDS | ROUTED,
    "ConfirmResetFunction": COMMON | PASSWORDS | USERS | ROUTED | {"PBKDF2_ITERATIONS"},
    "MailWorkerFunction": COMMON
    | HASHING
    | USERS
    | {"REQUEST_RESET_MODE", "PUBLIC_URL", "SES_CONFIGURATION_SET"}
    | {"MAILS_PER_HOUR"},
    "MailReportsFunction": COMMON | {"REQUEST_RESET_MODE"},
}

# Values that are not simply a parameter's. Some more depend on the deployment.
VALUES = {
    "METRICS_NAMESPACE": "${AWS::StackName}",
    # `make build` writes another one into what it builds.
    "RELEASE": "unreleased",
    "APPS_FILE": "/opt/apps.json",
    "TOKENS_TABLE": "${TokensTable}",
    "PSEUDONYM_KEY": "{{resolve:secretsmanager:${PseudonymKey}:SecretString:::}}",
}
# Parameters that count under a condition alone.
CONDITIONAL = {
    "TRUSTED_ROOTS": {"Fn::If": ["IsCommercialPartition", {"Ref": "TrustedRoots"}, "system"]},
}
EDGE_SECRET = "{{resolve:secretsmanager:${EdgeSecret}:SecretString:::}}"
MODES = {
    "RequestResetFunction": "http",
    "MailWorkerFunction": "mail-worker",
    "MailReportsFunction": "mail-reports",
}

# Default, least and most of each number, as the functions read them.
NUMBERS = {
    "LinkLifetimeSeconds": (1800, 300, 86400),
    "CodeLifetimeSeconds": (600, 60, 3600),
    "CodeMaxTries": (5, 1, 10),
    "AddressCooldownSeconds": (60, 1, 3600),
    "AddressRequestsPerLifetime": (3, 1, 20),
    "SourceLimit": (60, 1, 100000),
    "SourceWindowSeconds": (600, 60, 3600),
    "MailsPerHour": (1000, 60, 1000000),
    "PasswordMinLength": (8, 8, 64),
    "PasswordMaxLength": (128, 64, 1024),
    "PasswordMinStrength": (3, 0, 4),
    # Less than the functions would take: the mail worker has 1024 MB.
    "Argon2MemoryKib": (19456, 8192, 262144),
    "Argon2Iterations": (2, 1, 10),
    "Argon2Parallelism": (1, 1, 4),
    "Pbkdf2Iterations": (600000, 600000, 5000000),
}
# What cannot be told about a table that is made here.
OWN_TABLE_NAMES = (
    "UsersKeyAttribute",
    "UsersSortKeyAttribute",
    "UsersEmailIndex",
    "UsersEmailIndexAttribute",
    "UsersEmailIndexSortAttribute",
    "UsersEmailKey",
    "UsersEmailSortKey",
    "UsersEmailAttribute",
)
# Parameters that whoever deploys has to give.
WITHOUT_DEFAULT = {"SenderIdentity"}

# ---- Functions -----------------------------------------------------------------------------------

# Memory in MB and timeout in seconds.
SIZES = {
    "RequestResetFunction": (512, 15),
    "VerifyTokenFunction": (1024, 25),
    "ConfirmResetFunction": (1769, 29),
    "MailWorkerFunction": (1024, 300),
    "MailReportsFunction": (256, 15),
}
# Groups of log lines: those of the functions, of the API and of the operators.
LOG_GROUPS = {
    "RequestResetLogGroup": "/aws/lambda/${AWS::StackName}-request-reset",
    "VerifyTokenLogGroup": "/aws/lambda/${AWS::StackName}-verify-token",
    "ConfirmResetLogGroup": "/aws/lambda/${AWS::StackName}-confirm-reset",
    "MailWorkerLogGroup": "/aws/lambda/${AWS::StackName}-mail-worker",
    "MailReportsLogGroup": "/aws/lambda/${AWS::StackName}-mail-reports",
    "AccessLogGroup": "/aws/vendedlogs/${AWS::StackName}/access",
    "OperatorLogGroup": "/forgot-password/${AWS::StackName}/operators",
}
ALIAS = "Aliaslive"
# What takes a new version back, besides the failures of the function itself.
ROLLBACK = {
    "RequestResetFunction": ["${RequestResetErrorAlarm}", "${AnswerErrorAlarm}"],
    "VerifyTokenFunction": ["${VerifyTokenErrorAlarm}", "${AnswerErrorAlarm}"],
    "ConfirmResetFunction": ["${ConfirmResetErrorAlarm}", "${AnswerErrorAlarm}"],
    "MailWorkerFunction": ["${MailWorkerErrorAlarm}", "${MailFailureAlarm}"],
    "MailReportsFunction": ["${MailReportsErrorAlarm}"],
}

# Routes that have limits of their own, by the parameters that say them.
THROTTLED = {
    "Request": [key for key, name in ROUTES.items() if name == "RequestResetFunction"],
    "Proof": [
        "POST /v1/verify-token",
        "POST /auth/reset-code",
        *(
            key
            for key, name in ROUTES.items()
            if name == "ConfirmResetFunction" and "cancel" not in key
        ),
    ],
}

# ---- Access --------------------------------------------------------------------------------------

TOKENS = "${TokensTable.Arn}"
OWN_USERS = "${UsersTable.Arn}"
OTHER_USERS = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/people"
APP_USERS = [f"arn:aws:dynamodb:us-east-1:000000000000:table/{app}-users" for app in ("ab", "cd")]
SES = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:"


def allow(actions: list[str], resources: list[str], keys: list[str] | None = None) -> dict:
    """One statement in the form that `access.normalised` gives those of the template."""
    condition = keys and {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": sorted(keys)},
        "Null": {"dynamodb:LeadingKeys": "false"},
    }
    return {
        "Effect": "Allow",
        "Action": sorted(actions),
        "Resource": sorted(resources),
        "Condition": condition,
    }


def tokens(action: str, *kinds: str) -> dict:
    return allow([f"dynamodb:{action}"], [TOKENS], [f"{kind}#*" for kind in kinds])


def logs(group: str) -> dict:
    return allow(["logs:CreateLogStream", "logs:PutLogEvents"], ["${" + group + ".Arn}"])


# The only statement that may name every resource: X-Ray knows no narrower one.
TRACES = allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"])


# Notes on mails alone: neither links nor whose they are can be read or written.
DELIVERIES = {
    "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["notice#*", "token#*"]},
    "ForAllValues:StringEquals": {
        "dynamodb:Attributes": ["deliveries", "delivery", "pk", "revision"]
    },
    "Null": {"dynamodb:LeadingKeys": "false", "dynamodb:Attributes": "false"},
}
REPORTS = [
    allow(["dynamodb:GetItem"], [TOKENS]) | {"Condition": DELIVERIES},
    allow(["dynamodb:UpdateItem"], [TOKENS])
    | {"Condition": DELIVERIES | {"StringEqualsIfExists": {"dynamodb:ReturnValues": "NONE"}}},
]

# A bucket is known by its name alone.
OWN_ACCOUNT = {"Condition": {"StringEquals": {"aws:ResourceAccount": "${AWS::AccountId}"}}}

# What makes a link or a code, or says whose they are: verify-token counts tries and no more.
NEVER_ISSUE = {
    "Effect": "Deny",
    "Action": ["dynamodb:UpdateItem"],
    "Resource": [TOKENS],
    "Condition": {
        "ForAnyValue:StringEquals": {
            "dynamodb:Attributes": [
                "app",
                "cancelled",
                "code_salt",
                "codes",
                "credential_tag",
                "deliveries",
                "email",
                "links",
                "revision",
                "spent",
                "user_key",
            ]
        }
    },
}

# Of CodeDeploy's role, which is no function's. UpdateAlias is a right to the function, and not to the
# alias, whatever its request names.
FUNCTION_ARNS = ["${" + name + ".Arn}" for name in ENVIRONMENT]
DEPLOYMENT = [
    allow(["lambda:GetAlias", "lambda:UpdateAlias"], FUNCTION_ARNS),
    allow(["lambda:GetProvisionedConcurrencyConfig"], [f"{arn}:live" for arn in FUNCTION_ARNS]),
    allow(
        ["cloudwatch:DescribeAlarms"],
        ["arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*"],
    ),
]


def use_of(key: str) -> dict:
    """The use of a key of one's own, by way of the two services that hold what it encrypts."""
    services = [f"{it}.${{AWS::Region}}.${{AWS::URLSuffix}}" for it in ("dynamodb", "s3")]
    return allow(["kms:Decrypt", "kms:GenerateDataKey"], [key]) | {
        "Condition": {"StringEquals": {"kms:ViaService": services}}
    }


def use_of_users_keys(actions: list[str], keys: list[str]) -> dict:
    """The use of the keys of existing users tables, by way of DynamoDB alone."""
    via = {"kms:ViaService": "dynamodb.${AWS::Region}.${AWS::URLSuffix}"}
    return allow(actions, keys) | {"Condition": {"StringEquals": via}}


def statements(
    users: str,
    index: str | None,
    configuration_set: str = "${ConfigurationSet}",
    identities: list[str] | None = None,
    key: str | None = None,
    app_tables: list[str] | None = None,
    app_indexes: list[str] | None = None,
    users_keys: list[str] | None = None,
) -> dict:
    """The statements of each function's role."""
    sending = [f"{SES}identity/{identity}" for identity in identities or ["example.com"]]
    sending.append(f"{SES}configuration-set/{configuration_set}")
    mail_worker = [
        logs("MailWorkerLogGroup"),
        TRACES,
        allow(
            ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
            ["${TokensTable.StreamArn}"],
        ),
        allow(["dynamodb:ListStreams"], [TOKENS + "/stream/*"]),
        tokens("GetItem", "token", "notice"),
        tokens("UpdateItem", "token", "notice", "mail-cap"),
        allow(["dynamodb:GetItem"], [users]),
        allow(["ses:SendEmail"], sending),
        allow(["s3:PutObject"], ["${DeadLetterBucket.Arn}/*"]) | OWN_ACCOUNT,
        allow(["s3:ListBucket"], ["${DeadLetterBucket.Arn}"]) | OWN_ACCOUNT,
    ]
    if index:
        mail_worker.append(allow(["dynamodb:Query"], [f"{users}/index/{index}"]))
    if app_tables:
        mail_worker.append(allow(["dynamodb:GetItem"], app_tables))
    if app_indexes:
        mail_worker.append(allow(["dynamodb:Query"], app_indexes))
    roles = {
        "RequestResetFunction": [
            logs("RequestResetLogGroup"),
            TRACES,
            tokens("UpdateItem", "request", "source"),
        ],
        "VerifyTokenFunction": [
            logs("VerifyTokenLogGroup"),
            TRACES,
            tokens("GetItem", "token"),
            tokens("UpdateItem", "token", "source"),
            NEVER_ISSUE,
        ],
        "ConfirmResetFunction": [
            logs("ConfirmResetLogGroup"),
            TRACES,
            tokens("GetItem", "token"),
            tokens("UpdateItem", "token", "source"),
            tokens("PutItem", "notice"),
            *(
                allow(["dynamodb:GetItem", "dynamodb:UpdateItem"], tables)
                for tables in ([users], app_tables)
                if tables
            ),
        ],
        "MailWorkerFunction": mail_worker,
        "MailReportsFunction": [logs("MailReportsLogGroup"), TRACES, *REPORTS],
    }
    if users_keys:
        both = ["kms:Decrypt", "kms:GenerateDataKey"]
        roles["ConfirmResetFunction"].append(use_of_users_keys(both, users_keys))
        mail_worker.append(use_of_users_keys(["kms:Decrypt"], users_keys))
    if key:
        for role in roles.values():
            role.append(use_of(key))
    return roles
