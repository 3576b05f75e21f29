"""How a request learns that a forecast moved on: one LISTEN connection per process, fanned out to all who wait.

Announcements only wake waiters early. Each of them reads the database for itself, and reads it again after
`POLL_SECONDS` without one, so a lost announcement or connection costs a moment and never hangs a client.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import psycopg
import structlog

CHANNEL = "tokencast_forecast"
POLL_SECONDS = 2.0
RECONNECT_SECONDS = 1.0

log = structlog.get_logger()


class Announcements:
    """Wakes those who wait for a forecast; `run` holds the connection until the process ends."""

    def __init__(self, database_url: str) -> None:
        self._conninfo = database_url.replace("postgresql+psycopg://", "postgresql://", 1)
        self._waiters: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listens while the block runs."""
        task = asyncio.create_task(self._listen_forever(), name="announcements")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    @asynccontextmanager
    async def about(self, forecast_id: str) -> AsyncIterator["Announced"]:
        """Subscribe before the first read of the row: what happens in between is then not missed."""
        event = asyncio.Event()
        self._waiters[forecast_id].add(event)
        try:
            yield Announced(event)
        finally:
            self._waiters[forecast_id].discard(event)
            if not self._waiters[forecast_id]:
                del self._waiters[forecast_id]

    def wake(self, forecast_id: str) -> None:
        for event in self._waiters.get(forecast_id, ()):
            event.set()

    async def _listen_forever(self) -> None:
        while True:
            try:
                await self._listen()
            except (psycopg.Error, OSError) as error:
                log.warning("announcements_interrupted", error=type(error).__name__)
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(self._conninfo, autocommit=True)
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            # What was announced while nobody listened is unknown, so everybody looks once.
            for forecast_id in list(self._waiters):
                self.wake(forecast_id)
            async for notify in connection.notifies():
                self.wake(notify.payload)


class Announced:
    """The next news of one forecast."""

    def __init__(self, event: asyncio.Event) -> None:
        self._event = event

    async def news(self, most_seconds: float = POLL_SECONDS) -> None:
        """Returns at an announcement, or after the poll interval without one."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), min(most_seconds, POLL_SECONDS))
        self._event.clear()
