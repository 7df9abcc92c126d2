"""The site that is built, behind a loopback address, as any web server would have it."""

import contextlib
import functools
import json
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Static(SimpleHTTPRequestHandler):
    """The site, whose JupyterLite lets itself be asked."""

    def do_GET(self) -> None:
        if not self.path.endswith("/run/jupyter-lite.json"):
            super().do_GET()
            return
        told = json.loads(Path(self.translate_path(self.path)).read_text(encoding="utf-8"))
        told["jupyter-config-data"]["exposeAppInBrowser"] = True
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Its address, with a slash at the end."""
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Static, directory=folder)) as server:
        answering = threading.Thread(target=server.serve_forever)
        answering.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            answering.join()
