"""Kills links and codes that are outstanding."""

from botocore.exceptions import ClientError

import address as addresses


def kill_at(client, table: str, key: str) -> bool:
    """Kills every link and the code of one record, as cancelling does; whether there was one."""
    try:
        client.update_item(
            TableName=table,
            Key={"pk": {"S": key}},
            UpdateExpression=(
                "SET #links = :none, #revision = #revision + :one "
                "REMOVE #code_hash, #code_expires_at, #code_attempts"
            ),
            ConditionExpression="attribute_exists(#revision)",
            ExpressionAttributeNames={
                f"#{name}": name
                for name in ("links", "revision", "code_hash", "code_expires_at", "code_attempts")
            },
            ExpressionAttributeValues={":none": {"M": {}}, ":one": {"N": "1"}},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return False
        raise
    return True


def kill_address(deployment, app_ids: list[str], address: str) -> int:
    """Kills what is outstanding of one address, in every app; how many records there were."""
    client, table = deployment.client("dynamodb"), deployment.tokens_table
    keys = [f"token#{addresses.locator(app, address)}" for app in app_ids]
    return sum(kill_at(client, table, key) for key in keys)


def kill_all(deployment) -> int:
    """Kills everything that is outstanding now; what is issued meanwhile may live."""
    client, table = deployment.client("dynamodb"), deployment.tokens_table
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        ConsistentRead=True,
        FilterExpression="begins_with(#pk, :token)",
        ProjectionExpression="#pk",
        ExpressionAttributeNames={"#pk": "pk"},
        ExpressionAttributeValues={":token": {"S": "token#"}},
    )
    keys = (item["pk"]["S"] for page in pages for item in page["Items"])
    return sum(kill_at(client, table, key) for key in keys)
