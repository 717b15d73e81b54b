"""Measures the release build, and prints a table; `make bench` builds what it needs.

python infra/bench BINARIES RESULT: BINARIES is the folder of the release build, and all that was measured
goes into the file RESULT as JSON. Times compare within one run only, because machines differ.
"""

import json
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import hashes
import table

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "infra"))

from package import PACKAGES, zipped  # noqa: E402


def run(harness: Path, binaries: Path, *words: str) -> dict:
    """What the harness has measured."""
    command = [harness, ROOT, binaries, *words]
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE)
    measured = json.loads(done.stdout or "{}")
    if done.returncode or "failure" in measured:
        sys.exit(f"bench: {measured.get('failure', 'the harness has failed')}")
    return measured


def sizes(binaries: Path) -> dict:
    """Bytes of each binary, and of the zip file that Lambda would fetch."""
    paths = [binaries / name for name in ("hello", *PACKAGES)]
    return {it.name: {"plain": it.stat().st_size, "zipped": len(zipped(it))} for it in paths}


def main() -> int:
    binaries, result = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    harness = binaries / "bench"
    measured = {
        "machine": {"processor": platform.machine(), "system": platform.release()},
        "artefacts": sizes(binaries),
        "argon2id": hashes.compare(binaries / "argon2id"),
        **run(harness, binaries),
    }
    if shutil.which("valgrind"):
        measured["instructions"] = run(harness, binaries, "instructions")
    result.write_text(json.dumps(measured, indent=2) + "\n")
    print(table.render(measured))
    print(f"All numbers are in {result}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
