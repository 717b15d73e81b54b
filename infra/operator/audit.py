"""Who did what: a line in the stack's own group of operators' logs, before it is done."""

import json
import time
from datetime import datetime, timezone

import address as addresses


def account(deployment, address: str) -> str:
    """The pseudonym that stands for an address in the functions' logs too."""
    arn = deployment.resources["PseudonymKey"]
    secret = deployment.client("secretsmanager").get_secret_value(SecretId=arn)
    return addresses.pseudonym(secret["SecretString"], address)


def note(deployment, command: str, address: str | None = None) -> str:
    """Writes the line and says who is noted in it. Without it nothing is done."""
    who = deployment.client("sts").get_caller_identity()["Arn"]
    now = time.time()
    line = {
        "timestamp": datetime.fromtimestamp(now, timezone.utc).isoformat().replace("+00:00", "Z"),
        "level": "INFO",
        "target": "operator",
        "event": "operator-acted",
        "command": command,
        "who": who,
    }
    if address:
        line["account"] = account(deployment, address)
    logs = deployment.client("logs")
    group = deployment.resources["OperatorLogGroup"]
    stream = f"{who.rsplit('/', 1)[-1].replace(':', '-').replace('*', '-')}-{int(now * 1000)}"
    logs.create_log_stream(logGroupName=group, logStreamName=stream)
    logs.put_log_events(
        logGroupName=group,
        logStreamName=stream,
        logEvents=[{"timestamp": int(now * 1000), "message": json.dumps(line)}],
    )
    return who
