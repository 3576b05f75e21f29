"""Whoever waits for a forecast is woken, also after the connection that brings the news was lost."""

import asyncio
import time
from uuid import UUID, uuid4

import psycopg
from structlog.testing import capture_logs

from service.protocol.waiting import POLL_SECONDS, Announcements
from tests.servers import RealServers


def _announce(url: str, forecast_id: UUID) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_notify('tokencast_forecast', %s)", (str(forecast_id),))


async def _seconds_until_news(announcements: Announcements, url: str, subject: UUID, announced: UUID) -> float:
    async with announcements.about(subject) as waiting:
        await asyncio.to_thread(_announce, url, announced)
        started = time.monotonic()
        await waiting.news()
        return time.monotonic() - started


async def _listening(servers: RealServers, url: str) -> int:
    """The process of Postgres that the announcements hold, as soon as there is one."""
    name = url.rpartition("/")[2]
    query = (
        "SELECT pid FROM pg_stat_activity WHERE datname = %s AND application_name = 'tokencast-notices' "
        "AND query LIKE 'LISTEN%%' AND state = 'idle'"
    )
    for _ in range(200):
        with psycopg.connect(servers.superuser_url) as connection:
            if row := connection.execute(query, (name,)).fetchone():
                return int(row[0])
        await asyncio.sleep(0.05)
    raise AssertionError("nobody listens")


def test_news_of_a_forecast_wakes_those_who_wait_for_it_and_nobody_else(
    servers: RealServers, database_url: str
) -> None:
    async def scenario() -> tuple[float, float]:
        announcements = Announcements(database_url)
        async with announcements.running():
            await _listening(servers, database_url)
            mine, other = uuid4(), uuid4()
            return (
                await _seconds_until_news(announcements, database_url, mine, mine),
                await _seconds_until_news(announcements, database_url, uuid4(), other),
            )

    woken, waited = asyncio.run(scenario())
    assert woken < POLL_SECONDS / 2
    assert waited >= POLL_SECONDS * 0.9


def test_news_from_before_the_subscription_is_not_missed(servers: RealServers, database_url: str) -> None:
    async def scenario() -> float:
        announcements = Announcements(database_url)
        async with announcements.running():
            await _listening(servers, database_url)
            mine = uuid4()
            # Notices arrive in order: when that of a later forecast is here, so is that of mine.
            await asyncio.to_thread(_announce, database_url, mine)
            later = uuid4()
            await _seconds_until_news(announcements, database_url, later, later)
            async with announcements.about(mine) as waiting:
                started = time.monotonic()
                await waiting.news()
                return time.monotonic() - started

    assert asyncio.run(scenario()) < POLL_SECONDS / 2


def test_a_lost_connection_is_made_again_and_hangs_nobody(servers: RealServers, database_url: str) -> None:
    async def scenario() -> tuple[float, float]:
        announcements = Announcements(database_url)
        async with announcements.running():
            lost = await _listening(servers, database_url)
            with psycopg.connect(servers.superuser_url, autocommit=True) as superuser:
                superuser.execute("SELECT pg_terminate_backend(%s)", (lost,))
            mine = uuid4()
            without = await _seconds_until_news(announcements, database_url, mine, mine)
            assert await _listening(servers, database_url) != lost
            return without, await _seconds_until_news(announcements, database_url, mine, mine)

    with capture_logs() as lines:
        without, again = asyncio.run(scenario())
    assert without < POLL_SECONDS * 1.5
    assert again < POLL_SECONDS / 2
    assert [line["event"] for line in lines] == ["announcements_interrupted"]
