"""A forecast is computed by one worker at a time and recorded once, whoever comes late, twice or not at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Barrier
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from service.problem_types import WORKER_LOST
from service.store import claims, forecasts
from service.store.database import Database
from service.store.errors import AlreadyFinished, NotFound
from tests.service.store import rows

CLAIMERS = 8
LEASE_SECONDS = 30.0


@pytest.fixture
def forecast_id(database: Database, workspace_id: UUID, now: datetime) -> UUID:
    with database.tenant(workspace_id) as session:
        return rows.queue_forecast(session, now, b'{"draws": 1}')


def claim(database: Database, workspace_id: UUID, forecast_id: UUID, now: datetime) -> claims.Claim | None:
    with database.system(durable=False) as session:
        return claims.claim(
            session, forecast_id, workspace_id=workspace_id, token=uuid4(), lease_seconds=LEASE_SECONDS, now=now
        )


def requeue(database: Database, now: datetime, max_attempts: int = 5) -> list[UUID]:
    with database.system() as session:
        found = claims.requeue_lost(session, now=now, queued_too_long_seconds=15, max_attempts=max_attempts)
    return [forecast.forecast_id for forecast in found]


def events(database: Database, workspace_id: UUID) -> list[str]:
    with database.tenant(workspace_id) as session:
        return list(session.execute(text("SELECT event FROM outbox ORDER BY id")).scalars())


def test_one_of_eight_claimers_at_once_gets_the_forecast(
    database: Database, workspace_id: UUID, forecast_id: UUID, now: datetime
) -> None:
    start = Barrier(CLAIMERS)

    def compete(_: int) -> claims.Claim | None:
        start.wait()
        return claim(database, workspace_id, forecast_id, now)

    with ThreadPoolExecutor(CLAIMERS) as pool:
        won = [found for found in pool.map(compete, range(CLAIMERS)) if found is not None]
    assert [(found.forecast_id, found.attempt, found.snapshot) for found in won] == [(forecast_id, 1, b'{"draws": 1}')]


def test_a_result_is_recorded_with_its_money_and_its_lines(
    database: Database, workspace_id: UUID, forecast_id: UUID, now: datetime
) -> None:
    held = claim(database, workspace_id, forecast_id, now)
    assert held is not None
    lines = [rows.line(billed=Decimal(number), gl_account=None) for number in range(5)]
    with database.tenant(workspace_id) as session:
        recorded = claims.succeed(session, forecast_id, token=held.token, result=rows.result(lines=lines), now=now)
    assert recorded == "ok"
    with database.tenant(workspace_id) as session:
        record = forecasts.get(session, forecast_id)
        document = forecasts.get_document(session, forecast_id)
        first, cursor = forecasts.lines(session, forecast_id, after=None, limit=3)
        rest, end = forecasts.lines(session, forecast_id, after=cursor, limit=3)
    assert (record.status, record.progress_fraction, record.attempt) == ("succeeded", 1.0, 1)
    assert (record.budget_amount, record.expected, record.contingency) == (Decimal(120), Decimal(100), Decimal(20))
    assert document == b'{"total": "100.00"}'
    assert [(entry.position, entry.billed) for entry in (*first, *rest)] == [(n, Decimal(n)) for n in range(5)]
    assert end is None
    assert events(database, workspace_id) == ["forecast.queued", "forecast.succeeded"]


def test_a_stale_token_writes_nothing(database: Database, workspace_id: UUID, forecast_id: UUID, now: datetime) -> None:
    slow = claim(database, workspace_id, forecast_id, now)
    later = now + timedelta(seconds=LEASE_SECONDS + 1)
    assert forecast_id in requeue(database, later)
    quick = claim(database, workspace_id, forecast_id, later)
    assert slow is not None
    assert quick is not None
    with database.tenant(workspace_id) as session:
        stale = {"token": slow.token, "now": later}
        assert claims.progress(session, forecast_id, fraction=0.9, lease_seconds=9, **stale) == "lost"
        assert claims.succeed(session, forecast_id, result=rows.result(), **stale) == "lost"
        assert claims.fail(session, forecast_id, problem={"type": "x"}, **stale) == "lost"
        assert claims.cancelled(session, forecast_id, **stale) == "lost"
    with database.tenant(workspace_id) as session:
        record = forecasts.get(session, forecast_id)
        assert (record.status, record.attempt, record.progress_fraction) == ("running", 2, 0.0)
        assert forecasts.lines(session, forecast_id, after=None, limit=1) == ([], None)
        assert claims.succeed(session, forecast_id, token=quick.token, result=rows.result(), now=later) == "ok"


def test_a_result_that_breaks_a_rule_leaves_the_forecast_as_it_was(
    database: Database, workspace_id: UUID, forecast_id: UUID, now: datetime
) -> None:
    held = claim(database, workspace_id, forecast_id, now)
    assert held is not None
    broken = rows.result(lines=[rows.line(), rows.line(billed=Decimal("NaN"))])
    with (
        pytest.raises(IntegrityError, match="ck_budget_lines_billed_finite"),
        database.tenant(workspace_id) as session,
    ):
        claims.succeed(session, forecast_id, token=held.token, result=broken, now=now)
    with database.tenant(workspace_id) as session:
        assert forecasts.get(session, forecast_id).status == "running"
        assert forecasts.lines(session, forecast_id, after=None, limit=9) == ([], None)
    assert events(database, workspace_id) == ["forecast.queued"]


def test_a_lease_that_is_extended_is_not_lost(
    database: Database, workspace_id: UUID, forecast_id: UUID, now: datetime
) -> None:
    held = claim(database, workspace_id, forecast_id, now)
    assert held is not None
    later = now + timedelta(seconds=LEASE_SECONDS - 1)
    with database.tenant(workspace_id) as session:
        assert (
            claims.progress(
                session, forecast_id, token=held.token, fraction=0.5, lease_seconds=LEASE_SECONDS, now=later
            )
            == "ok"
        )
    assert forecast_id not in requeue(database, now + timedelta(seconds=LEASE_SECONDS + 1))


def test_a_forecast_lost_too_often_fails_with_a_problem(
    database: Database, workspace_id: UUID, forecast_id: UUID, now: datetime
) -> None:
    for attempt in range(1, 3):
        now += timedelta(seconds=LEASE_SECONDS + 1)
        held = claim(database, workspace_id, forecast_id, now)
        assert held is not None
        assert held.attempt == attempt
        again = requeue(database, now + timedelta(seconds=LEASE_SECONDS + 1), max_attempts=2)
        assert (forecast_id in again) is (attempt == 1)
    with database.tenant(workspace_id) as session:
        record = forecasts.get(session, forecast_id)
    assert record.status == "failed"
    assert record.problem is not None
    assert record.problem["type"] == WORKER_LOST.type
    assert events(database, workspace_id) == ["forecast.queued", "forecast.failed"]


def test_what_waits_too_long_is_sent_again_and_ever_less_often(
    database: Database, forecast_id: UUID, now: datetime
) -> None:
    sent = [seconds for seconds in range(1, 400) if forecast_id in requeue(database, now + timedelta(seconds=seconds))]
    assert sent == [16, 16 + 31, 16 + 31 + 61, 16 + 31 + 61 + 121, 16 + 31 + 61 + 121 + 121]


def test_two_ticks_at_once_take_each_lost_forecast_once(database: Database, workspace_id: UUID, now: datetime) -> None:
    with database.tenant(workspace_id) as session:
        waiting = {rows.queue_forecast(session, now) for _ in range(20)}
    later = now + timedelta(seconds=60)
    start = Barrier(4)

    def tick(_: int) -> list[UUID]:
        start.wait()
        return requeue(database, later)

    with ThreadPoolExecutor(4) as pool:
        taken = [found for ids in pool.map(tick, range(4)) for found in ids if found in waiting]
    assert sorted(taken) == sorted(waiting)


def test_cancelling_a_queued_forecast_ends_it_at_once(
    database: Database, workspace_id: UUID, forecast_id: UUID, now: datetime
) -> None:
    with database.tenant(workspace_id) as session:
        assert forecasts.request_cancel(session, forecast_id, actor="key:test", now=now).status == "cancelled"
    assert claim(database, workspace_id, forecast_id, now) is None
    with database.tenant(workspace_id) as session:
        assert forecasts.request_cancel(session, forecast_id, actor="key:test", now=now).status == "cancelled"
    assert events(database, workspace_id) == ["forecast.queued", "forecast.cancelled"]


def test_cancelling_a_running_forecast_keeps_its_result_out(
    database: Database, workspace_id: UUID, forecast_id: UUID, now: datetime
) -> None:
    held = claim(database, workspace_id, forecast_id, now)
    assert held is not None
    with database.tenant(workspace_id) as session:
        assert forecasts.request_cancel(session, forecast_id, actor="key:test", now=now).status == "running"
    with database.tenant(workspace_id) as session:
        assert claims.succeed(session, forecast_id, token=held.token, result=rows.result(), now=now) == "cancelled"
        assert claims.cancelled(session, forecast_id, token=held.token, now=now) == "ok"
        assert forecasts.get(session, forecast_id).status == "cancelled"


def test_a_cancelled_forecast_whose_worker_died_is_not_computed_again(
    database: Database, workspace_id: UUID, forecast_id: UUID, now: datetime
) -> None:
    claim(database, workspace_id, forecast_id, now)
    with database.tenant(workspace_id) as session:
        forecasts.request_cancel(session, forecast_id, actor="key:test", now=now)
    assert forecast_id not in requeue(database, now + timedelta(seconds=LEASE_SECONDS + 1))
    with database.tenant(workspace_id) as session:
        assert forecasts.get(session, forecast_id).status == "cancelled"


def test_a_finished_forecast_cannot_be_cancelled(
    database: Database, workspace_id: UUID, forecast_id: UUID, now: datetime
) -> None:
    held = claim(database, workspace_id, forecast_id, now)
    assert held is not None
    with database.tenant(workspace_id) as session:
        claims.fail(session, forecast_id, token=held.token, problem={"type": "/problems/internal"}, now=now)
    with pytest.raises(AlreadyFinished), database.tenant(workspace_id) as session:
        forecasts.request_cancel(session, forecast_id, actor="key:test", now=now)
    with pytest.raises(NotFound), database.tenant(workspace_id) as session:
        forecasts.request_cancel(session, uuid4(), actor="key:test", now=now)


def test_listeners_hear_of_progress_and_of_the_end_only_after_the_commit(
    database: Database, module_database_url: str, workspace_id: UUID, forecast_id: UUID, now: datetime
) -> None:
    held = claim(database, workspace_id, forecast_id, now)
    assert held is not None
    with psycopg.connect(module_database_url, autocommit=True) as listener:
        listener.execute("LISTEN tokencast_forecast")
        with database.tenant(workspace_id) as session:
            claims.progress(session, forecast_id, token=held.token, fraction=0.5, lease_seconds=9, now=now)
            assert list(listener.notifies(timeout=0.2)) == []
        with database.tenant(workspace_id) as session:
            claims.succeed(session, forecast_id, token=held.token, result=rows.result(), now=now)
        heard = [notice.payload for notice in listener.notifies(timeout=5, stop_after=2)]
    assert heard == [str(forecast_id)] * 2


def test_the_newest_forecast_comes_first_and_pages_join_without_gap(
    database: Database, workspace_id: UUID, now: datetime
) -> None:
    with database.tenant(workspace_id) as session:
        made = [rows.queue_forecast(session, now) for _ in range(5)]
    with database.tenant(workspace_id) as session:
        forecasts.request_cancel(session, made[1], actor="key:test", now=now)
        first, cursor = forecasts.page(session, after=None, limit=3)
        rest, end = forecasts.page(session, after=cursor, limit=3)
        cancelled, _ = forecasts.page(session, after=None, limit=3, status="cancelled")
    assert [record.id for record in (*first, *rest)] == made[::-1]
    assert end is None
    assert [record.id for record in cancelled] == [made[1]]
