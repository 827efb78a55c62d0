"""The demo shop: a site of somebody else, on an origin of its own, that carries the chat's snippet.

Settings: CLAVARDAGE_SHOP_BIND, host:port (127.0.0.1:8001); CLAVARDAGE_BIND, host:port of the chat server
(127.0.0.1:8000); CLAVARDAGE_SHOP_CHAT, the chat server's origin when it is not http://<CLAVARDAGE_BIND>;
CLAVARDAGE_SHOP_POC, the point of contact of the snippet (the demo's).
"""

import base64
import hashlib
import os
import re
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGES = Path(__file__).parent / "shop"
POC = "5f0c3e7a-1b9d-4c58-9a51-7d2c0b6e4f10"
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}
INLINE = re.compile(r"<script(?: type=\"text/javascript\")?>(.*?)</script>", re.DOTALL)


def make_server(bind: str, chat_origin: str, poc: str = POC) -> ThreadingHTTPServer:
    """A shop server bound to `host:port`, not yet serving. chat_origin: scheme, host and port of the chat server."""
    host, _, port = bind.rpartition(":")
    handler = type("Shop", (ShopHandler,), {"chat_origin": chat_origin, "poc": poc})
    return ThreadingHTTPServer((host, int(port)), handler)


class ShopHandler(BaseHTTPRequestHandler):
    """Static pages with the two demo values filled in, under a Content-Security-Policy as a careful shop sends it."""

    chat_origin = "http://127.0.0.1:8000"
    poc = POC
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        """Answer one of the shop's files; `/` is `index.html`."""
        name = self.path.split("?")[0].lstrip("/") or "index.html"
        known = {file.name: file for file in PAGES.iterdir() if file.suffix in TYPES}
        if name not in known:
            return self._answer(404, "text/plain; charset=utf-8", b"Not found\n")
        body = known[name].read_text("utf-8")
        if name.endswith(".html"):
            body = body.replace("{{chat}}", self.chat_origin).replace("{{poc}}", self.poc)
        return self._answer(200, TYPES[known[name].suffix], body.encode(), self._policy(body))

    def do_HEAD(self):
        """As GET, without the body."""
        self.do_GET()

    def _policy(self, body: str) -> str:
        digests = (hashlib.sha256(script.encode()).digest() for script in INLINE.findall(body))
        inline = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
        return (
            f"default-src 'none'; script-src {self.chat_origin} {inline}; frame-src {self.chat_origin}; "
            "style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'"
        )

    def _answer(self, status: int, kind: str, body: bytes, policy: str | None = None):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if policy:
            self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing: the terminal belongs to the chat server."""


def main() -> None:
    """Serve until SIGTERM or Ctrl-C."""
    chat = os.environ.get("CLAVARDAGE_SHOP_CHAT") or f"http://{os.environ.get('CLAVARDAGE_BIND', '127.0.0.1:8000')}"
    bind = os.environ.get("CLAVARDAGE_SHOP_BIND", "127.0.0.1:8001")
    server = make_server(bind, chat.rstrip("/"), os.environ.get("CLAVARDAGE_SHOP_POC", POC))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()


if __name__ == "__main__":
    main()
