"""Forecasts as workers see them: claimed with a lease and a token, kept alive, recorded, or taken back when lost.

Every write after the claim holds only where the forecast still runs under the same token, so a worker that was
given up for dead, or a message delivered twice, changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, and_, bindparam, case, func, literal, null, or_, select, update

from service.problem_types import WORKER_LOST
from service.store import outbox
from service.store.budgets import checks
from service.store.database import workspace_of
from service.store.forecasts import UNFINISHED, subject_of
from service.store.lines import lines_of
from service.store.metadata import table_of
from service.store.notices import notice_of
from service.store.statements import Statement, Write, write_together
from service.store.tables import Forecasts

Hold = Literal["ok", "cancelled", "lost"]

_RESENT_AT_ONCE = 500
# Each resend waits twice as long as the one before, up to eight times: behind a long queue, copies stay few.
_MOST_DOUBLINGS = 3

_TABLE = table_of(Forecasts)
_HELD = and_(
    _TABLE.c.id == bindparam("which"), _TABLE.c.claim_token == bindparam("held_by"), _TABLE.c.status == "running"
)
_CLAIM = Statement(
    update(_TABLE)
    .where(
        _TABLE.c.id == bindparam("which"),
        _TABLE.c.workspace_id == bindparam("in_workspace"),
        _TABLE.c.status == "queued",
    )
    .values(attempt=_TABLE.c.attempt + 1)
    .returning(_TABLE.c.attempt, _TABLE.c.snapshot)
)
_PROGRESS = Statement(update(_TABLE).where(_HELD).returning(_TABLE.c.cancel_requested_at, notice_of(_TABLE.c.id)))
_ENDED = update(_TABLE).where(_HELD).returning(notice_of(_TABLE.c.id))
_FINISH = Statement(_ENDED)
_FINISH_WANTED = Statement(_ENDED.where(_TABLE.c.cancel_requested_at.is_(None)))
_FINISH_UNWANTED = Statement(_ENDED.where(_TABLE.c.cancel_requested_at.is_not(None)))


@dataclass(frozen=True)
class Claim:
    """A forecast that is this worker's alone until its lease runs out."""

    forecast_id: UUID
    workspace_id: UUID
    token: UUID
    attempt: int
    snapshot: bytes


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a computation gave: the document is JSON without its lines, money is in the forecast's currency."""

    document: bytes
    lines: Sequence[tuple[object, ...]]
    basis: str
    confidence: Decimal
    amount: Decimal
    expected: Decimal
    contingency: Decimal


@dataclass(frozen=True)
class Requeued:
    """A forecast to send to the queue (again)."""

    forecast_id: UUID
    workspace_id: UUID


def claim(
    system_session: Connection,
    forecast_id: UUID,
    *,
    workspace_id: UUID,
    token: UUID,
    lease_seconds: float,
    now: datetime,
) -> Claim | None:
    """Takes the workspace's forecast if it is still queued, in one statement; a second delivery gets None."""
    values = {
        "in_workspace": workspace_id,
        "which": forecast_id,
        "status": "running",
        "claim_token": token,
        "lease_expires_at": now + timedelta(seconds=lease_seconds),
        "started_at": now,
        "progress_fraction": 0.0,
    }
    row = _CLAIM.run(system_session, values).one_or_none()
    if row is None:
        return None
    return Claim(forecast_id, workspace_id, token, row.attempt, row.snapshot)


def progress(
    session: Connection, forecast_id: UUID, *, token: UUID, fraction: float, lease_seconds: float, now: datetime
) -> Hold:
    """Extends the lease and shows how far the computation is; anything but "ok" means stop."""
    values = {
        "which": forecast_id,
        "held_by": token,
        "progress_fraction": fraction,
        "lease_expires_at": now + timedelta(seconds=lease_seconds),
    }
    row = _PROGRESS.run(session, values).one_or_none()
    if row is None:
        return "lost"
    return "ok" if row.cancel_requested_at is None else "cancelled"


def succeed(session: Connection, forecast_id: UUID, *, token: UUID, result: Result, now: datetime) -> Hold:
    """Records result, lines and status together; "cancelled" when somebody asked to stop first, and writes nothing."""
    values = {
        "status": "succeeded",
        "progress_fraction": 1.0,
        "document": result.document,
        "basis": result.basis,
        "confidence": result.confidence,
        "budget_amount": result.amount,
        "expected": result.expected,
        "contingency": result.contingency,
    }
    if not _finish(session, _FINISH_WANTED, forecast_id, token, values, now):
        held = session.execute(select(Forecasts.id).where(_HELD), {"which": forecast_id, "held_by": token})
        return "lost" if held.one_or_none() is None else "cancelled"
    workspace_id = workspace_of(session)
    told = _announcement(workspace_id, forecast_id, "succeeded", now)
    lines = [lines_of(workspace_id, forecast_id, result.lines)] if result.lines else []
    # Approved budgets are held against what is newest; the tick does it.
    write_together(session, checks.due(workspace_id), told, *lines)
    return "ok"


def fail(session: Connection, forecast_id: UUID, *, token: UUID, problem: Mapping[str, Any], now: datetime) -> Hold:
    """Ends the forecast with a problem in the shape of RFC 9457."""
    values = {"status": "failed", "problem": dict(problem)}
    return _end(session, _FINISH, forecast_id, token, values, now)


def cancelled(session: Connection, forecast_id: UUID, *, token: UUID, now: datetime) -> Hold:
    """Ends a forecast whose computation stopped because somebody asked for it."""
    return _end(session, _FINISH_UNWANTED, forecast_id, token, {"status": "cancelled"}, now)


def requeue_lost(
    system_session: Connection, *, now: datetime, queued_too_long_seconds: float, max_attempts: int
) -> list[Requeued]:
    """Takes back what was lost, and answers what to send again; two callers at once answer different forecasts.

    Expired leases go back to the queue, or end as cancelled or (after `max_attempts` claims) as failed. What has
    been queued too long since it was last sent is sent again, because the queue may have lost it.
    """
    ended = _taken(Forecasts.status == "running", Forecasts.lease_expires_at < now)
    gives_up = Forecasts.attempt >= max_attempts
    asked = Forecasts.cancel_requested_at.is_not(None)
    problem = {
        "type": WORKER_LOST.type,
        "title": WORKER_LOST.title,
        "status": WORKER_LOST.status,
        "detail": f"{max_attempts} workers in turn stopped before this forecast was done",
    }
    lost = system_session.execute(
        update(Forecasts)
        .where(Forecasts.id.in_(ended))
        .values(
            status=case((asked, "cancelled"), (gives_up, "failed"), else_="queued"),
            problem=case((and_(gives_up, ~asked), literal(problem, Forecasts.problem.type)), else_=null()),
            finished_at=case((or_(asked, gives_up), now), else_=null()),
            claim_token=null(),
            lease_expires_at=null(),
            sent_at=now,
            sends=1,
        )
        .returning(Forecasts.id, Forecasts.workspace_id, Forecasts.status, notice_of(_TABLE.c.id))
    ).all()
    for row in lost:
        if row.status != "queued":
            write_together(system_session, _announcement(row.workspace_id, row.id, row.status, now))
    waited = func.make_interval(0, 0, 0, 0, 0, 0, queued_too_long_seconds * func.power(2, _doublings()))
    resent = system_session.execute(
        update(Forecasts)
        .where(Forecasts.id.in_(_taken(Forecasts.status == "queued", Forecasts.sent_at < now - waited)))
        .values(sent_at=now, sends=Forecasts.sends + 1)
        .returning(Forecasts.id, Forecasts.workspace_id)
    ).all()
    again = [row for row in lost if row.status == "queued"]
    return [Requeued(row.id, row.workspace_id) for row in (*again, *resent)]


def _end(
    session: Connection, statement: Statement, forecast_id: UUID, token: UUID, values: dict[str, Any], now: datetime
) -> Hold:
    if not _finish(session, statement, forecast_id, token, values, now):
        return "lost"
    write_together(session, _announcement(workspace_of(session), forecast_id, values["status"], now))
    return "ok"


def _finish(
    session: Connection, statement: Statement, forecast_id: UUID, token: UUID, values: dict[str, Any], now: datetime
) -> bool:
    ended = {"which": forecast_id, "held_by": token, "finished_at": now, "claim_token": None, "lease_expires_at": None}
    return statement.run(session, {**values, **ended}).one_or_none() is not None


def _announcement(workspace_id: UUID, forecast_id: UUID, status: str, now: datetime) -> Write:
    return outbox.announcement(
        workspace_id,
        event=f"forecast.{status}",
        subject=subject_of(forecast_id),
        data={"id": forecast_id, "status": status},
        now=now,
    )


def _taken(*conditions: Any) -> Any:
    # The status condition repeats the partial index's own, without which Postgres would read the whole table.
    return (
        select(Forecasts.id)
        .where(Forecasts.status.in_(UNFINISHED), *conditions)
        .order_by(Forecasts.queued_at)
        .limit(_RESENT_AT_ONCE)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )


def _doublings() -> Any:
    return func.least(Forecasts.sends - 1, _MOST_DOUBLINGS)
