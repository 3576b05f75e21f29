"""The schema goes up, down and up again, is what the models say, and two upgrades at once do no harm."""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack

import psycopg

from migrations import run
from tests.servers import RealServers


def _relations(database_url: str) -> list[str]:
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname <> 'alembic_version' "
            "AND relname <> 'alembic_version_pkc' ORDER BY relname"
        )
        return [name for (name,) in rows]


def test_up_down_and_up_again_ends_where_up_ended(empty_database_url: str) -> None:
    run.upgrade(empty_database_url)
    first = _relations(empty_database_url)
    run.downgrade(empty_database_url, "base")
    assert _relations(empty_database_url) == []
    run.upgrade(empty_database_url)
    assert _relations(empty_database_url) == first
    assert "forecasts" in first


def test_every_single_step_can_be_taken_back(empty_database_url: str) -> None:
    run.upgrade(empty_database_url, "+1")
    tables = _relations(empty_database_url)
    run.upgrade(empty_database_url, "+1")
    run.downgrade(empty_database_url, "-1")
    assert _relations(empty_database_url) == tables


def test_the_models_describe_the_migrated_database(empty_database_url: str) -> None:
    run.upgrade(empty_database_url)
    run.check(empty_database_url)


def test_upgrades_of_one_database_at_once_wait_for_each_other(empty_database_url: str) -> None:
    _upgrade_at_once([empty_database_url] * 3)
    assert "forecasts" in _relations(empty_database_url)


def test_upgrades_of_different_databases_share_the_roles_of_the_cluster(servers: RealServers) -> None:
    with ExitStack() as stack:
        urls = [stack.enter_context(servers.empty_database()) for _ in range(3)]
        _upgrade_at_once(urls)
        assert all("forecasts" in _relations(url) for url in urls)


def _upgrade_at_once(urls: Sequence[str]) -> None:
    """One process each, as containers do it."""
    upgrades = [
        subprocess.Popen(
            [sys.executable, "-m", "service.local.migration"],
            env={**os.environ, "TOKENCAST_DATABASE_URL": url, "TOKENCAST_REDIS_URL": "redis://127.0.0.1:1"},
            stderr=subprocess.PIPE,
            text=True,
        )
        for url in urls
    ]
    assert [(upgrade.communicate(timeout=60)[1], upgrade.returncode) for upgrade in upgrades] == [("", 0)] * len(urls)
