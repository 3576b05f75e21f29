"""A whole service as its users have it: processes, a socket, a worker; and a workspace for each who reads the docs."""

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from service.local.service_file import find_running_service
from service.store import workspaces
from service.store.database import connect
from tests.servers import RealServers
from tests.service.local.runs import eventually
from tests.service.routes.api import new_key

ROOT = Path(__file__).parents[2]

Reader = Callable[[], Mapping[str, str]]


@pytest.fixture(scope="session")
def reader(servers: RealServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """Makes a workspace of a running service, and returns the two variables that the documents speak of."""
    data_dir = tmp_path_factory.mktemp("documented")
    with servers.migrated_database() as database_url, _up(data_dir, database_url) as url:
        database = connect(database_url, 1)

        def environment() -> Mapping[str, str]:
            with database.system() as session:
                workspace_id = workspaces.ensure_workspace(session, f"reader {uuid4()}", now=datetime.now(UTC))
            return {"TOKENCAST_URL": url, "TOKENCAST_API_KEY": new_key(database, workspace_id)}

        yield environment
        database.dispose()


@contextlib.contextmanager
def _up(data_dir: Path, database_url: str) -> Iterator[str]:
    """The address of what `tokencast up` runs on this database."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TOKENCAST_")}
    ours = {"TOKENCAST_DATA_DIR": str(data_dir), "TOKENCAST_DATABASE_URL": database_url}
    said = data_dir / "up.err"
    with said.open("w") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", "up", "--port", "0", "--no-demo"],
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env={**kept, **ours, "PYTHONPATH": str(ROOT), "TOKENCAST_WORKER_PROCESSES": "1"},
            cwd="/",
        )
    try:
        eventually(lambda: find_running_service(data_dir) is not None or process.poll() is not None, 90)
        running = find_running_service(data_dir)
        assert running is not None, said.read_text()
        yield running.url
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0, said.read_text()
