"""Why an address got no mail: what is noted of its mails, and whether SES holds it back."""

from datetime import datetime, timezone

from botocore.exceptions import ClientError

import address as addresses

# By the state that is stored; ARCHITECTURE.md lists them.
MEANING = {
    "pending": "is about to be sent, or SES's answer was lost and it is tried again",
    "deferred": "SES did not take it; it is tried again",
    "sent": "SES took it; nothing has been heard of it since",
    "skipped": "nobody was mailed: no account has this address, or the account is disabled",
    "failed": "SES refused this recipient, or the job kept failing",
    "delayed": "the recipient's server is slow to take it; SES goes on trying",
    "delivered": "the recipient's server took it: look into the spam folder",
    "bounced": "the recipient's server sent it back",
    "complained": "the recipient called it spam; SES mails this address no more",
    "rejected": "SES found a virus in it",
}


def when(seconds) -> str:
    return datetime.fromtimestamp(int(seconds), timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")


def read(client, table: str, key: str, *names: str) -> dict:
    """Some attributes of an item. What is a secret is not even asked for."""
    found = client.get_item(
        TableName=table,
        Key={"pk": {"S": key}},
        ConsistentRead=True,
        ProjectionExpression=", ".join(f"#{number}" for number, _ in enumerate(names)),
        ExpressionAttributeNames={f"#{number}": name for number, name in enumerate(names)},
    )
    return found.get("Item", {})


def suppressed(client, address: str) -> str | None:
    """Why SES holds an address back, if it does."""
    try:
        found = client.get_suppressed_destination(EmailAddress=address)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NotFoundException":
            return None
        raise
    return found["SuppressedDestination"]["Reason"]


def explain(deployment, app: str, address: str) -> list[str]:
    """All that there is to say to somebody who waits for a mail."""
    locator = addresses.locator(app, address)
    dynamodb, table = deployment.client("dynamodb"), deployment.tokens_table
    request = read(dynamodb, table, f"request#{locator}", "requested_at")
    record = read(dynamodb, table, f"token#{locator}", "deliveries")
    lines = []
    if request:
        lines.append(f"last asked for at {when(request['requested_at']['N'])}")
    else:
        lines.append(
            "nobody has asked for a reset lately: the form was not sent, was for another app or "
            "spelling, or was refused (429, 403; see request-refused and reset-requested in the log)"
        )
    deliveries = record.get("deliveries", {}).get("M", {}).items()
    for job, delivery in sorted(deliveries, key=lambda it: int(it[1]["M"]["at"]["N"])):
        known = delivery["M"]
        state = known["state"]["S"]
        detail = known.get("detail", {}).get("S")
        text = (
            f"{when(known['at']['N'])} {state}: {MEANING.get(state, 'is of a kind unknown here')}"
        )
        lines.append(text + (f" ({detail})" if detail else "") + f" [job {job}]")
    if request and not deliveries:
        lines.append("the mail worker has not come to it: see MailDelayAlarm in infra/RUNBOOK.md")
    reason = suppressed(deployment.client("sesv2"), addresses.normalised(address))
    if reason:
        lines.append(
            f"SES suppresses this address ({reason}): it takes mails and sends none. When its owner "
            "has mended the mailbox: aws sesv2 delete-suppressed-destination --email-address ADDRESS"
        )
    else:
        lines.append("SES does not suppress this address")
    return lines
