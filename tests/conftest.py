"""Fixtures for every test: the real servers of the session, and a database and a Redis of one's own."""

from collections.abc import Iterator

import pytest

from tests.servers import RealServers, real_servers


@pytest.fixture(scope="session")
def servers() -> Iterator[RealServers]:
    """Started when the first test asks, so that tests of the kernel alone start nothing."""
    with real_servers() as started:
        yield started


@pytest.fixture
def database_url(servers: RealServers) -> Iterator[str]:
    """A fresh migrated database, as the application's role."""
    with servers.migrated_database() as url:
        yield url


@pytest.fixture(scope="module")
def module_database_url(servers: RealServers) -> Iterator[str]:
    """A migrated database that the tests of one file share."""
    with servers.migrated_database() as url:
        yield url


@pytest.fixture
def empty_database_url(servers: RealServers) -> Iterator[str]:
    """A fresh database without any migration."""
    with servers.empty_database() as url:
        yield url


@pytest.fixture
def redis_url(servers: RealServers) -> str:
    """An empty Redis."""
    servers.flush_redis()
    return servers.redis_url
