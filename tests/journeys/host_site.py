"""Sites of somebody else, each on an origin of its own: pages that a test writes, and the demo shop."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from demo.serve_shop import make_server

POC = "5f0c3e7a-1b9d-4c58-9a51-7d2c0b6e4f10"
CLASSIC_POC = "8a41d6c2-93ef-4b07-b6a2-1e5c7f20d9ab"


class Serving:
    """A server in a thread for the length of a `with`."""

    def __init__(self, server: ThreadingHTTPServer):
        self.server = server
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        self.thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def shop_for(chat: str) -> Serving:
    """The demo shop with the snippet of the server at `chat`."""
    return Serving(make_server("127.0.0.1:0", chat))


class Site(Serving):
    """Pages by path. `put` writes one: `{chat}` in it becomes the chat server's origin."""

    def __init__(self, chat: str):
        self.chat = chat
        self.pages: dict[str, tuple[bytes, str | None]] = {}
        pages = self.pages

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                body, policy = pages.get(self.path, (b"", None))
                self.send_response(200 if self.path in pages else 204)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                if policy:
                    self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                """A test's own output is enough."""

        super().__init__(ThreadingHTTPServer(("127.0.0.1", 0), Handler))

    def put(self, path: str, html: str, policy: str | None = None) -> str:
        """Write a page and return its address."""
        self.pages[path] = (
            html.replace("{chat}", self.chat).encode(),
            policy.replace("{chat}", self.chat) if policy else None,
        )
        return self.url + path
