"""Small HTTP servers in place of a service whose forecasts fail, and of something else altogether."""

import contextlib
import http.server
import json
import threading
from collections.abc import Iterator

STATE = {
    "id": "01a20ac5-0000-7000-8000-000000000000",
    "status": "failed",
    "progress_fraction": 0.5,
    "currency": "USD",
    "problem": {
        "type": "/problems/worker-lost",
        "title": "The computation was lost",
        "detail": "the computation was lost",
    },
}


class _Failing(http.server.BaseHTTPRequestHandler):
    """Accepts a forecast, breaks off the first stream of its events, and then says that it has failed."""

    broken_off = False

    def do_POST(self) -> None:
        self._answer(202, "application/json", json.dumps({**STATE, "status": "queued"}))

    def do_GET(self) -> None:
        if not self.path.endswith("/events"):
            self._answer(200, "application/json", json.dumps(STATE))
        elif not type(self).broken_off:
            type(self).broken_off = True
            self._answer(200, "text/event-stream", f"data: {json.dumps({**STATE, 'status': 'running'})}\n\n")
        else:
            self._answer(200, "text/event-stream", f"event: finished\ndata: {json.dumps(STATE)}\n\n")

    def _answer(self, status: int, kind: str, text: str) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Says nothing."""


class _Other(_Failing):
    def do_POST(self) -> None:
        self._answer(404, "text/html", "<h1>Not found</h1>")


@contextlib.contextmanager
def _served(handler: type[http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def failing_service() -> contextlib.AbstractContextManager[str]:
    """The address of a service whose forecasts fail."""
    return _served(type("_FreshFailing", (_Failing,), {}))


def other_service() -> contextlib.AbstractContextManager[str]:
    """The address of a server that is no Tokencast."""
    return _served(_Other)
