"""Pictures of every state, kept beside the build."""

import os

from stack import TARGET

FOLDER = TARGET / "screenshots"
# Pictures are for people and take long, so a sample has those of failures alone.
EVERY_STATE = os.environ.get("TEST_DEPTH") == "full"


def take(page, name: str, whole: bool = True) -> None:
    """Keeps a picture of a state, of the whole page unless told otherwise."""
    if EVERY_STATE:
        keep(page, name, whole)


def keep(page, name: str, whole: bool = True) -> None:
    """Keeps a picture, of the whole page unless told otherwise."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png", full_page=whole, animations="disabled")


def forget() -> None:
    """Deletes the pictures of earlier runs, so that none is taken for one of this run."""
    for picture in FOLDER.glob("*.png"):
        picture.unlink()
