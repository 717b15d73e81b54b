"""Puts all that a deployment needs into a folder, for a team that has no Rust.

python infra/package.py --build FOLDER --architecture NAME --to FOLDER

FOLDER is what `sam build` left. The template names the zip files beside it, `sam deploy` uploads them, and
the settings file stays a file, because it is the team's own. The same build gives the same bytes, whose
checksums stand in SHA256SUMS. The bill of materials is CycloneDX.
"""

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import yaml
from samtranslator.yaml_helper import yaml_parse

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("request-reset", "verify-token", "confirm-reset")
TARGETS = {"x86_64": "x86_64-unknown-linux-gnu", "arm64": "aarch64-unknown-linux-gnu"}
# The functions that are the same binary, by the zip file that holds it.
ZIPS = {
    "RequestResetFunction": "request-reset.zip",
    "MailWorkerFunction": "request-reset.zip",
    "MailReportsFunction": "request-reset.zip",
    "VerifyTokenFunction": "verify-token.zip",
    "ConfirmResetFunction": "confirm-reset.zip",
}
LAYERS = {"SettingsLayer": "settings", "KnownPasswordsLayer": "known-passwords"}
# What they hold, by their folders.
CONTENTS = {"settings": "infra/settings", "known-passwords": "target/known-passwords/layer"}
# The templates of nested stacks.
NESTED = {"Events": "events.yaml", "Rollback": "rollback.yaml", "Observability": "observability.yaml"}
PLACES = ZIPS | LAYERS | NESTED
# Where a resource says what it is made of, by its type.
LOCAL = {
    "AWS::Serverless::Function": "CodeUri",
    "AWS::Serverless::LayerVersion": "ContentUri",
    "AWS::CloudFormation::Stack": "TemplateURL",
}
# Of every file in a zip: the first day that the format knows, and a file that may be run.
DAY = (1980, 1, 1, 0, 0, 0)
MODE = 0o100755 << 16


def zipped(binary: Path) -> bytes:
    """The zip file of a function, of the same bytes each time."""
    info = zipfile.ZipInfo(binary.name, DAY)
    info.external_attr, info.compress_type, info.create_system = MODE, zipfile.ZIP_DEFLATED, 3
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, binary.read_bytes())
    return buffer.getvalue()


def dump(template: dict) -> str:
    """A template as a file."""
    return yaml.safe_dump(template, sort_keys=False)


def template(text: str) -> str:
    """A built template, with what lies beside it in the package."""
    built = yaml_parse(text)
    found = {name: it for name, it in built["Resources"].items() if it["Type"] in LOCAL}
    if found.keys() != PLACES.keys():
        raise ValueError(f"the package knows nothing of {', '.join(found.keys() ^ PLACES.keys())}")
    for name, it in found.items():
        it["Properties"][LOCAL[it["Type"]]] = PLACES[name]
    return dump(built)


def crates(metadata: dict, lock: str) -> list[dict]:
    """The crates that are linked into the functions, as components of a bill of materials."""
    sums = {
        (name, version): digest
        for name, version, digest in re.findall(
            r'name = "([^"]+)"\nversion = "([^"]+)"\nsource = .+\nchecksum = "(\w+)"', lock
        )
    }
    packages = {it["id"]: it for it in metadata["packages"]}
    nodes = {it["id"]: it for it in metadata["resolve"]["nodes"]}
    left = [it["id"] for it in metadata["packages"] if it["name"] in PACKAGES]
    seen = set(left)
    while left:
        for dependency in nodes[left.pop()]["deps"]:
            # Of a normal kind: neither for tests nor for a build.
            if any(kind["kind"] is None for kind in dependency["dep_kinds"]):
                if dependency["pkg"] not in seen:
                    seen.add(dependency["pkg"])
                    left.append(dependency["pkg"])
    found = []
    for it in sorted((packages[each] for each in seen), key=lambda it: (it["name"], it["version"])):
        component = {
            "type": "library",
            "name": it["name"],
            "version": it["version"],
            "purl": f"pkg:cargo/{it['name']}@{it['version']}",
        }
        if it.get("license"):
            component["licenses"] = [{"expression": it["license"].replace("/", " OR ")}]
        digest = sums.get((it["name"], it["version"]))
        if digest:
            component["hashes"] = [{"alg": "SHA-256", "content": digest}]
        found.append(component)
    return found


def bill(architecture: str) -> dict:
    """The bill of materials of the functions for a processor."""
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    command += ["--filter-platform", TARGETS[architecture]]
    ran = subprocess.run(command, cwd=ROOT, check=True, text=True, stdout=subprocess.PIPE)
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": f"forgot-password {architecture}"}},
        "components": crates(json.loads(ran.stdout), (ROOT / "Cargo.lock").read_text()),
    }


def checksums(folder: Path) -> str:
    """What `sha256sum --check` reads."""
    files = sorted(it for it in folder.rglob("*") if it.is_file() and it.name != "SHA256SUMS")
    return "".join(
        f"{hashlib.sha256(it.read_bytes()).hexdigest()}  {it.relative_to(folder)}\n" for it in files
    )


def package(build: Path, architecture: str, to: Path):
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir(parents=True)
    for name, target in ZIPS.items():
        if not (to / target).exists():
            (to / target).write_bytes(zipped(build / name / "bootstrap"))
    (to / "template.yaml").write_text(template((build / "template.yaml").read_text()))
    others = ("edge.yaml", "deploy.sh", "samconfig.toml", "schemas/settings.schema.json")
    for name in (*NESTED.values(), *others):
        (to / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "infra" / name, to / name)
    for folder, content in CONTENTS.items():
        shutil.copytree(ROOT / content, to / folder)
    for name in ("LICENSE", "NOTICE"):
        shutil.copy(ROOT / name, to / name)
    (to / "sbom.cdx.json").write_text(json.dumps(bill(architecture), indent=1) + "\n")
    (to / "SHA256SUMS").write_text(checksums(to))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", type=Path, required=True)
    parser.add_argument("--architecture", choices=TARGETS, required=True)
    parser.add_argument("--to", type=Path, required=True)
    options = parser.parse_args()
    package(options.build, options.architecture, options.to)
    for it in sorted(options.to.iterdir()):
        print(f"{it}{'/' if it.is_dir() else f': {it.stat().st_size} bytes'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
