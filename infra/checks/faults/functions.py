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
        "one fixed": variable("ConfirmResetFunction", "ARGON2_ITERATIONS", "1"),
        "the other mode": variable("RequestResetFunction", "REQUEST_RESET_MODE", "mail-worker"),
        "the key in the open": put(*VARIABLES, "PSEUDONYM_KEY", "k" * 32),
        "always our table": variable("MailWorkerFunction", "USERS_TABLE", ref("UsersTable")),
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
        "a fixed level": put(*LOGGING, "ApplicationLogLevel", "INFO"),
        "a shared group": put(
            *properties("VerifyTokenFunction", "LoggingConfig"),
            "LogGroup",
            ref("ConfirmResetLogGroup"),
        ),
        "kept forever": drop(*properties("MailWorkerLogGroup", "RetentionInDays")),
    },
    "functions.concurrency": {
        "always reserved": put("Globals", "Function", "ReservedConcurrentExecutions", 10),
        "never reserved": drop("Globals", "Function", "ReservedConcurrentExecutions"),
    },
}
