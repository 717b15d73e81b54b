"""What the parameters of a stack let the service do: whom it may send as, which users it may read."""

import fnmatch
import re

import address as addresses

TABLE = re.compile(r"arn:[\w-]+:dynamodb:(?P<region>[\w-]+):\d{12}:table/(?P<table>[\w.-]+)")


def listed(parameters: dict, name: str) -> list[str]:
    """The parts of a parameter with commas."""
    return [it for it in parameters.get(name, "").split(",") if it]


def senders(parameters: dict) -> list[str]:
    """The patterns that the mail worker's role has for the sender of a mail, as template.yaml makes them."""
    identity = parameters.get("SenderIdentity", "")
    own = [identity] if "@" in identity else [f"*@{identity}", f"*@*.{identity}"]
    return own + listed(parameters, "OtherSenders")


def identities(parameters: dict) -> list[str]:
    """The SES identities that mails are sent from: addresses, and domains of patterns."""
    others = listed(parameters, "OtherSenders")
    named = [it.rpartition("@")[2].removeprefix("*.") if "*" in it else it for it in others]
    return list(dict.fromkeys([parameters.get("SenderIdentity", ""), *named]))


def address(sender: str) -> str:
    """The address that a sender mails from: it is one, or one in brackets behind a name."""
    return addresses.mailable(sender.rpartition("<")[2].rstrip("> "))


def may_send(parameters: dict, sender: str) -> bool:
    """Whether the role lets this sender send. IAM compares capitals too."""
    return any(fnmatch.fnmatchcase(address(sender), it) for it in senders(parameters))


def tables(parameters: dict) -> list[str]:
    """The names of the existing users tables that the functions may use."""
    found = map(TABLE.fullmatch, listed(parameters, "UsersTableArns"))
    return [it["table"] for it in found if it]


def sessions(file: dict) -> list[str]:
    """The tables of sessions, and behind each its index on the user, as their ARNs end."""
    users = [file.get("users", {}), *(app.get("users") or {} for app in file["apps"].values())]
    names = []
    for table in [it["sessions"] for it in users if it.get("sessions")]:
        index = table.get("user_index")
        names += [table["table"], *([f"{table['table']}/index/{index}"] if index else [])]
    return list(dict.fromkeys(names))


def ungranted_session_tables(file: dict, parameters: dict) -> list[str]:
    """Those of them in which the worker may not delete, or must not because users are there."""
    ended = [arn.partition(":table/")[2] for arn in listed(parameters, "SessionsTableArns")]
    return [it for it in sessions(file) if it not in ended or it in tables(parameters)]
