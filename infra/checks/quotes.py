"""What README quotes is what the tests run.

A quote is a comment that names a file, and the block of code below it.
"""

import re
from pathlib import Path

import sam

DOCUMENT = sam.ROOT / "README.md"
EXAMPLES = sam.ROOT / "tests" / "login"

QUOTE = re.compile(
    r"^<!-- (?P<path>\S+) -->\n```\w+\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL
)


def examples() -> list[Path]:
    """The files that README has to quote; the others in the folder only run them."""
    files = [*EXAMPLES.glob("login*.*"), *EXAMPLES.glob("Login*.*"), *EXAMPLES.glob("session*.*")]
    return sorted(set(files))


def differing(text: str) -> list[str]:
    """The examples that a text does not quote, or not as they are."""
    quoted = {match["path"]: match["text"] for match in QUOTE.finditer(text)}
    files = {str(path.relative_to(sam.ROOT)): path.read_text() for path in examples()}
    return sorted(
        path for path in quoted.keys() | files.keys() if quoted.get(path) != files.get(path)
    )
