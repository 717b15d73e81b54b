"""Addresses, as the service stores things under them: the same as shared/src/domain says."""

import base64
import hashlib
import hmac
import re
import unicodedata

import idna

# RFC 5322's dot-atom, RFC 5321's lengths; see domain/email.rs.
LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
MAX_LOCAL, MAX_ADDRESS = 64, 254


class NoAddress(ValueError):
    """What was given is no address that the service would take."""


def normalised(address: str) -> str:
    """The form that limits and keys are made of."""
    local, _, domain = address.strip().rpartition("@")
    if len(local) > MAX_LOCAL or not LOCAL.fullmatch(local):
        raise NoAddress("this is no mail address that the service takes")
    found = f"{local.lower()}@{ascii_domain(domain)}"
    if len(found) > MAX_ADDRESS:
        raise NoAddress("this address is too long")
    return found


def ascii_domain(domain: str) -> str:
    """A domain in ASCII. Whatever would be folded to another letter is refused."""
    lower = unicodedata.normalize("NFC", domain).lower()
    if any(turns_into_ascii(letter) for letter in domain if not letter.isascii()):
        raise NoAddress("its domain has letters that merely look like others")
    try:
        found = idna.encode(lower, strict=True, std3_rules=True).decode()
    except idna.IDNAError as error:
        raise NoAddress(f"its domain is none: {error}") from error
    last = found.rpartition(".")
    if not last[0] or not last[2][:1].isalpha():
        raise NoAddress("its domain is none")
    return found


def turns_into_ascii(letter: str) -> bool:
    """Whether a letter from elsewhere becomes a plain one, as the Kelvin sign becomes a k."""
    return any(it.isascii() for it in unicodedata.normalize("NFC", letter).lower())


def locator(app: str, address: str) -> str:
    """Where everything about an address of an app is stored; see domain/locator.rs."""
    digest = hashlib.sha256(f"{app}\0{normalised(address)}".encode()).digest()
    return base64.urlsafe_b64encode(digest[:16]).decode().rstrip("=")


def pseudonym(key: str, address: str) -> str:
    """What stands for an address in logs; see domain/pseudonym.rs."""
    message = b"email\0" + normalised(address).encode()
    digest = hmac.new(key.encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:9]).decode().rstrip("=")
