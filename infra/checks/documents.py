"""The tests that SECURITY.md names are in the tree.

A name is `file::test` for a function in tests/integration, "`path.rs`: `test`" for one in shared/src,
and `rules.name` for a rule of this folder.
"""

import re
from pathlib import Path

import rules
import sam

DOCUMENT = sam.ROOT / "SECURITY.md"
INTEGRATION = sam.ROOT / "tests" / "integration"
UNITS = sam.ROOT / "shared" / "src"

# `races::of_fifty_confirms_at_once_one_wins`
FLOW = re.compile(r"`(?P<file>[a-z_]+)::(?P<test>[a-z0-9_]+)`")
# `domain/email.rs`: `one_test`, `another_test`
UNIT = re.compile(r"`(?P<file>[a-z0-9_/]+\.rs)`: (?P<tests>`[a-z0-9_]+`(?:, `[a-z0-9_]+`)*)")
# `rules.cors`
RULE = re.compile(r"`(?P<rule>rules\.[a-z_]+)`")


def has_test(path: Path, test: str) -> bool:
    """Whether a file has a test of this name, with its attribute and not only a function."""
    if not path.is_file():
        return False
    attribute = r"#\[(?:tokio::)?test(?:\([^)]*\))?\]\s*"
    return re.search(rf"{attribute}(?:async )?fn {test}\(", path.read_text()) is not None


def named(text: str):
    """Each name in the text, with the file that has to have it; none for a rule."""
    for match in FLOW.finditer(text):
        yield f"{match['file']}::{match['test']}", INTEGRATION / f"{match['file']}.rs", match["test"]
    for match in UNIT.finditer(text):
        for test in re.findall(r"`([a-z0-9_]+)`", match["tests"]):
            yield f"{match['file']}: {test}", UNITS / match["file"], test
    for match in RULE.finditer(text):
        yield match["rule"], None, match["rule"]


def missing(text: str) -> list[str]:
    """Those names of the text that nothing in the tree has."""
    known = {rules.name(rule) for rule in rules.ALL}
    return [
        name
        for name, path, test in named(text)
        if not (test in known if path is None else has_test(path, test))
    ]


def unnamed(text: str, names) -> list[str]:
    """Those settings that a text does not name in code."""
    return sorted(name for name in names if f"`{name}`" not in text)


def rows_without_a_test(text: str) -> list[str]:
    """Rows of the tables of requirements that say "met" and name nothing that shows it."""
    rows = re.findall(r"^\| (?P<id>[^|]+) \|[^|]*\| met \| (?P<shown>[^|]*) \|$", text, re.MULTILINE)
    return [number.strip() for number, shown in rows if not list(named(shown))]
