"""Commands for operators of a deployment: python infra/operate COMMAND --stack STACK

`make help` lists them. They use the AWS credentials of the caller, and end with 0 where all
is well or done, 1 where something is not, and 2 where it could not be done to the end.
"""

import argparse
import sys
from collections.abc import Iterator

import address as addresses
import audit
import doctor
import kill_tokens
import redrive
import send_reset
import switch
import why
from aws import Deployment, app_ids, settings
from lines import FAILURES, Line, error_text


def options(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="operator", description=__doc__.splitlines()[0])
    parser.add_argument("--stack", default="forgot-password")
    commands = parser.add_subparsers(dest="command", required=True)
    found = commands.add_parser("doctor", help="say what is wrong and what to do")
    found.add_argument("--no-mail", action="store_true", help="send none to SES's simulator")
    found = commands.add_parser("why", help="why an address got no mail")
    found.add_argument("email", help="the address, or - to read it from standard input")
    found.add_argument("--app", help="one app; all of them without it")
    found.add_argument("--days", type=int, default=7, help="how far back the log is asked")
    found = commands.add_parser("send-reset", help="ask for a reset")
    found.add_argument("email", help="the address, or - to read it from standard input")
    found.add_argument("--app", help="the app; the default one without it")
    found = commands.add_parser("kill-tokens", help="kill links and codes")
    whose = found.add_mutually_exclusive_group(required=True)
    whose.add_argument("--email", help="the address, or - to read it from standard input")
    whose.add_argument("--all", action="store_true")
    found = commands.add_parser("redrive", help="send dead letters again")
    found.add_argument("--send", action="store_true", help="do it, and not only say it")
    found.add_argument("--job", help="end the sessions of this change, which were given up")
    commands.add_parser("off", help="switch the feature off at once")
    commands.add_parser("on", help="switch it on again")
    return parser.parse_args(arguments)


def act(given: argparse.Namespace, deployment: Deployment) -> Iterator[Line]:
    """What is recorded before it is done."""
    email = getattr(given, "email", None)
    email = sys.stdin.readline().strip() if email == "-" else email
    app = getattr(given, "app", None)
    if email is not None:
        addresses.normalised(email)
    if given.command == "send-reset":
        app = app or settings()["default_app"]
    ids = app_ids(app) if email is not None else []
    record = audit.AuditEntry(deployment, given.command, app)
    account = audit.account(deployment, email) if email is not None else None
    record.begin(account)
    print(f"recorded: {given.command} by {record.who}", file=sys.stderr)
    match given.command:
        case "why":
            lines = why.explain(deployment, ids, email, account, given.days)
        case "send-reset":
            lines = send_reset.send(deployment, app, email)
        case "kill-tokens" if given.all:
            lines = kill_tokens.kill_all(deployment)
        case "kill-tokens":
            lines = kill_tokens.kill_address(deployment, ids, email)
        case "redrive" if given.job:
            lines = redrive.redrive_change(deployment, given.job, given.send)
        case "redrive":
            lines = redrive.redrive(deployment, given.send)
        case "off":
            lines = switch.off(deployment)
        case _:
            lines = switch.on(deployment)
    return audit.recorded(record, lines)


def run(given: argparse.Namespace, deployment: Deployment) -> Iterator[Line | doctor.Finding]:
    """What to print, as it is known."""
    if given.command == "doctor":
        looks = doctor.LOOKS if given.no_mail else (*doctor.LOOKS, doctor.simulator)
        return doctor.examine(deployment, looks)
    if given.command == "redrive" and not given.send:
        if given.job:
            return redrive.redrive_change(deployment, given.job, given.send)
        return redrive.redrive(deployment, given.send)
    return act(given, deployment)


def main(arguments: list[str] | None = None, deployment: Deployment | None = None) -> int:
    well = True
    given = options(arguments)
    try:
        for line in run(given, deployment or Deployment(given.stack)):
            print(line, flush=True)
            well = well and not line.is_bad
    except FAILURES as error:
        print(error_text(error), file=sys.stderr)
        return 2
    return 0 if well else 1
