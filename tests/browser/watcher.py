"""Records whatever a page should never do."""

from urllib.parse import urlsplit

# A policy's violation is an event of the document and gone with it, so it is put where the
# console's messages are.
REPORT = """document.addEventListener("securitypolicyviolation", (event) => {
    console.error(`policy: ${event.effectiveDirective} ${event.blockedURI}`);
});"""
# Chromium says so of every form that comes back with an error, which is how it should come back.
REFUSED = "Failed to load resource: the server responded with a status of 4"


class Watcher:
    """`origin` is who may be asked, `expected` begins the messages that belong to the test."""

    def __init__(self, context, origin: str, also: tuple[str, ...] = ()):
        self.allowed = (origin, *also)
        self.expected = [REFUSED]
        self.troubles: list[str] = []
        context.add_init_script(REPORT)
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.troubles.append(f"exception: {error.error}"))
        context.on("dialog", self._dialog)

    def _request(self, request) -> None:
        parts = urlsplit(request.url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if parts.scheme not in ("data", "about", "blob") and origin not in self.allowed:
            self.troubles.append(f"request: {request.url}")

    def _console(self, message) -> None:
        text = message.text
        if message.type in ("error", "warning") and not text.startswith(tuple(self.expected)):
            self.troubles.append(f"console: {text}")

    def _dialog(self, dialog) -> None:
        self.troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()
