"""Faults of the tables."""

from faults.changes import drop, properties, put, resource

FAULTS = {
    "tables.tokens": {
        "no TTL": drop(*properties("TokensTable", "TimeToLiveSpecification")),
        "TTL off": put(*properties("TokensTable", "TimeToLiveSpecification"), "Enabled", False),
        "TTL of another name": put(
            *properties("TokensTable", "TimeToLiveSpecification"), "AttributeName", "expires"
        ),
        "keys only": put(
            *properties("TokensTable", "StreamSpecification"), "StreamViewType", "KEYS_ONLY"
        ),
        "provisioned": put(*properties("TokensTable"), "BillingMode", "PROVISIONED"),
        "a backup": put(
            *properties("TokensTable"),
            "PointInTimeRecoverySpecification",
            {"PointInTimeRecoveryEnabled": True},
        ),
        "no most": drop(*properties("TokensTable", "OnDemandThroughput")),
        "another most": put(
            *properties("TokensTable", "OnDemandThroughput"), "MaxWriteRequestUnits", 40_000
        ),
        "never a key of one's own": drop(*properties("TokensTable", "SSESpecification")),
        "a name": put(*properties("TokensTable"), "TableName", "tokens"),
        "kept": put(*resource("TokensTable"), "DeletionPolicy", "Retain"),
    },
    "tables.users": {
        "no backup": drop(*properties("UsersTable", "PointInTimeRecoverySpecification")),
        "not kept": put(*resource("UsersTable"), "DeletionPolicy", "Delete"),
        "not kept when replaced": drop(*resource("UsersTable", "UpdateReplacePolicy")),
        "no protection": drop(*properties("UsersTable", "DeletionProtectionEnabled")),
        "always made": drop(*resource("UsersTable", "Condition")),
        "an index without a most": drop(
            *properties("UsersTable", "GlobalSecondaryIndexes", 0, "OnDemandThroughput")
        ),
        "another most of the index": put(
            *properties("UsersTable", "GlobalSecondaryIndexes", 0, "OnDemandThroughput"),
            "MaxReadRequestUnits",
            40_000,
        ),
        "another index": put(
            *properties("UsersTable", "GlobalSecondaryIndexes", 0), "IndexName", "by-mail"
        ),
    },
    "tables.names": {
        "no rule": drop("Rules"),
        "one forgotten": drop("Rules", "OwnUsersTable", "Assertions", 0, "Assert", "Fn::And", 2),
        "users that nobody finds": drop("Rules", "FindableUsers"),
        "always in force": put(
            "Rules", "OwnUsersTable", "RuleCondition", {"Fn::Equals": ["same", "same"]}
        ),
    },
}
