"""Whoever looks at a schedule, how often and by which clock, each occurrence of it runs once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from service.queue import Queue
from service.schemas.schedules.resource import new_schedule
from service.schemas.schedules.schedule import ScheduleIn
from service.store import forecasts, schedule_runs, schedules, workloads
from service.store.catalog_sync import sync_packaged_catalog
from service.store.database import Database
from service.store.schedule_runs import RunRecord
from service.store.workloads import NewWorkload
from tests.service.routes.api import workload
from tests.workers.running import Forecasts, WorkerProcesses, wait_until
from workers.scheduling import run_due_schedules

MADE = datetime(2027, 1, 4, 12, tzinfo=UTC)


class Scheduler:
    """A schedule of one workspace, and rounds of schedulers at the times that a test says."""

    def __init__(
        self, database: Database, queue: Queue, workspace_id: UUID, declared: dict[str, Any], made: datetime
    ) -> None:
        self.database = database
        self.queue = queue
        self.workspace_id = workspace_id
        sent = ScheduleIn(**{"name": "monthly", "time_zone": "Europe/Berlin", **declared}).with_start(made)
        with database.tenant(workspace_id) as session:
            row = new_schedule(sent, counts_from=made, now=made)
            self.schedule_id = schedules.add(session, row, now=MADE).id

    def look(self, now: datetime) -> list[UUID]:
        return run_due_schedules(self.database, self.queue, clock=lambda: now)

    def runs(self) -> list[RunRecord]:
        """In the order of their occurrences."""
        with self.database.tenant(self.workspace_id) as session:
            found, _ = schedule_runs.page(session, self.schedule_id, after=None, limit=1000)
        return sorted(found, key=lambda run: run.due_at or MADE)

    def statuses(self) -> list[str]:
        return [run.status for run in self.runs()]

    def forecasts(self) -> int:
        with self.database.tenant(self.workspace_id) as session:
            return len(forecasts.page(session, after=None, limit=1000)[0])


Start = Callable[..., Scheduler]


@pytest.fixture
def start(database: Database, queue: Queue, workspace_id: UUID) -> Start:
    sync_packaged_catalog(database, datetime.now(UTC))
    document = workload()
    row = NewWorkload(name="chat", cost_center="", gl_account="", task="chat", document=document)
    with database.tenant(workspace_id) as session:
        workloads.add(session, row, now=MADE)

    def scheduler(*, made: datetime = MADE, **declared: Any) -> Scheduler:
        return Scheduler(database, queue, workspace_id, declared, made)

    return scheduler


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_an_occurrence_runs_when_it_is_due_and_not_before(start: Start) -> None:
    scheduler = start()
    # 1 February 2027 is a Monday, and 06:00 in Berlin is 05:00 UTC.
    assert scheduler.look(day("2027-02-01T04:59:59")) == []
    [forecast_id] = scheduler.look(day("2027-02-01T05:00:00"))
    [run] = scheduler.runs()
    assert (run.status, run.occurrence) == ("started", "2027-02-01T06:00:00[Europe/Berlin]")
    assert run.forecast_id == forecast_id
    assert scheduler.look(day("2027-02-01T05:01:00")) == []


def test_schedulers_at_once_ask_for_one_forecast(start: Start) -> None:
    scheduler = start()
    with ThreadPoolExecutor(6) as threads:
        asked = list(threads.map(scheduler.look, [day("2027-02-01T05:00:00")] * 12))
    assert len([one for found in asked for one in found]) == 1
    assert scheduler.forecasts() == 1


def test_after_an_absence_the_latest_occurrence_is_made_up_for(start: Start) -> None:
    scheduler = start(rule="FREQ=DAILY")
    assert len(scheduler.look(day("2027-01-12T12:00:00"))) == 1
    runs = scheduler.runs()
    assert [run.status for run in runs] == ["missed"] * 7 + ["started"]
    assert runs[-1].due_at == day("2027-01-12T05:00:00")
    assert scheduler.forecasts() == 1


def test_all_are_made_up_for_where_that_is_asked(start: Start) -> None:
    scheduler = start(rule="FREQ=DAILY", catch_up="all")
    asked = [len(scheduler.look(day("2027-02-03T12:00:00"))) for _ in range(4)]
    assert sum(asked) == scheduler.forecasts() == 30
    assert asked[-1] == 0
    assert set(scheduler.statuses()) == {"started"}


def test_a_clock_that_runs_ahead_and_comes_back_loses_and_doubles_nothing(start: Start) -> None:
    scheduler = start()
    assert len(scheduler.look(day("2027-06-15T00:00:00"))) == 1
    assert scheduler.statuses() == ["missed"] * 4 + ["started"]
    for month, expected in ((2, 1), (3, 1), (4, 1), (5, 1), (6, 0), (7, 1)):
        assert len(scheduler.look(day(f"2027-{month:02d}-10T00:00:00"))) == expected, month
    assert scheduler.statuses() == ["started"] * 6
    assert scheduler.forecasts() == 6


def test_a_clock_that_falls_back_repeats_nothing(start: Start) -> None:
    scheduler = start(rule="FREQ=DAILY")
    assert len(scheduler.look(day("2027-01-05T05:00:00"))) == 1
    assert scheduler.look(day("2027-01-05T04:00:00")) == []
    assert scheduler.look(day("2027-01-05T05:00:00")) == []
    assert len(scheduler.look(day("2027-01-06T05:00:00"))) == 1


def test_the_hour_that_comes_twice_runs_once(start: Start) -> None:
    scheduler = start(rule="FREQ=DAILY", starts="2027-10-30T02:30")
    asked = []
    now = day("2027-10-30T12:00:00")
    while now < day("2027-10-31T12:00:00"):
        asked += scheduler.look(now)
        now += timedelta(minutes=10)
    # The first look finds that of the day before.
    assert len(asked) == 2


def test_the_scheduler_s_own_tick_runs_what_is_due(
    start: Start, database: Database, queue: Queue, processes: WorkerProcesses
) -> None:
    scheduler = start(rule="FREQ=DAILY", made=datetime.now(UTC) - timedelta(days=2))
    processes.worker()
    processes.beat()
    processes.beat()
    wait_until(lambda: "started" in scheduler.statuses(), "a run")
    forecast_id = scheduler.runs()[-1].forecast_id
    assert forecast_id is not None
    Forecasts(database, queue, scheduler.workspace_id).wait_for("succeeded", forecast_id)
    assert scheduler.statuses() == ["missed", "started"]


def test_a_skipped_occurrence_does_not_run(start: Start, database: Database) -> None:
    scheduler = start()
    with database.tenant(scheduler.workspace_id) as session:
        decision = schedule_runs.Decision(
            schedule_id=scheduler.schedule_id,
            occurrence="2027-02-01T06:00:00[Europe/Berlin]",
            due_at=day("2027-02-01T05:00:00"),
            status="skipped",
            requested_by="key:test",
        )
        schedule_runs.decide(session, decision, now=MADE)
    assert scheduler.look(day("2027-02-01T05:00:00")) == []
    assert len(scheduler.look(day("2027-03-01T05:00:00"))) == 1
    assert scheduler.statuses() == ["skipped", "started"]


def test_a_paused_schedule_asks_for_nothing(start: Start, database: Database) -> None:
    scheduler = start()
    with database.tenant(scheduler.workspace_id) as session:
        schedules.pause(session, scheduler.schedule_id, now=MADE)
    assert scheduler.look(day("2027-02-01T05:00:00")) == []
    with database.tenant(scheduler.workspace_id) as session:
        resumed = day("2027-02-15T00:00:00")
        schedules.resume(session, scheduler.schedule_id, next_due_at=day("2027-03-01T05:00:00"), now=resumed)
    assert scheduler.look(day("2027-02-16T05:00:00")) == []
    assert len(scheduler.look(day("2027-03-01T05:00:00"))) == 1
    assert scheduler.statuses() == ["started"]


def test_a_run_that_makes_no_sense_any_more_is_noted_with_its_problem_and_the_next_one_tried(
    start: Start, database: Database
) -> None:
    scheduler = start(workloads=["gone"])
    assert scheduler.look(day("2027-02-01T05:00:00")) == []
    [run] = scheduler.runs()
    assert run.status == "failed"
    assert run.problem is not None
    assert [error["pointer"] for error in run.problem["errors"]] == ["/workloads/0"]
    row = NewWorkload(name="gone", cost_center="", gl_account="", task="chat", document=workload("gone"))
    with database.tenant(scheduler.workspace_id) as session:
        workloads.add(session, row, now=MADE)
    assert len(scheduler.look(day("2027-03-01T05:00:00"))) == 1
