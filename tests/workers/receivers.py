"""Receivers of webhooks on this machine, which answer as a test says, and endpoints that lead to them."""

import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from typing import Any
from uuid import UUID

import msgspec

from service.store import outbox
from service.store.database import Database
from service.store.webhooks import deliveries, endpoints, secrets
from service.store.webhooks.deliveries import AttemptRecord, DeliveryRecord
from service.store.webhooks.endpoints import EndpointRecord, NewEndpoint
from service.webhooks.addresses import AddressRule, Resolve
from service.webhooks.sending import Sender
from service.webhooks.signing import new_secret
from workers.delivering import deliver_due

LOOPBACK = AddressRule(allowed=(ip_network("127.0.0.0/8"),))


@dataclass(frozen=True, kw_only=True)
class Got:
    """One request as it arrived."""

    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def data(self) -> Any:
        return msgspec.json.decode(self.body)["data"]


Answer = Callable[[BaseHTTPRequestHandler, Got], None]
"""Writes the answer to a request, or does not."""


def status(code: int, body: bytes = b"thanks", **headers: str) -> Answer:
    def write(handler: BaseHTTPRequestHandler, _: Got) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return write


def closes_half_way(handler: BaseHTTPRequestHandler, _: Got) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"half of")
    handler.close_connection = True


def closes_at_once(handler: BaseHTTPRequestHandler, _: Got) -> None:
    handler.close_connection = True


@dataclass
class Receiver:
    """A server that remembers what it got; `answers` by path, `released` ends those that hang."""

    url: str = ""
    got: list[Got] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)
    most_at_once: dict[str, int] = field(default_factory=dict)
    _now: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def hangs(self, handler: BaseHTTPRequestHandler, _: Got) -> None:
        self.released.wait(60)
        handler.close_connection = True

    def at(self, path: str) -> list[Got]:
        with self._lock:
            return [one for one in self.got if one.path == path]

    def ids(self, path: str) -> list[str]:
        return [one.id for one in self.at(path)]

    def take(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers["Content-Length"])
        body = handler.rfile.read(length)
        if len(body) < length:
            # Whoever sent it died half-way; no receiver takes that for an event.
            handler.close_connection = True
            return
        path = handler.path
        one = Got(path=path, headers={name.lower(): value for name, value in handler.headers.items()}, body=body)
        with self._lock:
            self.got.append(one)
            self._now[path] = self._now.get(path, 0) + 1
            self.most_at_once[path] = max(self.most_at_once.get(path, 0), self._now[path])
        try:
            self.answers.get(path, status(204, b""))(handler, one)
        finally:
            with self._lock:
                self._now[path] -= 1


@contextmanager
def receiver(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on a free port for the length of the block, behind TLS if asked."""
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            kept.take(self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_: object) -> None:
            """Whoever sends may be killed by the test."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield kept
    finally:
        kept.released.set()
        server.shutdown()
        server.server_close()


def _here(host: str, _port: int) -> list[str]:
    """No test sends anything beyond this machine, whatever endpoints others have left."""
    if host != "127.0.0.1":
        raise OSError(f"{host} is not this machine")
    return [host]


@dataclass
class Hooks:
    """One workspace's endpoints and events, and rounds of delivery at the times that a test says."""

    database: Database
    workspace_id: UUID
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    seconds_to_answer: float = 0.5
    rule: AddressRule = LOOPBACK
    resolve: Resolve = _here

    def endpoint(self, url: str, **declared: Any) -> EndpointRecord:
        new = NewEndpoint(
            **{"url": url, "description": "", "events": None, "envelope": "standard", "enabled": True} | declared
        )
        with self.database.tenant(self.workspace_id) as session:
            record = endpoints.add(session, new, now=self.now)
            secrets.add(session, record.id, new_secret(), old_until=self.now, now=self.now)
        return record

    def announce(self, subject: str = "forecast/1", event: str = "forecast.succeeded", **data: Any) -> None:
        with self.database.tenant(self.workspace_id) as session:
            sent = {"id": subject.partition("/")[2], **data}
            outbox.add(session, event=event, subject=subject, data=sent, now=self.now)

    def deliver(self, *, rule: AddressRule | None = None) -> int:
        """One round at this time."""
        return deliver_due(
            self.database,
            lambda: Sender(rule or self.rule, resolve=self.resolve, seconds_to_answer=self.seconds_to_answer),
            clock=lambda: self.now,
            lease_seconds=30,
        )

    def deliveries(self, endpoint: EndpointRecord | None = None, status: str | None = None) -> list[DeliveryRecord]:
        """The oldest first."""
        with self.database.tenant(self.workspace_id) as session:
            found, _ = deliveries.page(
                session, endpoint_id=None if endpoint is None else endpoint.id, status=status, after=None, limit=10_000
            )
        return found[::-1]

    def attempts(self, delivery: DeliveryRecord) -> list[AttemptRecord]:
        with self.database.tenant(self.workspace_id) as session:
            return deliveries.attempts_at(session, delivery.id)

    def get(self, endpoint: EndpointRecord) -> EndpointRecord:
        with self.database.tenant(self.workspace_id) as session:
            return endpoints.get(session, endpoint.id)
