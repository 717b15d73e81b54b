"""Pictures of every state, kept beside the build."""

from stack import TARGET

FOLDER = TARGET / "screenshots"


def take(page, name: str, whole: bool = True) -> None:
    """Keeps a picture, of the whole page unless told otherwise."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=FOLDER / f"{name}.png", full_page=whole, animations="disabled")


def forget() -> None:
    """Deletes the pictures of earlier runs, so that none is taken for one of this run."""
    for picture in FOLDER.glob("*.png"):
        picture.unlink()
