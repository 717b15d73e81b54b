"""Why an address got no mail: what is stored of its mails, whether SES holds it back, what is logged.

The table knows of requests and their mails, for an hour after the last link has ended. The log
knows for longer, and of the "changed" mails too.
"""

import time
from collections.abc import Iterator
from datetime import datetime, timezone

import address as addresses
from lines import Line, or_error_line

# By the state that is stored; docs/tokens-table.md lists them.
MEANING = {
    "pending": "is about to be sent, or SES's answer was lost and it is tried again",
    "deferred": "SES did not take it; it is tried again",
    "sent": "SES took it; nothing has been heard of it since",
    "skipped": "nobody was mailed",
    "failed": "SES refused this recipient, or the job kept failing",
    "delayed": "the recipient's server is slow to take it; SES goes on trying",
    "delivered": "the recipient's server took it: look into the spam folder",
    "bounced": "the recipient's server sent it back",
    "complained": "the recipient called it spam; SES mails this address no more",
    "rejected": "SES found a virus in it",
}
# Why nobody was mailed.
SKIPPED = {
    "unknown-address": "no account has this address, in this spelling",
    "account-disabled": "the account is disabled",
    "ambiguous-address": "several accounts have this address: make it one account's "
    "(MailAttentionAlarm in docs/operations.md)",
    "repeat-over-cap": "the inbox holds a link that works, and there was no room for repeats "
    "(MailHeldAlarm in docs/operations.md)",
    "invalid-address": "one of those who are told besides (notice_emails_attribute) has no address",
    "too-many-addresses": "more than five addresses are to be told besides (notice_emails_attribute)",
}
NOT_YET = (
    "the mail worker has not come to it: see MailDelayAlarm, MailHeldAlarm and MailDeadLetterAlarm "
    "in docs/operations.md"
)
NOBODY_ASKED = (
    "nobody has asked for a reset within the life of a link: the form was not sent, was for "
    "another app or spelling, or was refused (429, 403)"
)
# The functions whose lines name an account.
GROUPS = (
    "RequestResetLogGroup",
    "ConfirmResetLogGroup",
    "MailWorkerLogGroup",
    "MailReportsLogGroup",
)
QUERY = (
    'filter account = "{account}" '
    "| fields @timestamp, event, outcome, reason, mail, app, job, message_id "
    "| sort @timestamp desc | limit 100"
)
# How long a query of the log may take.
PATIENCE_SECONDS = 60


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


def of_app(deployment, app: str, address: str) -> Iterator[Line]:
    """What the table knows of an address in one app, oldest first."""
    locator = addresses.locator(app, address)
    dynamodb, table = deployment.client("dynamodb"), deployment.tokens_table
    request = read(dynamodb, table, f"request#{locator}", "requested_at", "request_id")
    record = read(dynamodb, table, f"token#{locator}", "deliveries")
    deliveries = record.get("deliveries", {}).get("M", {})
    if not request and not deliveries:
        yield Line(f"{app}: {NOBODY_ASKED}")
    for job, delivery in sorted(deliveries.items(), key=lambda it: int(it[1]["M"]["at"]["N"])):
        yield Line(f"{app}: {delivered(delivery['M'])} [job {job}]")
    if request:
        yield Line(f"{app}: last asked for at {when(request['requested_at']['N'])}")
        if request["request_id"]["S"] not in deliveries:
            yield Line(f"{app}: of this request: {NOT_YET}")


def delivered(known: dict) -> str:
    """What became of one mail."""
    state = known["state"]["S"]
    detail = known.get("detail", {}).get("S")
    meaning = MEANING.get(state, "is of a kind unknown here")
    if state == "skipped" and detail in SKIPPED:
        meaning = f"{meaning}: {SKIPPED[detail]}"
    text = f"{when(known['at']['N'])} {state}: {meaning}"
    return text + (f" ({detail})" if detail else "")


def suppression(deployment, address: str) -> Iterator[Line]:
    """Whether SES holds an address back, and why."""
    client = deployment.client("sesv2")
    try:
        found = client.get_suppressed_destination(EmailAddress=address)["SuppressedDestination"]
    except client.exceptions.NotFoundException:
        yield Line("SES does not suppress this address")
        return
    yield Line(
        f"SES suppresses this address ({found['Reason']}): it mails it no more. Once its owner has "
        "fixed the mailbox: aws sesv2 delete-suppressed-destination --email-address ADDRESS"
    )


def rows(client, groups: list[str], query: str, seconds: int) -> list[dict]:
    """What CloudWatch Logs Insights finds in the last seconds, newest first."""
    now = int(time.time())
    started = client.start_query(
        logGroupNames=groups, startTime=now - seconds, endTime=now, queryString=query
    )
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        found = client.get_query_results(queryId=started["queryId"])
        if found["status"] == "Complete":
            return [{it["field"]: it["value"] for it in row} for row in found["results"]]
        if found["status"] not in ("Scheduled", "Running"):
            raise OSError(f"the query is {found['status']}")
        time.sleep(0.5)
    raise TimeoutError("the query takes too long")


def history(deployment, account: str, days: int) -> Iterator[Line]:
    """What the log says of an account, the newest hundred lines, oldest first."""
    groups = [deployment.resources[name] for name in GROUPS]
    query = QUERY.format(account=account)
    found = rows(deployment.client("logs"), groups, query, days * 24 * 60 * 60)
    yield Line(f"the log of {days} days calls it {account} and has {len(found)} lines of it")
    for row in reversed(found):
        words = [row[name] for name in ("outcome", "reason", "mail", "app") if row.get(name)]
        ids = [f"{name} {row[name]}" for name in ("job", "message_id") if row.get(name)]
        text = f"{row.get('@timestamp')} {row.get('event')} {' '.join(words)}".rstrip()
        yield Line(text + (f" [{', '.join(ids)}]" if ids else ""))
    if not found:
        yield Line(
            "neither a request nor a mail: was it another spelling or address, another deployment "
            "or Region, or longer ago (DAYS=..., up to LogRetentionDays)?"
        )


def explain(deployment, apps: list[str], address: str, account: str, days: int) -> Iterator[Line]:
    """All that there is to say to somebody who waits for a mail."""
    for app in apps:
        yield from or_error_line(f"{app}: the table", of_app(deployment, app, address))
    yield from or_error_line("SES's list", suppression(deployment, addresses.normalised(address)))
    yield from or_error_line("the log", history(deployment, account, days))
