"""The whole way through a real server process: granian, a socket, a stream, and an end that leaves nothing."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from service.local.ports import free_port
from service.store import workspaces
from service.store.catalog_sync import sync_packaged_catalog
from service.store.database import connect
from tests.servers import RealServers
from tests.service.routes.api import new_key, settings_for, workload

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def server(servers: RealServers, module_database_url: str) -> Iterator[httpx.Client]:
    settings = settings_for(module_database_url, servers.redis_url)
    database = connect(settings.database_url, 1)
    sync_packaged_catalog(database, datetime.now(UTC))
    with database.system() as session:
        workspace_id = workspaces.ensure_workspace(session, "process", now=datetime.now(UTC))
    secret = new_key(database, workspace_id)
    database.dispose()
    port = free_port()
    arguments = ["--interface", "asgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws", "--factory"]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "TOKENCAST_DATABASE_URL": module_database_url,
        "TOKENCAST_REDIS_URL": servers.redis_url,
    }
    process = subprocess.Popen([sys.executable, "-m", "granian", *arguments, "service.app:create_app"], env=environment)
    try:
        with httpx.Client(
            base_url=f"http://127.0.0.1:{port}", headers={"Authorization": f"Bearer {secret}"}, timeout=10
        ) as client:
            _wait_until_ready(client, process)
            yield client
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()


def _wait_until_ready(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert process.poll() is None, "the server ended by itself"
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError("the server did not become ready")


def test_a_posted_workload_is_read_back_from_a_real_server(server: httpx.Client) -> None:
    created = server.post("/v1/workloads", json=workload("through the socket"))
    assert created.status_code == 201
    assert server.get(created.headers["location"]).json() == created.json()


def test_a_stream_through_a_real_server_sends_each_event_as_it_happens(server: httpx.Client) -> None:
    location = server.post("/v1/workloads", json=workload("streamed", forecast={})).headers["location"]
    with server.stream("GET", f"{location}/events") as stream:
        lines = stream.iter_lines()
        first = [next(lines) for _ in range(4)]
        assert "event: progress" in first
        assert server.post(f"{location}/cancel").status_code == 200
        assert "event: finished" in list(lines)


def test_an_odd_address_is_refused_and_not_fatal(server: httpx.Client) -> None:
    for path in (
        "/v1/workloads/%ED%A0%80",
        "/v1/workloads/%00",
        "/%FF",
        "/v1/workloads?name=%00",
        "/v1//workloads/../x",
    ):
        assert 400 <= server.get(path).status_code < 500
    assert server.get("/healthz").status_code == 200


def test_head_and_options_come_through_a_real_server(server: httpx.Client) -> None:
    got, head = server.get("/v1/fleets"), server.head("/v1/fleets")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(got.content)))
    location = server.post("/v1/workloads", json=workload("headed", forecast={})).headers["location"]
    assert server.head(f"{location}/events").headers["content-type"].startswith("text/event-stream")
    assert server.options("/v1/fleets").headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert server.get("/healthz").status_code == 200
