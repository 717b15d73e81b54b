"""The two tables."""

import expected
import sam

KEPT = ("DeletionPolicy", "UpdateReplacePolicy")


def most(deployment) -> dict:
    """What a flood can cost at most."""
    return {
        "MaxReadRequestUnits": deployment.parameters.get("TableMaxReads", 4000),
        "MaxWriteRequestUnits": deployment.parameters.get("TableMaxWrites", 4000),
    }


def encryption(deployment) -> dict:
    """How a table is encrypted with a key of one's own; DynamoDB does it with its own otherwise."""
    key = deployment.parameters.get("TableKeyArn")
    if not key:
        return {}
    return {"SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}}


def tokens(deployment):
    """Items end by TTL, the stream has what was written, and nothing is kept longer."""
    resource = deployment.resources.get("TokensTable", {})
    table = resource.get("Properties", {})
    wanted = {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True},
        "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
        "OnDemandThroughput": most(deployment),
    } | encryption(deployment)
    for key, value in wanted.items():
        if table.get(key) != value:
            yield f"{key} is {table.get(key)}"
    # A name, a backup, protection from deletion: none is wanted here.
    for key in sorted(table.keys() - wanted.keys()):
        yield f"{key} is set"
    for key in KEPT:
        if resource.get(key) != "Delete":
            yield f"{key} is {resource.get(key)}"


def users(deployment):
    """Made only where none is named, and then hard to lose."""
    resource = deployment.resources.get("UsersTable")
    if deployment.parameters.get("UsersTableName"):
        if resource:
            yield "a table is made besides the existing one"
        return
    table = (resource or {}).get("Properties", {})
    wanted = {
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "email-index",
                "KeySchema": [{"AttributeName": "email", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
                "OnDemandThroughput": most(deployment),
            }
        ],
        "OnDemandThroughput": most(deployment),
        "DeletionProtectionEnabled": True,
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
    } | encryption(deployment)
    for key, value in wanted.items():
        if table.get(key) != value:
            yield f"{key} is {table.get(key)}"
    for key in KEPT:
        if (resource or {}).get(key) != "Retain":
            yield f"{key} is {(resource or {}).get(key)}"


def names(deployment):
    """The table that is made here cannot be told to have other names; an existing one can."""
    template, parameters = deployment.template, deployment.parameters
    if not sam.accepts(template, parameters):
        yield "the parameters are refused"
    for parameter in expected.OWN_TABLE_NAMES:
        own = parameters | {"UsersTableName": "", parameter: "another"}
        if sam.accepts(template, own):
            yield f"{parameter} can be another for a table that is made here"
    lost = parameters | {
        "UsersTableName": "people",
        "UsersKeyAttribute": "id",
        "UsersEmailIndex": "",
        "UsersEmailKey": "",
        "UsersEmailAttribute": "email",
    }
    if sam.accepts(template, lost):
        yield "a table can be named in which no address is found"
