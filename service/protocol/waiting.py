"""How a request learns that a forecast moved on: one LISTEN connection per process, fanned out to all who wait.

Announcements only wake waiters early. Each of them reads the database for itself, and reads it again after
`POLL_SECONDS` without one, so a lost announcement or connection costs a moment and never hangs a client.
"""

import asyncio
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

import psycopg
import structlog
from psycopg import sql
from sqlalchemy.engine import make_url

from service.store.notices import FORECAST_CHANNEL

POLL_SECONDS = 2.0
RECONNECT_SECONDS = 1.0
# News this recent still counts for whoever subscribes after it: a short forecast can be finished before the request
# that asked for it gets to wait.
_MOST_RECENT = 4096
_SECONDS_TO_END = 1.0
_SECONDS_BETWEEN_LOOKS_AT_STOP = 0.5

log = structlog.get_logger()


class Announcements:
    """Wakes those who wait for a forecast. One thread listens, so that it works on every kind of event loop."""

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._waiters: defaultdict[UUID, set[asyncio.Event]] = defaultdict(set)
        # A dict is a set that remembers the order of its members.
        self._recent: dict[UUID, None] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listens while the block runs."""
        stop = threading.Event()
        loop = asyncio.get_running_loop()
        thread = threading.Thread(target=self._listen, args=(stop, loop), name="announcements", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            await asyncio.to_thread(thread.join, _SECONDS_TO_END)

    @asynccontextmanager
    async def about(self, forecast_id: UUID) -> AsyncIterator["Announced"]:
        """Subscribe before the first read of the row: what happens in between is then not missed.

        What was announced a moment before is news at once.
        """
        event = asyncio.Event()
        if forecast_id in self._recent:
            event.set()
        self._waiters[forecast_id].add(event)
        try:
            yield Announced(event)
        finally:
            self._waiters[forecast_id].discard(event)
            if not self._waiters[forecast_id]:
                del self._waiters[forecast_id]

    def _wake(self, forecast_id: UUID) -> None:
        self._recent[forecast_id] = None
        if len(self._recent) > _MOST_RECENT:
            del self._recent[next(iter(self._recent))]
        for event in self._waiters.get(forecast_id, ()):
            event.set()

    def _listen(self, stop: threading.Event, loop: asyncio.AbstractEventLoop) -> None:
        while not stop.is_set():
            try:
                for forecast_id in _notices(self._database_url, stop):
                    loop.call_soon_threadsafe(self._wake, forecast_id)
            except (psycopg.Error, OSError) as error:
                log.warning("announcements_interrupted", error=type(error).__name__)
                stop.wait(RECONNECT_SECONDS)
            except RuntimeError:
                # The loop was closed between a notice and its delivery: nobody waits any more.
                return


def _notices(database_url: str, stop: threading.Event) -> Iterator[UUID]:
    """Ids of forecasts that moved on, until `stop` is set; raises psycopg's error when the connection is lost."""
    url = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True, application_name="tokencast-notices", connect_timeout=5) as connection:
        connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(FORECAST_CHANNEL)))
        while not stop.is_set():
            for notice in connection.notifies(timeout=_SECONDS_BETWEEN_LOOKS_AT_STOP):
                yield UUID(notice.payload)


class Announced:
    """The next news of one forecast."""

    def __init__(self, event: asyncio.Event) -> None:
        self._event = event

    async def news(self, most_seconds: float = POLL_SECONDS) -> None:
        """Returns at an announcement, or after the poll interval without one."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), min(most_seconds, POLL_SECONDS))
        self._event.clear()
