"""What `sam build` made: which release it is, for which processor, and how large its functions are.

python infra/checks/artefacts.py --folder FOLDER --architecture NAME [--release NAME] [--promised]
writes the release into the built template, where the functions find it, and leaves its parameter
Architecture no value but the processor that was built for: CloudFormation then refuses to deploy for
another, on which no function would start. It prints the size of each function. Without a function, with
one that is larger than Lambda takes well (or, with --promised, than docs/performance.md promises) or of
another processor, or with a template that has no place for these, it fails.
"""

import argparse
import sys
from pathlib import Path

import sam
from samtranslator.yaml_helper import yaml_parse

sys.path.insert(0, str(sam.ROOT / "infra"))

from package import dump, zipped  # noqa: E402

# In bytes of a zip file: a cold start fetches all of it. The second is promised for the processor that
# it was measured on; no deployment is held up for it.
MOST = 15_000_000
PROMISED = {"x86_64": 4_000_000}
# What an executable says of its processor, in the two bytes at this place (ELF, e_machine).
MACHINE_AT = 18
MACHINES = {0x3E: "x86_64", 0xB7: "arm64"}


def release(template: dict, name: str):
    """Puts the release into its place in a built template."""
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    if variables["RELEASE"] != "unreleased":
        raise ValueError(f"the template is of the release {variables['RELEASE']}")
    variables["RELEASE"] = name


def narrow(template: dict, architecture: str):
    """Makes a built template one that can be deployed for this processor alone."""
    only = {"Default": architecture, "AllowedValues": [architecture]}
    template["Parameters"]["Architecture"] |= only


def processor(executable: bytes) -> str:
    """What an executable runs on."""
    if executable[:4] != b"\x7fELF":
        return "nothing"
    machine = int.from_bytes(executable[MACHINE_AT : MACHINE_AT + 2], "little")
    return MACHINES.get(machine, f"machine {machine}")


def misbuilt(build: Path, architecture: str) -> list[str]:
    """Functions that were built for another processor."""
    found = {
        path.parent.name: processor(path.read_bytes()) for path in build.glob("*Function/bootstrap")
    }
    return [
        f"{name} is for {one} and not for {architecture}"
        for name, one in sorted(found.items())
        if one != architecture
    ]


def sizes(build: Path) -> dict:
    """Bytes of each function's executable, and of the zip file that it goes into."""
    return {
        path.parent.name: (path.stat().st_size, len(zipped(path)))
        for path in sorted(build.glob("*Function/bootstrap"))
    }


def problems(found: dict, functions: set, most: int = MOST) -> list[str]:
    """Functions that are missing or too large."""
    missing = [f"{name} was not built" for name in sorted(functions - found.keys())]
    return missing + [
        f"{name} takes {small} bytes of at most {most}"
        for name, (_, small) in found.items()
        if small > most
    ]


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--architecture", choices=MACHINES.values(), required=True)
    parser.add_argument("--release")
    parser.add_argument("--promised", action="store_true")
    options = parser.parse_args()
    path = options.folder / "template.yaml"
    template = yaml_parse(path.read_text())
    narrow(template, options.architecture)
    if options.release:
        release(template, options.release)
    path.write_text(dump(template))
    functions = {
        name
        for name, resource in sam.load()["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    found = sizes(options.folder)
    for function, (plain, small) in found.items():
        print(f"{function:24} {plain / 1e6:6.1f} MB, zipped {small / 1e6:5.1f} MB")
    most = PROMISED.get(options.architecture, MOST) if options.promised else MOST
    wrong = problems(found, functions, most) + misbuilt(options.folder, options.architecture)
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
