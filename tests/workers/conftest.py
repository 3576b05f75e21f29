"""Worker processes with a slow kernel, on a database and a Redis of the test's own."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from service.queue import Queue
from service.store.database import Database, connect
from service.store.workspaces import ensure_workspace
from tests.workers.running import Forecasts, WorkerProcesses


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = connect(database_url, 8)
    yield database
    database.dispose()


@pytest.fixture
def workspace_id(database: Database) -> UUID:
    with database.system() as session:
        return ensure_workspace(session, "default", now=datetime.now(UTC))


@pytest.fixture
def queue(redis_url: str) -> Iterator[Queue]:
    queue = Queue(redis_url)
    yield queue
    queue.close()


@pytest.fixture
def forecasts(database: Database, queue: Queue, workspace_id: UUID) -> Forecasts:
    return Forecasts(database, queue, workspace_id)


@pytest.fixture
def processes(database_url: str, redis_url: str) -> Iterator[WorkerProcesses]:
    with WorkerProcesses(database_url, redis_url) as processes:
        yield processes
