"""What `make check-users` says of the users tables, with the settings file of this tree."""

import os

import tool
from aws import ROOT, SETTINGS, Deployment

FILE = ROOT / SETTINGS
# What it reads, none of which is to come from the shell of the caller.
OURS = ("USERS_TABLE", "SETTINGS_", "APP", "SAMPLE")


def credentials(deployment: Deployment) -> dict:
    """Those of the caller, from wherever boto3 has them."""
    found = deployment.session.get_credentials().get_frozen_credentials()
    named = {
        "AWS_ACCESS_KEY_ID": found.access_key,
        "AWS_SECRET_ACCESS_KEY": found.secret_key,
        "AWS_SESSION_TOKEN": found.token,
        "AWS_REGION": deployment.session.region_name,
    }
    return {name: value for name, value in named.items() if value}


def environment(deployment: Deployment) -> dict:
    others = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return others | credentials(deployment) | {"SETTINGS_FILE": str(FILE)}


def check(variables: dict) -> list[tuple[str, str]]:
    """Each finding: its verdict, ok, note or BAD, and what it is."""
    ran = tool.run("users", variables=variables)
    found = [(line[:4].strip(), line[4:].strip()) for line in ran.stdout.splitlines()]
    if ran.returncode > 1 or not found:
        found.append(("BAD", ran.stderr.strip() or "check users says nothing"))
    return found


def of_deployment(deployment: Deployment) -> list[tuple[str, str]]:
    """The table that apps have which name none."""
    return check(environment(deployment) | {"USERS_TABLE": deployment.outputs["UsersTableName"]})


def of_app(deployment: Deployment, app: str) -> list[tuple[str, str]]:
    """The table that an app has of its own."""
    return check(environment(deployment) | {"APP": app})
