"""Frontends of other systems (tests/frontends): who serves them, and how people use them."""

import http.server
import json
import subprocess
import threading

import http_client
from playwright.sync_api import expect
from stack import ROOT

FOLDER = ROOT / "tests" / "frontends"
TYPES = {".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript"}
# What FlowFuse's own server leaves to the service, all of it by POST.
ROUTED = ("/account/forgot_password", "/account/reset_password/")
# What FlowFuse's own server says of itself.
SETTINGS = {"user:reset-password": True, "version": "2.0.0"}


class Origin(http.server.ThreadingHTTPServer):
    """Serves every page, and routes FlowFuse's paths to the service as a proxy in front of it does."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        # Another site than the API, whose name is a number.
        self.url = f"http://localhost:{self.server_port}"
        self.api = ""
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        path = self.path.partition("?")[0]
        if path == "/api/v1/settings":
            self._answer(200, "application/json", json.dumps(SETTINGS).encode())
            return
        # Whatever is no file is a page, which knows by its address what it is.
        file = FOLDER / path[1:] if "." in path else FOLDER / "page.html"
        if file.is_file():
            self._answer(200, TYPES[file.suffix], file.read_bytes())
        else:
            self._answer(404, "text/plain", b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path.startswith("/gateway/"):
            status = int(self.path.split("/")[2])
            self._answer(status, "application/json", b'{"message":"Too Many Requests"}')
            return
        if not self.path.startswith(ROUTED):
            self._answer(404, "text/plain", b"")
            return
        headers = {"content-type": self.headers["content-type"]}
        status, answered, body = http_client.send(self.server.api + self.path, body, headers)
        self._answer(status, answered.get("content-type", ""), body)

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


class InBrowser:
    """A page of a frontend as a browser shows it, with CORS enforced."""

    def __init__(self, context, url: str, api: str):
        self.page = context.new_page()
        self.page.add_init_script(f"globalThis.API = {json.dumps(api)}")
        self.page.goto(url)
        self.seen = self._look()

    def submit(self, **values: str) -> tuple[str, str]:
        for name, value in values.items():
            if (field := self.page.locator(f"input[name={name}]")).count():
                field.fill(value)
        self.page.get_by_role("button").click()
        self.seen = self._look()
        return self.seen

    def _look(self) -> tuple[str, str]:
        main = self.page.locator("main")
        expect(main).not_to_have_attribute("data-state", "busy")
        return main.get_attribute("data-state"), self.page.get_by_role("status").inner_text()


class ByHttp:
    """The same page without a browser."""

    def __init__(self, closing, url: str, api: str):
        command = ["node", FOLDER / "node.mjs", url, api]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = closing.enter_context(subprocess.Popen(command, **pipes))
        self.seen = self._look()

    def submit(self, **values: str) -> tuple[str, str]:
        print(json.dumps(values), file=self.process.stdin, flush=True)
        self.seen = self._look()
        return self.seen

    def _look(self) -> tuple[str, str]:
        seen = json.loads(self.process.stdout.readline())
        return seen["state"], seen["said"]
