"""Two years of a monthly schedule: two schedulers race for every occurrence, and are killed in the middle of it."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from forecasts.explain.bridge.bridge import BASES, bridge
from service.forecasting.bridging import stored_side
from service.forecasting.result import compute
from service.schemas.forecast.request import ForecastTermsIn
from service.schemas.schedules.resource import new_schedule
from service.schemas.schedules.schedule import ScheduleHorizonIn, ScheduleIn
from service.store import forecasts, schedule_runs, schedules, usage, workloads
from service.store.catalog_sync import sync_packaged_catalog
from service.store.database import Database
from service.store.usage import NewUsage
from service.store.workloads import NewWorkload
from tests.service.routes.api import MODEL, workload
from workers.computing import run_forecast

BERLIN = ZoneInfo("Europe/Berlin")
MADE = datetime(2026, 12, 15, 12, tzinfo=UTC)
MONTHS = [date(2027 + index // 12, index % 12 + 1, 1) for index in range(24)]
# A look at one due schedule takes some hundredths of a second, so that this kills before, in and after its transaction.
MOST_SECONDS_TO_LIVE = 0.04


class SchedulerProcess:
    """Told an instant it looks once, and answers; killed it is started again by the next instant."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._process: subprocess.Popen[str] | None = None
        self.kills = 0

    def tell(self, now: datetime) -> None:
        process = self._started()
        assert process.stdin is not None
        process.stdin.write(f"{now.isoformat()}\n")
        process.stdin.flush()

    def wait(self) -> None:
        if self._process is not None:
            assert self._read() == "done"

    def kill(self) -> None:
        if self._process is not None:
            self.kills += 1
            self._process.kill()
            self._process.communicate()
            self._process = None

    def _started(self) -> subprocess.Popen[str]:
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.workers.simulated_scheduler"],
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            assert self._read() == "ready"
        return self._process

    def _read(self) -> str:
        assert self._process is not None
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@pytest.fixture
def pair(database_url: str, redis_url: str) -> Iterator[tuple[SchedulerProcess, SchedulerProcess]]:
    environment = {**os.environ, "TOKENCAST_DATABASE_URL": database_url, "TOKENCAST_REDIS_URL": redis_url}
    pair = SchedulerProcess(environment), SchedulerProcess(environment)
    yield pair
    for process in pair:
        process.kill()


def first_weekday_at_six(month: date) -> datetime:
    """Counted on the calendar's own, without any rule."""
    day = month
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, 6, tzinfo=BERLIN).astimezone(UTC)


def make_schedule(database: Database, workspace_id: UUID) -> UUID:
    sync_packaged_catalog(database, datetime.now(UTC))
    declared = ScheduleIn(
        name="monthly",
        time_zone="Europe/Berlin",
        horizon=ScheduleHorizonIn(kind="fiscal_year"),
        terms=ForecastTermsIn(draws=32),
    ).with_start(MADE)
    row = NewWorkload(name="chat", cost_center="", gl_account="", task="chat", document=workload())
    with database.tenant(workspace_id) as session:
        workloads.add(session, row, now=MADE)
        return schedules.add(session, new_schedule(declared, counts_from=MADE, now=MADE), now=MADE).id


def record_month(database: Database, workspace_id: UUID, month: date, billed: Decimal) -> None:
    row = NewUsage(
        month=month,
        day=None,
        workload="chat",
        route=MODEL,
        meter="output",
        quantity=Decimal(500_000),
        billed=billed,
        effective=billed,
        currency="USD",
        source="",
    )
    with database.tenant(workspace_id) as session:
        usage.add(session, [row], actor="key:test", now=MADE)


def forecast_queued(database: Database, workspace_id: UUID) -> None:
    """What a worker does with every forecast that was asked for."""
    with database.tenant(workspace_id) as session:
        queued, _ = forecasts.page(session, after=None, limit=100, status="queued")
    for record in queued:
        outcome = run_forecast(
            database, compute, record.id, workspace_id=workspace_id, lease_seconds=30, clock=lambda: datetime.now(UTC)
        )
        assert outcome == "succeeded"


@pytest.mark.usefixtures("queue")
def test_each_month_has_one_run_and_one_forecast_that_follows_the_last(
    database: Database, workspace_id: UUID, pair: tuple[SchedulerProcess, SchedulerProcess]
) -> None:
    chance = random.Random(6)  # noqa: S311 - the same crashes on every run
    schedule_id = make_schedule(database, workspace_id)
    for index, month in enumerate(MONTHS):
        due = first_weekday_at_six(month)
        doomed = [process for process in pair if chance.random() < 0.3]
        for now in (due - timedelta(seconds=1), due):
            for process in pair:
                process.tell(now)
            if now == due and doomed:
                time.sleep(chance.uniform(0.0, MOST_SECONDS_TO_LIVE))
                for process in doomed:
                    process.kill()
            for process in pair:
                process.wait()
        # The next minutes' ticks; a clock that was set back comes among them.
        for minutes in (1, -30, 2, 60):
            for process in pair:
                process.tell(due + timedelta(minutes=minutes))
            for process in pair:
                process.wait()
        forecast_queued(database, workspace_id)
        record_month(database, workspace_id, month, Decimal(index + 1))

    assert sum(process.kills for process in pair) >= 8
    with database.tenant(workspace_id) as session:
        runs, more = schedule_runs.page(session, schedule_id, after=None, limit=100)
        made, _ = forecasts.page(session, after=None, limit=100)
        last = forecasts.lines(session, made[0].id, after=None, limit=1000)[0]
    assert more is None
    assert [run.status for run in runs] == ["started"] * 24
    assert sorted(run.due_at for run in runs if run.due_at) == [first_weekday_at_six(month) for month in MONTHS]
    assert len({run.occurrence for run in runs}) == 24
    # Newest first: each forecast renews the one before it, and was made for a run of its own.
    assert [record.status for record in made] == ["succeeded"] * 24
    assert {record.id for record in made} == {run.forecast_id for run in runs}
    assert [record.previous_forecast_id for record in made] == [*(record.id for record in made[1:]), None]
    # Made in December 2028, with January to November as they were recorded: 13 to 23 dollars.
    actual = {line.month: line.billed for line in last if line.kind == "actual"}
    assert actual == {month: Decimal(index + 1) for index, month in enumerate(MONTHS) if 12 <= index < 23}
    assert {line.month for line in last if line.kind != "actual"} == {MONTHS[-1]}
    _bridges_add_up(database, workspace_id, [record.id for record in reversed(made)])


def _bridges_add_up(database: Database, workspace_id: UUID, in_order: list[UUID]) -> None:
    """Each of the 23 says the whole difference of two neighbours, in every cell and as they were written down."""
    with database.tenant(workspace_id) as session:
        sides = [
            stored_side(
                forecasts.get_snapshot(session, one),
                forecasts.get(session, one).model_version,
                forecasts.lines(session, one, after=None, limit=1000)[0],
            )
            for one in in_order
        ]
        stated = [sum(line.effective for line in side.stated or ()) for side in sides]
    found = [bridge(before, after) for before, after in pairwise(sides)]
    assert len(found) == 23
    for split, (before, after) in zip(found, pairwise(stated), strict=True):
        parts = sum(cells for cells in split.parts.values())
        assert (split.after - split.before == parts).all()
        assert int(parts[BASES.index("effective")].sum()) == after - before
    # From the second on each knows one month more than the one before it.
    assert sum(bool(split.parts["actuals"].any()) for split in found) >= 20
