"""Sends again what the outbox gave up on.

Each object of the bucket is the record of one failed invocation, as Lambda writes it, with the
event as `payload`. The worker knows what it has sent before only while the item of the job is there: that
of an address for an hour after its last link has ended, that of a notice for 48 hours. So what was
dealt with is taken out of the bucket at once, and a mail is never sent twice at the same time.
"""

import json
import time
from collections.abc import Iterator

from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from aws import WORKER_SECONDS
from lines import Line, error_text

# A request that was given up on longer ago asks for a mail that nobody waits for any more.
WORTH_SECONDS = 24 * 60 * 60


class Unreadable(ValueError):
    """An object that Lambda did not write."""


def is_notice(record: dict) -> bool:
    return record["dynamodb"]["Keys"]["pk"]["S"].startswith("notice#")


def created(record: dict) -> float:
    return float(record["dynamodb"]["ApproximateCreationDateTime"])


def parse(key: str, body: bytes) -> list:
    """The records in an object."""
    try:
        payload = json.loads(body)["payload"]
        event = json.loads(payload) if isinstance(payload, str) else payload
        records = event["Records"]
        for record in records:
            is_notice(record), created(record), record["dynamodb"]["SequenceNumber"]
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise Unreadable(f"{key}: no record that Lambda wrote") from error
    return records


def objects(client, bucket: str) -> Iterator[tuple[str, bytes]]:
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for found in page.get("Contents", []):
            body = client.get_object(Bucket=bucket, Key=found["Key"])["Body"]
            yield found["Key"], body.read()


def event(records: list) -> bytes:
    return json.dumps({"Records": records}).encode()


def send(client, function: str, records: list) -> int:
    """Hands records to the worker; how many it dealt with. It stops at the first that fails."""
    answer = client.invoke(FunctionName=f"{function}:live", Payload=event(records))
    if "FunctionError" in answer:
        return 0
    failures = json.loads(answer["Payload"].read()).get("batchItemFailures", [])
    if not failures:
        return len(records)
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    return numbers.index(failures[0]["itemIdentifier"])


def keep(client, bucket: str, key: str, rest: list):
    """Leaves the rest of a dead letter in the bucket, or nothing of it."""
    if rest:
        body = json.dumps({"payload": event(rest).decode()}).encode()
        client.put_object(Bucket=bucket, Key=key, Body=body)
    else:
        client.delete_object(Bucket=bucket, Key=key)


def redrive(deployment, really: bool, now: float | None = None) -> Iterator[Line]:
    """Sends what is worth it and removes what was dealt with; says it only, unless `really`."""
    now = time.time() if now is None else now
    # A dead letter comes when a link would have ended, and is worth sending for a day from then on.
    given_up_before = now - int(deployment.parameters["LinkLifetimeSeconds"]) - WORTH_SECONDS
    bucket = deployment.outputs["DeadLetterBucketName"]
    s3, function = deployment.client("s3"), deployment.outputs["MailWorkerFunctionName"]
    seen = sent = 0
    for seen, (key, body) in enumerate(objects(s3, bucket), 1):
        try:
            records = parse(key, body)
        except Unreadable as error:
            yield Line(str(error), is_bad=True)
            continue
        worth = [it for it in records if is_notice(it) or created(it) > given_up_before]
        text = f"{key}: {len(worth)} to send, {len(records) - len(worth)} too old"
        if not really or not worth:
            yield Line(text)
            continue
        try:
            done = send(deployment.client("lambda", "once"), function, worth)
        except (ReadTimeoutError, ConnectionClosedError):
            yield Line(
                f"{text}; what became of them is not known: the worker did not answer. Wait for "
                f"{WORKER_SECONDS // 60} minutes, the longest that it works on them, before you try again",
                is_bad=True,
                facts={"sent": sent},
            )
            return
        sent += done
        rest = worth[done:]
        text += f"; {done} dealt with" + (", the rest failed again" if rest else "")
        try:
            # One of which nothing was sent stays as old as it is.
            if done:
                keep(s3, bucket, key, rest)
        except ClientError as error:
            text += f"; the dead letter is still whole, and would mail people twice: {error_text(error)}"
            yield Line(text, is_bad=True, facts={"sent": sent})
            continue
        yield Line(text, is_bad=bool(rest), facts={"sent": sent})
    if not seen:
        yield Line("there are no dead letters")


def redrive_change(deployment, job: str, really: bool) -> Iterator[Line]:
    """Hands the worker a change of which sessions are left; says only what is known, unless `really`."""
    key = {"pk": {"S": f"notice#{job.partition('-')[0]}"}}
    client, table = deployment.client("dynamodb"), deployment.tokens_table

    def notice() -> dict:
        return client.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item", {})

    item = notice()
    if not item:
        yield Line(f"{job}: there is no such change, or it was more than 48 hours ago", is_bad=True)
        return
    if really:
        change = {
            "Keys": key,
            "NewImage": item,
            "ApproximateCreationDateTime": int(item["changed_at"]["N"]),
            "SequenceNumber": "1",
        }
        record = {"eventID": job, "eventName": "INSERT", "dynamodb": change}
        send(deployment.client("lambda", "once"), deployment.outputs["MailWorkerFunctionName"], [record])
        item = notice()
    known = item.get("sessions", {}).get("M", {})
    state, detail = (known.get(name, {}).get("S", "unknown") for name in ("state", "detail"))
    yield Line(f"{job}: sessions {state} ({detail})", is_bad=really and state != "ended")
