"""Asks what a deployment differs in, looks whether it fits the settings file, and saves it.

python infra/operate/deploy.py --config infra/samconfig.toml [--section NAME]

Without a section it asks five things and writes the answers into the first one: what differs from the
template's defaults, and what was there before. With a section it asks nothing, and looks at that one. All
that cannot work is said at once, before anything is built; then it ends with 1 and has written nothing.
"""

import argparse
import json
import os
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

import boto3
from botocore.exceptions import BotoCoreError, ClientError

import grants
from aws import ROOT, defaults
from aws import SETTINGS as PLACE
from aws import settings as settings_file
from section import declared, overrides, settings, template

sys.path.append(str(ROOT / "infra" / "checks"))

import sam  # noqa: E402

FIRST = "default"
# What the table that the template makes is like.
CREATED_TABLE = {"key_attribute": "id", "email_attribute": "email", "email_index": "email-index"}
# What it has not.
NOT_IN_CREATED_TABLE = (
    "sort_key_attribute",
    "email_index_attribute",
    "email_index_sort_attribute",
    "email_key",
    "email_sort_key",
)


def origin(url: str) -> str:
    """The origin of a page: https://app.example.com of https://app.example.com/login"""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def arns(answer: str, file: dict, account: str, region: str) -> dict:
    """The parameters for users tables, each with its index: the first is that of all apps. An answer may
    be an ARN. And that for tables of sessions."""
    partition = boto3.Session().get_partition_for_region(region)
    beginning = f"arn:{partition}:dynamodb:{region}:{account}:table/"
    ended = ",".join(beginning + name for name in grants.sessions(file))
    tables, indexes = [], []
    index = file.get("users", {}).get("email_index")
    for name, index in [(answer, index), *own_tables(file)] if answer else []:
        arn = name if name.startswith("arn:") else beginning + name
        if arn not in tables:
            tables.append(arn)
            indexes += [f"{arn}/index/{index}"] if index else []
    named = {"UsersTableArns": tables, "UsersIndexArns": indexes}
    return {name: ",".join(it) for name, it in named.items()} | {"SessionsTableArns": ended}


def own_tables(file: dict) -> list[tuple[str, str | None]]:
    """The users tables that apps have of their own, each with its index on the address."""
    users = [it["users"] for it in file["apps"].values() if it.get("users")]
    return [(it["table"], it.get("email_index")) for it in users]


def problems(file: dict, parameters: dict, region: str, login: str = "") -> list[str]:
    """What of the settings file, the parameters and the login page that was named cannot work together."""
    found = invalid_parameters(parameters)
    for name, app in file["apps"].items() if parameters.get("SenderIdentity") else []:
        sender = grants.address(app["sender"])
        if not grants.may_send(parameters, sender):
            found.append(
                f"{PLACE}: apps.{name}.sender: {sender} is not one of "
                f"{', '.join(grants.senders(parameters))}; change it, or name it in OtherSenders"
            )
    granted = grants.tables(parameters)
    indexes = [it.partition(":table/")[2] for it in grants.listed(parameters, "UsersIndexArns")]
    users = {f"apps.{name}.users": app.get("users") or {} for name, app in file["apps"].items()}
    # Without a name it is the first one.
    users["users"] = {"table": next(iter(granted), None)} | file.get("users", {})
    for place, it in users.items():
        table, index = it.get("table"), it.get("email_index")
        if table and table not in granted:
            found.append(f"{PLACE}: {place}.table: {table} is not in UsersTableArns")
        elif table and index and f"{table}/index/{index}" not in indexes:
            found.append(f"{PLACE}: {place}.email_index: {table}/index/{index} is not in UsersIndexArns")
    for name in grants.ungranted_session_tables(file, parameters):
        found.append(f"{PLACE}: users.sessions: {name} is not in SessionsTableArns, or has users")
    if not granted and not users["users"].get("table"):
        found += unlike_made(users["users"])
    tables = ("UsersTableArns", "UsersIndexArns", "UsersKeyArns", "SessionsTableArns")
    for name in (*tables, "CertificateArn", "TableKeyArn", "AlarmTarget"):
        # An alarm may be told to an address too.
        for arn in [it for it in grants.listed(parameters, name) if "@" not in it]:
            place = arn.split(":")[3] if arn.count(":") >= 5 else "nowhere"
            if place != region:
                found.append(f"{name}: {arn} is of {place}, and the stack will be in {region}")
    if login and login not in [app["login_url"] for app in file["apps"].values()]:
        found.append(f"{PLACE}: apps.{file['default_app']}.login_url: it is not {login}; change it")
    return found


def unlike_made(users: dict) -> list[str]:
    """What the settings say of the users table that it will not be like when the template makes it."""
    whole = defaults("users") | users
    differing = [name for name, value in CREATED_TABLE.items() if whole[name] != value]
    differing += [name for name in NOT_IN_CREATED_TABLE if users.get(name)]
    return [
        f"{PLACE}: users.{name}: the table that is made here has the key id and the index email-index "
        "on email; change it, or name a table"
        for name in differing
    ]


def prompt(question: str, known: str, read=input) -> str:
    """An answer, or what is known already; a hyphen takes that away."""
    answer = read(f"{question}{f' [{known}]' if known else ''}: ").strip()
    return "" if answer == "-" else answer or known


def answers(found: dict, file: dict, account, read=input) -> tuple[str, dict, str]:
    """The Region and the parameters that five answers come to, beside those that were there, and the
    login page."""
    before = overrides(found)
    main = file["apps"][file["default_app"]]
    known = found.get("region") or os.environ.get("AWS_REGION") or "us-east-1"
    region = prompt("Region", known, read)
    own = before.get("SenderIdentity", "")
    sender = prompt("Sender: a domain, or an address of yours to begin with", own, read)
    login = prompt("Login page of your application", main["login_url"], read)
    tables = grants.listed(before, "UsersTableArns")
    named = tables[0] if tables else file.get("users", {}).get("table") or ""
    users = prompt("Users table; none makes one, - forgets one", named, read)
    told = before.get("AlarmTarget", "")
    alarms = prompt("Address that alarms are mailed to; none shows them in CloudWatch", told, read)
    origins = before.get("AllowedOrigins", "")
    if origin(login) not in origins.split(","):
        origins = origin(login)
    changed = {"SenderIdentity": sender, "AllowedOrigins": origins, "AlarmTarget": alarms}
    by_name = users and not users.startswith("arn:") or own_tables(file) or grants.sessions(file)
    whose = account(region) if by_name else ""
    return region, before | changed | arns(users, file, whose, region), login


def differing(parameters: dict) -> dict:
    """Those parameters that are not what the template has by itself."""
    known = declared()
    return {name: it for name, it in parameters.items() if it != str(known[name].get("Default", ""))}


def written(text: str, section: str, region: str, parameters: dict) -> str:
    """The configuration with these in place of what the section said of them."""
    head = f"[{section}.deploy.parameters]"
    before, _, rest = text.partition(head)
    body, mark, after = rest.partition("\n[")
    # Comments in front of the next section are its own.
    own, comments = re.fullmatch(r"(.*?)((?:\n#[^\n]*)*\n*)", body, re.S).groups()
    own = re.sub(r"\nregion\s*=[^\n]*", "", own)
    lines = "".join(f"\n  {json.dumps(f'{name}={value}')}," for name, value in parameters.items())
    overridden = f"\nparameter_overrides = [{lines}{chr(10) if lines else ''}]"
    pattern = r'\nparameter_overrides\s*=\s*(?:\[[^\]]*\]|"(?:[^"\\]|\\.)*")'
    own = re.sub(pattern, "", own) + overridden
    return f"{before}{head}\nregion = {json.dumps(region)}{own}{comments}{mark}{after}"


def whose_account(region: str) -> str:
    """The account that is deployed to, which the ARNs of tables have."""
    return boto3.client("sts", region_name=region).get_caller_identity()["Account"]


def invalid_parameters(parameters: dict) -> list[str]:
    """Parameters that there are not, that are missing, or that have other values than they may have."""
    known, found = declared(), []
    for name, it in known.items():
        if "Default" not in it and not parameters.get(name):
            found.append(f"{name}: it has to be given: {it['Description']}")
    for name, value in parameters.items():
        it = known.get(name)
        if it is None:
            found.append(f"{name}: there is no such parameter")
        elif not re.search(it.get("AllowedPattern", ""), value):
            found.append(f"{name}: it may not be {value}: {it['Description']}")
        elif value not in map(str, it.get("AllowedValues", [value])):
            found.append(f"{name}: {value} is none of {', '.join(map(str, it['AllowedValues']))}")
        elif "MinValue" in it and not (
            value.isdecimal() and it["MinValue"] <= int(value) <= it["MaxValue"]
        ):
            found.append(f"{name}: {value} is not between {it['MinValue']} and {it['MaxValue']}")
    return found + sam.refused(template(), parameters)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--section")
    options = parser.parse_args()
    text, file = options.config.read_text(), settings_file()
    found, login = settings(text, options.section or FIRST), ""
    try:
        if options.section:
            region = found.get("region") or boto3.Session().region_name or ""
            parameters = overrides(found)
        else:
            region, parameters, login = answers(found, file, whose_account)
    except (BotoCoreError, ClientError) as error:
        print(f"the ARNs of the tables are not known: {error}", file=sys.stderr)
        return 1
    wrong = problems(file, parameters, region, login)
    for line in wrong:
        print(line, file=sys.stderr)
    if wrong:
        return 1
    if not options.section:
        saved = differing(parameters)
        options.config.write_text(written(text, FIRST, region, saved))
        print(f"saved in {options.config}: {', '.join(saved)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
