"""The health check of worker and scheduler says what is wrong, and never a password."""

import pytest

from service.local.health import ailment
from service.local.ports import free_port
from tests.servers import RealServers


def test_a_container_without_its_process_is_ill(servers: RealServers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENCAST_DATABASE_URL", servers.servers.database_url)
    monkeypatch.setenv("TOKENCAST_REDIS_URL", servers.redis_url)
    assert ailment("kind-that-nobody-runs") == "no celery kind-that-nobody-runs runs here"


def test_a_container_that_cannot_reach_postgres_is_ill(servers: RealServers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENCAST_DATABASE_URL", f"postgresql://tokencast:hidden@127.0.0.1:{free_port()}/tokencast")
    monkeypatch.setenv("TOKENCAST_REDIS_URL", servers.redis_url)
    found = ailment("worker")
    assert found is not None
    assert "refused" in found
    assert "hidden" not in found


def test_a_container_that_cannot_reach_redis_is_ill(servers: RealServers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKENCAST_DATABASE_URL", servers.servers.database_url)
    monkeypatch.setenv("TOKENCAST_REDIS_URL", f"redis://:hidden@127.0.0.1:{free_port()}/0")
    found = ailment("worker")
    assert found is not None
    assert "hidden" not in found
