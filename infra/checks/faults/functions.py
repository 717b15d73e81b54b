"""Faults of the functions."""

from faults.changes import LOGGING, VARIABLES, drop, properties, put, ref, resource, variable

FAULTS = {
    "functions.environment": {
        "verify knows users": variable("VerifyTokenFunction", "USERS_TABLE", ref("UsersTableName")),
        "all know more": put(*VARIABLES, "EXTRA", "1"),
        "a setting less": drop(*VARIABLES, "SOURCE_LIMIT"),
        "a function less": drop(*resource("ConfirmResetFunction")),
    },
    "functions.values": {
        "two swapped": put(*VARIABLES, "SOURCE_LIMIT", ref("AddressCooldownSeconds")),
        "the same roots everywhere": put(*VARIABLES, "TRUSTED_ROOTS", ref("TrustedRoots")),
        "one fixed": variable("ConfirmResetFunction", "ARGON2_ITERATIONS", "1"),
        "the other mode": variable("RequestResetFunction", "REQUEST_RESET_MODE", "mail-worker"),
        "the key in the open": put(*VARIABLES, "PSEUDONYM_KEY", "k" * 32),
        "always our table": variable("MailWorkerFunction", "USERS_TABLE", ref("UsersTable")),
        "somebody's edge": variable("VerifyTokenFunction", "EDGE_SECRET", "s" * 32),
        "a fixed address": variable("MailWorkerFunction", "PUBLIC_URL", "https://example.com"),
    },
    "functions.runtime": {
        "less memory": put(*properties("ConfirmResetFunction"), "MemorySize", 128),
        "no timeout": drop(*properties("MailWorkerFunction", "Timeout")),
        "an old system": put("Globals", "Function", "Runtime", "provided.al2"),
        "a fixed processor": put("Globals", "Function", "Architectures", ["x86_64"]),
        "no tracing": drop("Globals", "Function", "Tracing"),
        "no apps": drop("Globals", "Function", "Layers"),
    },
    "functions.logs": {
        "text": put(*LOGGING, "LogFormat", "Text"),
        "lines dropped": put(*LOGGING, "ApplicationLogLevel", "INFO"),
        "a shared group": put(
            *properties("VerifyTokenFunction", "LoggingConfig"),
            "LogGroup",
            ref("ConfirmResetLogGroup"),
        ),
        "kept forever": drop(*properties("MailWorkerLogGroup", "RetentionInDays")),
        "accesses kept forever": drop(*properties("AccessLogGroup", "RetentionInDays")),
        "kept for ten years": put(*properties("MailWorkerLogGroup"), "RetentionInDays", 3653),
        "no trace of operators": drop(*resource("OperatorLogGroup")),
        "accesses outlive the stack": drop(*resource("AccessLogGroup", "DeletionPolicy")),
    },
    "functions.secrets": {
        "a short one": put(*properties("PseudonymKey", "GenerateSecretString"), "PasswordLength", 8),
        "a given one": put(*properties("PseudonymKey"), "SecretString", "k" * 64),
        "one that nobody needs": drop(*resource("EdgeSecret", "Condition")),
    },
    "functions.releases": {
        "all at once": drop(*properties("MailWorkerFunction", "DeploymentPreference")),
        "always by degrees": put(
            *properties("VerifyTokenFunction", "DeploymentPreference"),
            "Type",
            "Canary10Percent5Minutes",
        ),
        "goes on whatever rings": drop(
            *properties("ConfirmResetFunction", "DeploymentPreference", "Alarms")
        ),
        "mails put off": drop(
            *properties("MailWorkerFunction", "DeploymentPreference", "Alarms", 1)
        ),
        "by a role of SAM's": drop(
            *properties("RequestResetFunction", "DeploymentPreference", "Role")
        ),
    },
    "functions.versions": {
        "no release": drop(*VARIABLES, "RELEASE"),
    },
    "functions.concurrency": {
        "always reserved": put("Globals", "Function", "ReservedConcurrentExecutions", 10),
        "never reserved": drop("Globals", "Function", "ReservedConcurrentExecutions"),
    },
}
