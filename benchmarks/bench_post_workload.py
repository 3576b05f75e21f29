"""POST /v1/workloads at 32 clients, against the same statements sent by the bare driver behind the same server.

Claim: at least half its throughput. Both handlers run in one granian process and share its guard, decoding and checks
of meaning; the bare one then sends the store's statements as plain text over plain psycopg connections. (The look-up
of the model is no statement in either: the service remembers models that have a price.)
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from queue import LifoQueue
from typing import Any

import httpx
import msgspec
import psycopg
from litestar import Litestar, Response
from psycopg.types.json import Jsonb
from sqlalchemy.engine import make_url

from service.app import create_app
from service.local.migration import upgrade
from service.local.ports import free_port
from service.local.servers import local_servers
from service.operations import Answered, operation
from service.parts import caller_of, parts_of
from service.requests import BodyBytes, Incoming, read_body
from service.resources import created
from service.schemas.workload_resource import WorkloadPost, new_workload, workload_out
from service.settings import read_settings
from service.store.catalog_sync import sync_packaged_catalog
from service.store.database import connect
from service.store.ids import new_id
from service.store.keys import create_key
from service.store.workloads import WorkloadRecord
from service.store.workspaces import ensure_workspace

CLIENTS = 32
SECONDS = 3.0
ROUNDS = 4
CLAIMED_RATIO = 0.5

OPEN = "SELECT set_config('role', 'tokencast_tenant', true), set_config('tokencast.workspace', %s, true)"
INSERT = (
    "INSERT INTO workloads (id, workspace_id, plan_id, name, cost_center, gl_account, task, document, version, "
    "created_at, updated_at) VALUES (%s, %s, NULL, %s, %s, %s, %s, %s, 1, %s, %s) "
    "ON CONFLICT (workspace_id, name) DO NOTHING "
    "RETURNING id, plan_id, name, cost_center, gl_account, task, document, version, created_at, updated_at"
)
AUDIT = (
    "INSERT INTO audit_log (id, workspace_id, actor, action, subject, detail, created_at) "
    "VALUES (%s, %s, %s, 'workload.create', %s, '{}', %s)"
)

_connections: LifoQueue[psycopg.Connection[Any]] = LifoQueue()


@operation(
    "POST",
    "/bare/workloads",
    "createWorkloadBare",
    summary="The same work without the store",
    tag="benchmark",
    scope="write",
    body=WorkloadPost,
    answers={201: Answered()},
)
def create_bare(request: Incoming, body: BodyBytes) -> Response[bytes]:
    caller = caller_of(request)
    sent = read_body(request, body, WorkloadPost)
    row = new_workload(sent)
    now = parts_of(request).clock()
    workload_id = new_id()
    connection = _connections.get()
    try:
        with connection.transaction():
            connection.execute(OPEN, (str(caller.workspace_id),))
            values = (row.name, row.cost_center, row.gl_account, row.task, Jsonb(row.document), now, now)
            stored = connection.execute(INSERT, (workload_id, caller.workspace_id, *values)).fetchone()
            subject = f"workload/{workload_id}"
            connection.execute(AUDIT, (new_id(), caller.workspace_id, caller.actor, subject, now))
    finally:
        _connections.put(connection)
    record = WorkloadRecord(*(stored or ()))
    return created("/v1/workloads", record, workload_out(record)).response()


def make_app() -> Litestar:
    """The service with the bare route beside its own; granian runs it."""
    settings = read_settings()
    app = create_app(settings)
    app.register(create_bare)
    url = make_url(settings.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    for _ in range(settings.database_pool_size):
        _connections.put(psycopg.connect(url))
    return app


async def one_client(port: int, secret: str, path: str, prefix: str, ends: float, times: list[float]) -> None:
    """Posts as fast as it is answered, over one connection that stays open; a client of few lines, to leave the
    processors to the server."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    number = 0
    while time.perf_counter() < ends:
        number += 1
        body = body_of(f"{prefix}-{number}")
        head = (
            f"POST {path} HTTP/1.1\r\nHost: b\r\nAuthorization: Bearer {secret}\r\nContent-Type: application/json\r\n"
        )
        started = time.perf_counter()
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        if not answer.startswith(b"HTTP/1.1 201"):
            raise SystemExit(f"{path} answered {answer!r}")
        length = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        await reader.readexactly(int(length.partition(b":")[2]))
        times.append(time.perf_counter() - started)
    writer.close()


def body_of(name: str) -> bytes:
    return msgspec.json.encode(
        {
            "name": name,
            "demand": {
                "base_month": "2027-01",
                "requests_per_month": 1_000_000,
                "input_tokens_per_request": 800,
                "output_tokens_per_request": {"mean": 300, "p50": 250, "p90": 600},
                "monthly_growth": {"low": 0.0, "mode": 0.02, "high": 0.05},
                "noise_fraction": 0.1,
            },
            "routes": [{"to": [{"model": "deepseek/deepseek-v4-pro", "share": 1.0}]}],
        }
    )


async def measure(port: int, secret: str, path: str, name: str) -> list[float]:
    times: list[float] = []
    ends = time.perf_counter() + SECONDS
    await asyncio.gather(*(one_client(port, secret, path, f"{name}-{n}", ends, times) for n in range(CLIENTS)))
    return times


def wait_until_ready(port: int) -> None:
    for _ in range(200):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise SystemExit("the server did not become ready")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="tokencast-bench-") as folder, local_servers(Path(folder)) as servers:
        upgrade(servers.database_url)
        environment = {"TOKENCAST_DATABASE_URL": servers.database_url, "TOKENCAST_REDIS_URL": servers.redis_url}
        database = connect(read_settings(environment).database_url, 1)
        now = datetime.now(UTC)
        sync_packaged_catalog(database, now)
        with database.system() as session:
            workspace_id = ensure_workspace(session, "bench", now=now)
        with database.tenant(workspace_id) as session:
            _, secret = create_key(session, workspace_id=workspace_id, name="bench", scopes=["write"], now=now)
        database.dispose()
        port = free_port()
        arguments = ["--interface", "asgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws", "--factory"]
        server = subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
            [sys.executable, "-m", "granian", *arguments, "benchmarks.bench_post_workload:make_app"],
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait_until_ready(port)
            rates: dict[str, list[float]] = {"/v1/workloads": [], "/bare/workloads": []}
            for turn in range(ROUNDS):
                for path, found in rates.items():
                    times = sorted(asyncio.run(measure(port, secret, path, f"{path}-{turn}")))
                    found.append(len(times) / SECONDS)
                    p50, p99 = times[len(times) // 2] * 1000, times[int(len(times) * 0.99)] * 1000
                    print(f"{path:17} {found[-1]:7.0f} requests/s  p50 {p50:5.1f} ms  p99 {p99:5.1f} ms")
        finally:
            server.terminate()
            server.wait(10)
    store, bare = (statistics.median(found[1:]) for found in rates.values())
    ratio = store / bare
    print(f"store {store:.0f}, bare driver {bare:.0f} requests/s: ratio {ratio:.2f}, claimed {CLAIMED_RATIO}")
    return 0 if ratio >= CLAIMED_RATIO else 1


if __name__ == "__main__":
    sys.exit(main())
