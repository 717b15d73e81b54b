"""Commands for whoever operates a deployment: python infra/operator COMMAND --stack STACK

`make help` lists them. They use the AWS credentials of whoever calls them.
"""

import argparse
import sys

from botocore.exceptions import BotoCoreError, ClientError

import audit
import dead_letters
import deliveries
import doctor
import support
import switch
import tokens
from address import NoAddress
from aws import Deployment, apps


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="operator", description=__doc__.splitlines()[0])
    parser.add_argument("--stack", default="forgot-password")
    commands = parser.add_subparsers(dest="command", required=True)
    found = commands.add_parser("doctor", help="say what is wrong and what to do")
    found.add_argument("--no-mail", action="store_true", help="send none to SES's simulator")
    for name, text in (("why", "why an address got no mail"), ("send", "ask for a reset")):
        found = commands.add_parser(name, help=text)
        found.add_argument("email")
        found.add_argument("--app", default=apps()["default"])
    found = commands.add_parser("kill", help="kill links and codes")
    whose = found.add_mutually_exclusive_group(required=True)
    whose.add_argument("--email")
    whose.add_argument("--all", action="store_true")
    found = commands.add_parser("redrive", help="send dead letters again")
    found.add_argument("--send", action="store_true", help="do it, and not only say it")
    commands.add_parser("off", help="switch the feature off at once")
    commands.add_parser("on", help="switch it on again")
    return parser.parse_args()


def run(given: argparse.Namespace, deployment: Deployment) -> tuple[list[str], bool]:
    """What to print, and whether all is well."""
    if given.command == "doctor":
        looks = doctor.LOOKS if given.no_mail else (*doctor.LOOKS, doctor.simulator)
        findings = doctor.examine(deployment, looks)
        return [str(finding) for finding in findings], not any(it.is_bad for it in findings)
    if given.command == "why":
        return deliveries.explain(deployment, given.app, given.email), True
    if given.command != "redrive" or given.send:
        who = audit.note(deployment, given.command, getattr(given, "email", None))
        print(f"noted: {given.command} by {who}", file=sys.stderr)
    match given.command:
        case "send":
            return support.send(deployment.outputs["ApiUrl"], given.app, given.email), True
        case "kill" if given.all:
            return [f"killed {tokens.kill_all(deployment)} records"], True
        case "kill":
            ids = [app["id"] for app in apps()["apps"]]
            return [f"killed {tokens.kill_address(deployment, ids, given.email)} records"], True
        case "redrive":
            return dead_letters.redrive(deployment, given.send), True
        case "off":
            return switch.off(deployment), True
    return switch.on(deployment), True


def main() -> int:
    given = options()
    try:
        lines, well = run(given, Deployment(given.stack))
    except (BotoCoreError, ClientError, NoAddress) as error:
        print(error, file=sys.stderr)
        return 2
    for line in lines:
        print(line)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
