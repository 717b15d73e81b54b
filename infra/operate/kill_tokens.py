"""Kills links and codes that are outstanding."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed

import address as addresses
import tool
from lines import FAILURES, Line

# Parts of the table that are looked through at the same time. At 20 ms a write that is 800 writes
# a second, of three units each, below TableMaxUnits.
SEGMENTS = 16
LEFT = (
    "requests that were accepted before this may still be mailed, with links that work: run it "
    "again when no mail waits any more (MailDelayAlarm and MailHeldAlarm are quiet)"
)


def revocation() -> dict:
    """The scan that finds what is alive, and the update that kills it: the service's own code says both."""
    ran = tool.run("revocation")
    if ran.returncode:
        raise OSError(f"check revocation says nothing: {ran.stderr.strip()}")
    return json.loads(ran.stdout)


def kill_at(client, table: str, key: str, update: dict) -> bool:
    """Kills every link and code of one record, as cancelling does; whether there was one."""
    try:
        client.update_item(TableName=table, Key={"pk": {"S": key}}, **update)
    except client.exceptions.ConditionalCheckFailedException:
        return False
    return True


def kill_address(deployment, app_ids: list[str], address: str) -> Iterator[Line]:
    """Kills what is outstanding of one address, in every app."""
    client, table = deployment.client("dynamodb"), deployment.tokens_table
    keys = [f"token#{locator}" for locator in addresses.locators(app_ids, address)]
    update = revocation()["update"]
    killed = sum(kill_at(client, table, key, update) for key in keys)
    tried = f"looked for in: {', '.join(app_ids)}"
    yield Line(f"killed {killed} records; {tried}", facts={"killed": killed})
    yield Line(LEFT)


class Count:
    """What several threads have killed together, told on stderr once in a while."""

    def __init__(self):
        self.total = 0
        self._lock = threading.Lock()
        self._told_at = time.monotonic()

    def add(self):
        with self._lock:
            self.total += 1
            if time.monotonic() - self._told_at > 5:
                self._told_at = time.monotonic()
                print(f"{self.total} killed so far", file=sys.stderr)


def kill_segment(client, table: str, segment: int, how: dict, count: Count, stop: threading.Event):
    """Kills what is alive in one part of the table."""
    pages = client.get_paginator("scan").paginate(
        TableName=table,
        Segment=segment,
        TotalSegments=SEGMENTS,
        ConsistentRead=True,
        **how["scan"],
    )
    for page in pages:
        for item in page["Items"]:
            if stop.is_set():
                return
            if kill_at(client, table, item["pk"]["S"], how["update"]):
                count.add()


def kill_all(deployment) -> Iterator[Line]:
    """Kills everything that is outstanding now. It may be run again at any time."""
    client, table = deployment.client("dynamodb", "long"), deployment.tokens_table
    print("make off comes first where it must end at once: this may take hours", file=sys.stderr)
    how, count, stop = revocation(), Count(), threading.Event()
    how["scan"]["ExpressionAttributeValues"][":now"] = {"N": str(int(time.time()))}
    with ThreadPoolExecutor(SEGMENTS) as pool:
        parts = [
            pool.submit(kill_segment, client, table, segment, how, count, stop)
            for segment in range(SEGMENTS)
        ]
        try:
            for part in as_completed(parts):
                part.result()
        except FAILURES:
            stop.set()
            yield Line(
                f"killed {count.total} records and then failed; run it again for the rest",
                is_bad=True,
                facts={"killed": count.total},
            )
            raise
        finally:
            stop.set()
    yield Line(f"killed {count.total} records", facts={"killed": count.total})
    yield Line(LEFT)
