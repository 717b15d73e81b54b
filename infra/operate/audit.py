"""Who did what: lines in the stack's own log group, one before it is done and one after.

`infra/schemas/operator-log.schema.json` describes them. They are written by the one that they are about, so
CloudTrail is what shows that somebody left them out.
"""

import json
import sys
import time
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone

import address as addresses
from lines import FAILURES, Line, error_text


def account(deployment, address: str) -> str:
    """The pseudonym that stands for an address in the functions' logs too."""
    arn = deployment.resources["PseudonymKey"]
    secret = deployment.client("secretsmanager").get_secret_value(SecretId=arn)
    return addresses.pseudonym(secret["SecretString"], address)


class AuditEntry:
    """Something that somebody does."""

    def __init__(self, deployment, command: str, app: str | None = None):
        self.who = deployment.client("sts").get_caller_identity()["Arn"]
        self.about = {"command": command, "who": self.who, "act": uuid.uuid4().hex}
        if app:
            self.about["app"] = app
        self.logs = deployment.client("logs")
        self.group = deployment.resources["OperatorLogGroup"]
        name = self.who.rsplit("/", 1)[-1].replace(":", "-").replace("*", "-")
        self.stream = f"{name}-{self.about['act']}"

    def begin(self, account: str | None = None):
        """Records that it is begun. Where this fails nothing is to be done."""
        if account:
            self.about["account"] = account
        self.logs.create_log_stream(logGroupName=self.group, logStreamName=self.stream)
        self._put("begun", {})

    def end(self, outcome: str, facts: dict):
        """Records what came of it. It is done by then, so a failure is said and no more."""
        try:
            self._put(outcome, facts)
        except FAILURES as error:
            print(f"what came of it ({outcome}) is not recorded: {error_text(error)}", file=sys.stderr)

    def _put(self, outcome: str, facts: dict):
        now = time.time()
        at = datetime.fromtimestamp(now, timezone.utc).isoformat().replace("+00:00", "Z")
        line = {
            "timestamp": at,
            "level": "INFO",
            "target": "operator",
            "event": "operator-acted",
            "outcome": outcome,
        }
        self.logs.put_log_events(
            logGroupName=self.group,
            logStreamName=self.stream,
            logEvents=[
                {
                    "timestamp": int(now * 1000),
                    "message": json.dumps(line | self.about | facts),
                }
            ],
        )


def recorded(act: AuditEntry, lines: Iterable[Line]) -> Iterator[Line]:
    """These lines, with a record of what came of them."""
    facts, outcome, well = {}, "broken-off", True
    try:
        for line in lines:
            facts |= line.facts
            well = well and not line.is_bad
            yield line
        outcome = "done" if well else "failed"
    finally:
        act.end(outcome, facts)
