"""Real worker processes for tests, and the forecasts one gives them."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import UUID

import msgspec
from sqlalchemy import text

from service.queue import Queue
from service.store import forecasts, lines
from service.store.database import Database
from tests.service.store import rows

# Short enough that a lost forecast comes back within a test, long enough for a process that waits for its turn.
LEASE_SECONDS = 2.0
_SETTINGS = {
    "TOKENCAST_LEASE_SECONDS": str(LEASE_SECONDS),
    "TOKENCAST_QUEUED_TOO_LONG_SECONDS": "1",
    "TOKENCAST_TICK_SECONDS": "0.5",
    "TOKENCAST_SCHEDULE_TICK_SECONDS": "0.5",
    "TOKENCAST_DELIVERY_TICK_SECONDS": "0.2",
    "TOKENCAST_WEBHOOK_ALLOWED_NETWORKS": "127.0.0.0/8",
    "TOKENCAST_WORKER_PROCESSES": "2",
}
_DEADLINE_SECONDS = 40.0


def wait_until(happened: Callable[[], bool], what: str) -> None:
    """Polls until it has; fails by name after the deadline."""
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not happened():
        assert time.monotonic() < deadline, f"not within {_DEADLINE_SECONDS:.0f} s: {what}"
        time.sleep(0.02)


class WorkerProcesses:
    """Starts `celery -A ...`, and ends with its own process groups whatever happened to them."""

    def __init__(self, database_url: str, redis_url: str) -> None:
        self._environment = {
            **os.environ,
            **_SETTINGS,
            "TOKENCAST_DATABASE_URL": database_url,
            "TOKENCAST_REDIS_URL": redis_url,
        }
        self._started: list[subprocess.Popen[bytes]] = []
        self._folder = tempfile.TemporaryDirectory(prefix="tokencast-workers-")

    def start(self, *arguments: str, app: str = "tests.workers.slow_app") -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "celery", "-A", app, *arguments, "--loglevel", "info"]
        log = Path(self._folder.name) / f"{len(self._started)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, env=self._environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True
            )
        self._started.append(process)
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start("worker", "--without-gossip", "--without-mingle")

    def beat(self) -> subprocess.Popen[bytes]:
        schedule = Path(self._folder.name) / f"schedule-{len(self._started)}"
        return self.start("beat", "--schedule", str(schedule), "--pidfile=")

    def logs(self) -> str:
        return "\n".join(path.read_text() for path in sorted(Path(self._folder.name).glob("*.log")))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for process in self._started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if error is not None:
            sys.stderr.write(self.logs())
        self._folder.cleanup()


@dataclass(frozen=True)
class Forecasts:
    """Asks for forecasts as the API does, and looks at what became of them."""

    database: Database
    queue: Queue
    workspace_id: UUID

    def ask(self, *, send: int = 1, **snapshot: Any) -> UUID:
        """Stores a forecast and sends its message that many times."""
        with self.database.tenant(self.workspace_id) as session:
            forecast_id = rows.queue_forecast(session, datetime.now(UTC), msgspec.json.encode(snapshot))
        for _ in range(send):
            assert self.queue.send_forecast(forecast_id, self.workspace_id)
        return forecast_id

    def get(self, forecast_id: UUID) -> forecasts.ForecastRecord:
        with self.database.tenant(self.workspace_id) as session:
            return forecasts.get(session, forecast_id)

    def cancel(self, forecast_id: UUID) -> str:
        with self.database.tenant(self.workspace_id) as session:
            return forecasts.request_cancel(session, forecast_id, actor="key:test", now=datetime.now(UTC)).status

    def wait_for(self, status: str, forecast_id: UUID) -> forecasts.ForecastRecord:
        wait_until(lambda: self.get(forecast_id).status == status, f"{forecast_id} {status}")
        return self.get(forecast_id)

    def lines(self, forecast_id: UUID) -> list[lines.LineRecord]:
        with self.database.tenant(self.workspace_id) as session:
            return forecasts.lines(session, forecast_id, after=None, limit=10_000)[0]

    def endings(self, forecast_id: UUID) -> list[str]:
        """Every ending that was announced; a forecast ends once."""
        statement = text("SELECT event FROM outbox WHERE subject = :subject AND event <> 'forecast.queued' ORDER BY id")
        with self.database.tenant(self.workspace_id) as session:
            subject = {"subject": forecasts.subject_of(forecast_id)}
            return list(session.execute(statement, subject).scalars())


def started_by(told: Path) -> list[int]:
    """The processes that began the computation which tells this file, in order."""
    return [int(entry) for entry in told.read_text().split()] if told.exists() else []
