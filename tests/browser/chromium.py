"""Finds a Chromium, and installs one where that can be done without asking.

python tests/browser/chromium.py
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# The engine alone draws the same pages in half the time that the whole browser takes. Debian calls its
# packages as it does the programs.
PACKAGES = ("chromium-headless-shell", "chromium")
NAMES = (*PACKAGES, "chromium-browser", "google-chrome", "google-chrome-stable")
# Root, in a container or a CI runner, has no sandbox of Chromium's; and nothing here may talk to
# anybody but the stack.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """The executable that $CHROMIUM names, else one on PATH, else Playwright's own."""
    given = os.environ.get("CHROMIUM")
    if given:
        return shutil.which(given) or sys.exit(f"CHROMIUM={given} is no executable")
    return next(filter(None, map(shutil.which, NAMES)), None) or _of_playwright()


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).is_file() else None


def install() -> None:
    """Tries the system's packages, which only root may, and then Playwright's download."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        quiet = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "--quiet=2"], **quiet)
        command = ["apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends"]
        if any(subprocess.run([*command, it], **quiet).returncode == 0 for it in PACKAGES):
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])


def required() -> str:
    """The executable; without one the program ends and says what to run."""
    return find() or sys.exit(
        f"The browser tests need Chromium; run: sudo apt-get install {PACKAGES[0]} (on Debian), "
        f"or: {sys.executable} -m playwright install chromium"
    )


if __name__ == "__main__":
    if not find():
        install()
    print(f"Chromium: {required()}")
