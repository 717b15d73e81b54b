"""How large the functions are."""

import zipfile
from io import BytesIO
from pathlib import Path

BINARIES = ["hello", "request-reset", "verify-token", "confirm-reset"]


def zipped(path: Path) -> int:
    """Bytes of the zip file that Lambda would fetch."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, "bootstrap")
    return len(buffer.getvalue())


def sizes(folder: Path) -> dict:
    """Bytes of each binary, plain and zipped."""
    return {
        name: {"plain": (folder / name).stat().st_size, "zipped": zipped(folder / name)}
        for name in BINARIES
    }
