"""What `sam build` made: which release it is, and how large its functions are.

python infra/checks/artefacts.py [--release NAME] writes the release into the built template, where the
functions find it, and prints the size of each function. Without a function, with one that is too
large, or with a template that has no place for the release, it fails.
"""

import argparse
import re
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import sam

BUILD = sam.ROOT / ".aws-sam" / "build"
# In bytes of a zip file. A cold start fetches all of it, and Lambda takes 50 MB at most.
MOST = 15_000_000
PLACE = re.compile(r"^(?P<before>\s+RELEASE: )unreleased$", re.MULTILINE)


def release(text: str, name: str) -> str:
    """A built template with the release in its place."""
    written, count = PLACE.subn(rf"\g<before>{name}", text)
    if count != 1:
        raise ValueError(f"the template has {count} places for the release")
    return written


def sizes(build: Path) -> dict:
    """Bytes of each function's executable, and of the zip file that it goes into."""
    found = {}
    for path in sorted(build.glob("*Function/bootstrap")):
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, path.name)
        found[path.parent.name] = (path.stat().st_size, len(buffer.getvalue()))
    return found


def problems(found: dict, functions: set) -> list[str]:
    """Functions that are missing or too large."""
    missing = [f"{name} was not built" for name in sorted(functions - found.keys())]
    return missing + [
        f"{name} takes {zipped} bytes of at most {MOST}"
        for name, (_, zipped) in found.items()
        if zipped > MOST
    ]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--release")
    name = parser.parse_args().release
    if name:
        template = BUILD / "template.yaml"
        template.write_text(release(template.read_text(), name))
    functions = {
        name
        for name, resource in sam.load()["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    found = sizes(BUILD)
    for function, (plain, zipped) in found.items():
        print(f"{function:24} {plain / 1e6:6.1f} MB, zipped {zipped / 1e6:5.1f} MB")
    wrong = problems(found, functions)
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
