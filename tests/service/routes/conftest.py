"""One application for each file of tests, one workspace for each test."""

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from service.store.database import Database
from tests.servers import RealServers
from tests.service.routes.api import Api, new_workspace, running_app, settings_for


@pytest.fixture(scope="module")
def running(servers: RealServers, module_database_url: str) -> Iterator[tuple[TestClient[Litestar], Database]]:
    with running_app(settings_for(module_database_url, servers.redis_url)) as app:
        yield app


@pytest.fixture
def api(running: tuple[TestClient[Litestar], Database]) -> Api:
    return new_workspace(*running)


@pytest.fixture
def stranger(running: tuple[TestClient[Litestar], Database]) -> Api:
    """Another workspace of the same service."""
    return new_workspace(*running)
