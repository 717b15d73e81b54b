"""Addresses, as the service stores things under them: the same as shared/src/domain says."""

import base64
import hashlib
import hmac


class NoAddress(ValueError):
    """What was given is no address that the service would take."""


def normalised(address: str) -> str:
    """The form that limits and keys are made of."""
    address = address.strip()
    if not address.isascii():
        raise NoAddress(
            "give the domain in its ASCII form (xn--...); nothing else can be outside ASCII"
        )
    local, at, domain = address.rpartition("@")
    if not (local and at and "." in domain) or any(c.isspace() for c in address):
        raise NoAddress("this is no mail address")
    return f"{local}@{domain}".lower()


def locator(app: str, address: str) -> str:
    """Where everything about an address of an app is stored; see domain/locator.rs."""
    digest = hashlib.sha256(f"{app}\0{normalised(address)}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def pseudonym(key: str, address: str) -> str:
    """What stands for an address in logs; see domain/pseudonym.rs."""
    message = b"email\0" + normalised(address).encode()
    digest = hmac.new(key.encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:9]).decode().rstrip("=")
