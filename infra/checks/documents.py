"""What the documents name is in the tree: tests, rules, files and headings.

A test is `file::test` for a function in tests/integration, and "`path.rs`: `test`" for one in shared/src.
A rule is `rules.name`, of this folder; an attack line has a number in tests/src/attacks.rs.
"""

import re
from pathlib import Path

import rules
import sam

DOCS = sam.ROOT / "docs"
ALL = sorted([*sam.ROOT.glob("*.md"), *DOCS.glob("*.md")])
PROMISES = [DOCS / "promises.md", DOCS / "compliance.md"]
MAP = sam.ROOT / "ARCHITECTURE.md"
LOGIN = DOCS / "login.md"
EXAMPLES = sam.ROOT / "tests" / "login"
INTEGRATION = sam.ROOT / "tests" / "integration"
UNITS = sam.ROOT / "shared" / "src"
TEST_TARGETS = (sam.ROOT / "tests" / "Cargo.toml").read_text()
ATTACKS = sam.ROOT / "tests" / "src" / "attacks.rs"

# `races::link_and_code_at_once_change_the_password_once`; names of one word are those of libraries.
FLOW = re.compile(r"`(?P<file>[a-z_]+)::(?P<test>[a-z0-9]+(?:_[a-z0-9]+)+)`")
# `domain/email.rs`: `one_test`, `another_test`
UNIT = re.compile(r"`(?P<file>[a-z0-9_/]+\.rs)`: (?P<tests>`[a-z0-9_]+`(?:, `[a-z0-9_]+`)*)")
# `rules.cors`
RULE = re.compile(r"`(?P<rule>rules\.[a-z_]+)`")
# attack line 4, and where it is: `    4, Http, "Recipient from the request", …`
ATTACK = re.compile(r"\battack line (?P<number>[0-9]+)")
LINE = re.compile(r"^    ([0-9]+), (?:Http|InProcess), ", re.MULTILINE)
# `worker/sessions.rs`, below the root or shared/src
SOURCE = re.compile(r"`((?:[a-z_]+/)+[a-z_]+\.rs)`")
CODE = re.compile(r"^```.*?^```$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)|\bsrc=\"(?P<source>[^\"]+)\"")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def has_test(path: Path, test: str) -> bool:
    """Whether a file has a test of this name, with its attribute and not only a function."""
    if not path.is_file():
        return False
    attribute = r"#\[(?:tokio::)?test(?:\([^)]*\))?\]\s*"
    return re.search(rf"{attribute}(?:async )?fn {test}\(", path.read_text()) is not None


def is_compiled(path: Path) -> bool:
    """Whether a source file is the root of a crate or a module that another declares: cargo takes no other."""
    if path.name in ("main.rs", "lib.rs") or path.parent.name == "bin":
        return True
    if f'path = "{path.parent.name}/{path.name}"' in TEST_TARGETS:
        return True
    module = path.parent if path.name == "mod.rs" else path.with_suffix("")
    declaration = re.compile(rf"^\s*(?:pub(?:\([a-z]+\))? )?mod {module.name};", re.MULTILINE)
    parents = [*module.parent.glob("*.rs"), module.parent.with_suffix(".rs")]
    return any(declaration.search(it.read_text()) for it in parents if it.is_file() and it != path)


def named(text: str):
    """Each name in the text, with the file that has to have it; none for a rule and a line."""
    for match in FLOW.finditer(text):
        yield f"{match['file']}::{match['test']}", INTEGRATION / f"{match['file']}.rs", match["test"]
    for match in UNIT.finditer(text):
        for test in re.findall(r"`([a-z0-9_]+)`", match["tests"]):
            yield f"{match['file']}: {test}", UNITS / match["file"], test
    for match in RULE.finditer(text):
        yield match["rule"], None, match["rule"]
    for match in ATTACK.finditer(text):
        yield match[0], None, match[0]


def missing(text: str) -> list[str]:
    """Those names of the text that nothing in the tree has."""
    known = {rules.name(rule) for rule in rules.ALL}
    known |= {f"attack line {number}" for number in LINE.findall(ATTACKS.read_text())}
    return [
        name
        for name, path, test in named(text)
        if not (test in known if path is None else has_test(path, test))
    ]


def anchors(text: str) -> set[str]:
    """What GitHub makes of the headings of a text."""
    plain = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in HEADING.findall(plain)
    }


def links(text: str) -> list[str]:
    """Where a text leads to, in the tree."""
    found = [match["target"] or match["source"] for match in LINK.finditer(CODE.sub("", text))]
    return [it for it in found if not re.match(r"[a-z]+:", it)]


def broken(document: Path, text: str) -> list[str]:
    """Those links of a document that lead to no file or to no heading."""
    found = []
    for link in links(text):
        place, _, anchor = link.partition("#")
        target = document.parent / place if place else document
        if not target.exists():
            found.append(link)
        elif anchor and anchor not in anchors(text if target == document else target.read_text()):
            found.append(link)
    return found


def missing_files(text: str) -> list[str]:
    """Those source files that a text names and nothing in the tree is."""
    return [it for it in SOURCE.findall(text) if not any((top / it).is_file() for top in (sam.ROOT, UNITS))]


def examples() -> list[Path]:
    """The files for logins that are shown; the others in the folder only run them."""
    return sorted(it for kind in ("[lL]ogin*.*", "session*.*") for it in EXAMPLES.glob(kind))


def not_linked(text: str, document: Path, files: list[Path]) -> list[str]:
    """Those files that a document does not lead to."""
    linked = {(document.parent / it.partition("#")[0]).resolve() for it in links(text)}
    return [it.name for it in files if it not in linked]


def unnamed(text: str, names) -> list[str]:
    """Those settings that a text does not name in code."""
    return sorted(name for name in names if f"`{name}`" not in text)


def rows_without_a_test(text: str) -> list[str]:
    """Rows of the tables of requirements that say "met" and name nothing that shows it."""
    rows = re.findall(r"^\| (?P<id>[^|]+) \|[^|]*\| met \| (?P<shown>[^|]*) \|$", text, re.MULTILINE)
    return [number.strip() for number, shown in rows if not list(named(shown))]
