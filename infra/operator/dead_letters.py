"""Sends again what the outbox gave up on.

Each object of the bucket is the record of one failed invocation, as Lambda writes it, with the event
as `payload`. Sending it again is safe: the worker knows by each record's job what was sent before.
"""

import json
import time
from dataclasses import dataclass

# A request that is older asks for a mail that nobody waits for any more.
WORTH_SECONDS = 24 * 60 * 60


@dataclass
class Letter:
    """One object of the bucket."""

    key: str
    records: list

    def worth_sending(self, now: float) -> list:
        return [
            record
            for record in self.records
            if is_notice(record) or age(record, now) < WORTH_SECONDS
        ]


def is_notice(record: dict) -> bool:
    return record["dynamodb"]["Keys"]["pk"]["S"].startswith("notice#")


def age(record: dict, now: float) -> float:
    return now - float(record["dynamodb"]["ApproximateCreationDateTime"])


def parse(key: str, body: bytes) -> Letter:
    """The records in an object; none in one that Lambda did not write."""
    payload = json.loads(body).get("payload") or {}
    event = json.loads(payload) if isinstance(payload, str) else payload
    return Letter(key, event.get("Records", []))


def letters(client, bucket: str):
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for found in page.get("Contents", []):
            body = client.get_object(Bucket=bucket, Key=found["Key"])["Body"].read()
            yield parse(found["Key"], body)


def send(client, function: str, records: list) -> int:
    """Hands records to the worker; how many it dealt with. It stops at the first that fails."""
    answer = client.invoke(
        FunctionName=f"{function}:live", Payload=json.dumps({"Records": records}).encode()
    )
    if "FunctionError" in answer:
        return 0
    failures = json.loads(answer["Payload"].read()).get("batchItemFailures", [])
    if not failures:
        return len(records)
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    return numbers.index(failures[0]["itemIdentifier"])


def redrive(deployment, really: bool, now: float | None = None) -> list[str]:
    """Sends what is worth it and deletes what was dealt with; says it only, unless `really`."""
    now = time.time() if now is None else now
    bucket = deployment.outputs["DeadLetterBucketName"]
    s3, function = deployment.client("s3"), deployment.outputs["MailWorkerFunctionName"]
    lines = []
    for letter in letters(s3, bucket):
        worth = letter.worth_sending(now)
        old = len(letter.records) - len(worth)
        text = f"{letter.key}: {len(worth)} to send, {old} too old"
        if not really or not worth:
            lines.append(text)
            continue
        done = send(deployment.client("lambda"), function, worth)
        if done == len(worth):
            s3.delete_object(Bucket=bucket, Key=letter.key)
        lines.append(
            f"{text}; {done} dealt with" + ("" if done == len(worth) else ", the rest failed again")
        )
    return lines or ["there are no dead letters"]
