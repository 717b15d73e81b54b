"""What a command says, and what can go wrong while it does."""

import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from http.client import HTTPException

from botocore.exceptions import BotoCoreError, ClientError

from address import NoAddress
from aws import Missing

# Whatever AWS, the network or a stack of another template may do. What else is raised is a fault of
# these commands.
FAILURES = (
    BotoCoreError,
    ClientError,
    OSError,
    HTTPException,
    LookupError,
    ValueError,
    zipfile.BadZipFile,
)
# Those whose text is a whole sentence.
PLAIN = (BotoCoreError, ClientError, Missing, NoAddress)


@dataclass(frozen=True)
class Line:
    """One line of what a command prints."""

    text: str
    is_bad: bool = False
    # What the audit records of it.
    facts: dict = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text


def error_text(error: Exception) -> str:
    return str(error) if isinstance(error, PLAIN) else f"{type(error).__name__}: {error}"


def or_error_line(what: str, lines: Iterable[Line]) -> Iterator[Line]:
    """These lines, and one in place of the rest where they fail."""
    try:
        yield from lines
    except FAILURES as error:
        yield Line(f"{what} could not be looked at: {error_text(error)}", is_bad=True)
