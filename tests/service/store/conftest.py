"""A migrated database for the tests of one file, and fresh workspaces in it for each test."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from service.store.database import Database, connect
from service.store.workspaces import ensure_workspace


@pytest.fixture(scope="module")
def database(module_database_url: str) -> Iterator[Database]:
    database = connect(module_database_url, 16)
    yield database
    database.dispose()


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def workspace_id(database: Database, now: datetime) -> UUID:
    return _new_workspace(database, now)


@pytest.fixture
def other_workspace_id(database: Database, now: datetime) -> UUID:
    return _new_workspace(database, now)


def _new_workspace(database: Database, now: datetime) -> UUID:
    with database.system() as session:
        return ensure_workspace(session, uuid4().hex, now=now)
