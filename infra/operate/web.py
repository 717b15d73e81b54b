"""Requests over HTTP."""

import urllib.error
import urllib.request

SECONDS = 20


def send(url: str, method: str, headers: dict, body: bytes | None = None) -> tuple[int, dict, bytes]:
    """The status, the headers by their names in lower case, and the body, whatever the status is."""
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return answer.status, lowered(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, lowered(error.headers), error.read()


def lowered(headers) -> dict:
    return {name.lower(): value for name, value in headers.items()}
