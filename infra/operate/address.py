"""Addresses, as the service stores things under them: its own code says it."""

import json

import tool


class NoAddress(ValueError):
    """What was given is no address that the service would take."""


def ask(address: str, **more) -> dict:
    """What `check address` answers. The question goes by standard input, which nobody else sees."""
    ran = tool.run("address", given=json.dumps({"email": address} | more))
    if ran.returncode == 1 and ran.stdout:
        raise NoAddress(ran.stdout.strip())
    if ran.returncode:
        raise OSError(f"check address says nothing: {ran.stderr.strip()}")
    return json.loads(ran.stdout)


def normalised(address: str) -> str:
    """The form that limits and keys are made of."""
    return ask(address)["normalised"]


def mailable(address: str) -> str:
    """The form that SES is told."""
    return ask(address)["mailable"]


def locators(apps: list[str], address: str) -> list[str]:
    """Where everything about an address is stored, for each of these apps."""
    found = ask(address, apps=apps)["locators"]
    return [found[app] for app in apps]


def locator(app: str, address: str) -> str:
    """Where everything about an address of an app is stored."""
    return locators([app], address)[0]


def pseudonym(key: str, address: str) -> str:
    """What stands for an address in logs."""
    return ask(address, key=key)["pseudonym"]
