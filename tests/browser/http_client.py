"""HTTP without a browser, for what is no page."""

import urllib.error
import urllib.request

SECONDS = 60


class _Stay(urllib.request.HTTPRedirectHandler):
    """Shows redirects instead of following them."""

    def redirect_request(self, *_):
        return None


# Without proxies: everything is on this machine.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stay)


def send(url: str, body: bytes | None = None, headers: dict | None = None):
    """The status, the headers and the body, whatever the status is."""
    request = urllib.request.Request(url, data=body, headers=headers or {})
    try:
        with _OPENER.open(request, timeout=SECONDS) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.headers, answer.read()
