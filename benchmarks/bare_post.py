"""The rival of bench_post: the service itself with one more route, which sends the store's statements by bare psycopg.

Server, guard, decoding, checks and answer are the service's own. The statements are those that `POST /v1/workloads`
was seen sending last, so the two routes cannot drift apart.
"""

import re
from queue import LifoQueue
from typing import Any

import msgspec
import psycopg
from litestar import Litestar, Response
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

from service.app import create_app
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, read_body
from service.protocol.resources import created
from service.routes.workloads import PATH
from service.schemas.workload.resource import WorkloadPost, new_workload, workload_out
from service.settings import read_settings
from service.store.ids import new_id
from service.store.workloads import WorkloadRecord

BARE_PATH = "/bare/workloads"

# Parameters of a write that travels beside another, here the deed for the audit log.
_PREFIX = re.compile(r"^w\d+_")

_connections: LifoQueue[psycopg.Connection[Any]] = LifoQueue()


class Recorder:
    """The statements of the last committed transaction, until the rival first asks for them."""

    def __init__(self) -> None:
        self._sent: list[tuple[str, Any]] = []
        self._committed: list[tuple[str, Any]] = []
        self._listening = True
        event.listen(Engine, "before_cursor_execute", self._send)
        event.listen(Engine, "commit", self._commit)

    def transaction(self) -> list[tuple[str, Any]]:
        # From then on nothing is recorded any more, so that the service runs as it does elsewhere.
        if self._listening:
            self._listening = False
            event.remove(Engine, "before_cursor_execute", self._send)
            event.remove(Engine, "commit", self._commit)
            print("the bare driver sends:", *(text for text, _ in self._committed), sep="\n", flush=True)
        return self._committed

    def _send(self, _connection: Any, _cursor: Any, text: str, values: Any, *_: Any) -> None:
        self._sent.append((text, values))

    def _commit(self, _connection: Any) -> None:
        self._committed, self._sent = self._sent, []


_recorder = Recorder()


@operation(
    "POST",
    BARE_PATH,
    "createWorkloadBare",
    summary="The same work without the store",
    tag="benchmark",
    scope="write",
    body=WorkloadPost,
    answers={201: Answered()},
)
def create_bare(request: Incoming, body: BodyBytes) -> Response[bytes]:
    parts, caller = parts_of(request), caller_of(request)
    sent = read_body(request, body, WorkloadPost)
    row = new_workload(sent)
    now = parts.clock()
    workload_id = new_id()
    fresh = {
        "id": workload_id,
        "name": row.name,
        "cost_center": row.cost_center,
        "gl_account": row.gl_account,
        "task": row.task,
        "document": msgspec.json.encode(row.document).decode(),
        "created_at": now,
        "updated_at": now,
        "actor": caller.actor,
        "subject": f"workload/{workload_id}",
    }
    (opening, _), *statements = _recorder.transaction()
    stored: tuple[Any, ...] | None = None
    connection = _connections.get()
    try:
        connection.execute(opening)
        for text, recorded in statements:
            values = {
                name: fresh.get(_PREFIX.sub("", name), value) if name != "w0_id" else new_id()
                for name, value in recorded.items()
            }
            stored = connection.execute(text, values).fetchone()
        connection.commit()
    finally:
        connection.rollback()
        _connections.put(connection)
    record = WorkloadRecord(*(stored or ()))
    return created(PATH, record, workload_out(record)).response()


def make_app() -> Litestar:
    """The service with the bare route beside its own; granian runs it."""
    settings = read_settings()
    app = create_app(settings)
    app.register(create_bare)
    url = make_url(settings.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    for _ in range(settings.database_pool_size):
        _connections.put(psycopg.connect(url, autocommit=True, options="-c TimeZone=UTC"))
    return app
