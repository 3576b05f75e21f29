"""Forecasts as the API sees them: asked for, looked at, cancelled; `claims` is the workers' side."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, case, exists, insert, null, select, update

from service.store import audit, outbox
from service.store import lines as budget_lines
from service.store.database import workspace_of
from service.store.errors import AlreadyFinished, NotFound
from service.store.ids import new_id
from service.store.metadata import table_of
from service.store.notices import notify
from service.store.pages import cut
from service.store.statements import Statement, write_together
from service.store.tables import Forecasts, Replays

UNFINISHED = ("queued", "running")


@dataclass(frozen=True)
class ForecastRecord:
    """A forecast without its two large columns (`get_document`, `get_snapshot`); money only when succeeded."""

    id: UUID
    status: str
    inputs_sha256: str
    as_of: date
    seed: int
    draws: int
    model_version: str
    currency: str
    horizon_first_month: date | None
    horizon_months: int | None
    requested_by: str
    previous_forecast_id: UUID | None
    progress_fraction: float
    queued_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    attempt: int
    cancel_requested_at: datetime | None
    problem: dict[str, Any] | None
    basis: str | None
    confidence: Decimal | None
    budget_amount: Decimal | None
    expected: Decimal | None
    contingency: Decimal | None


_INSERT = Statement(insert(table_of(Forecasts)))
_COLUMNS = [getattr(Forecasts, field.name) for field in fields(ForecastRecord)]
_GET = Statement(select(*_COLUMNS).where(Forecasts.id == bindparam("forecast_id")))
_DOCUMENT = Statement(select(Forecasts.document).where(Forecasts.id == bindparam("forecast_id")))


def add_queued(
    session: Connection,
    *,
    snapshot: bytes,
    inputs_sha256: str,
    as_of: date,
    seed: int,
    draws: int,
    model_version: str,
    currency: str,
    requested_by: str,
    horizon_first_month: date | None = None,
    horizon_months: int | None = None,
    previous_forecast_id: UUID | None = None,
    now: datetime,
) -> UUID:
    """Stores a forecast to be computed, with its audit and outbox rows; send it to the queue after the block.

    `requested_by` names the actor as the audit log shows it; `previous_forecast_id` is the forecast that it renews.
    """
    forecast_id = new_id()
    subject = subject_of(forecast_id)
    workspace_id = workspace_of(session)
    row = _INSERT.with_values(
        {
            "id": forecast_id,
            "workspace_id": workspace_id,
            "status": "queued",
            "snapshot": snapshot,
            "inputs_sha256": inputs_sha256,
            "as_of": as_of,
            "seed": seed,
            "draws": draws,
            "model_version": model_version,
            "currency": currency,
            "horizon_first_month": horizon_first_month,
            "horizon_months": horizon_months,
            "requested_by": requested_by,
            "previous_forecast_id": previous_forecast_id,
            "progress_fraction": 0.0,
            "queued_at": now,
            "sent_at": now,
            "sends": 1,
            "attempt": 0,
        }
    )
    write_together(
        session,
        row,
        audit.deed(session, actor=requested_by, action="forecast.request", subject=subject, now=now),
        outbox.announcement(workspace_id, event="forecast.queued", subject=subject, data={"id": forecast_id}, now=now),
    )
    return forecast_id


def get(session: Connection, forecast_id: UUID) -> ForecastRecord:
    """Raises NotFound."""
    row = _GET.run(session, {"forecast_id": forecast_id}).one_or_none()
    if row is None:
        raise NotFound("forecast", forecast_id)
    return ForecastRecord(*row)


def find(session: Connection, forecast_ids: Collection[UUID]) -> dict[UUID, ForecastRecord]:
    """Those of the forecasts that there are, by id."""
    found = session.execute(select(*_COLUMNS).where(Forecasts.id.in_(forecast_ids)))
    return {row.id: ForecastRecord(*row) for row in found}


def get_document(session: Connection, forecast_id: UUID) -> bytes | None:
    """The result as JSON without its lines, or None while there is none. Raises NotFound."""
    row = _DOCUMENT.run(session, {"forecast_id": forecast_id}).one_or_none()
    if row is None:
        raise NotFound("forecast", forecast_id)
    document: bytes | None = row[0]
    return document


def get_snapshot(session: Connection, forecast_id: UUID) -> bytes:
    """The inputs as they were frozen. Raises NotFound."""
    snapshot = session.execute(select(Forecasts.snapshot).where(Forecasts.id == forecast_id)).scalar_one_or_none()
    if snapshot is None:
        raise NotFound("forecast", forecast_id)
    return snapshot


def page(
    session: Connection, *, after: UUID | None, limit: int, status: str | None = None
) -> tuple[list[ForecastRecord], UUID | None]:
    """The newest forecasts first, and the cursor behind the page unless it is the last; without replays."""
    asked_for = ~exists().where(Replays.id == Forecasts.id)
    statement = select(*_COLUMNS).where(asked_for).order_by(Forecasts.id.desc()).limit(limit + 1)
    if after is not None:
        statement = statement.where(Forecasts.id < after)
    if status is not None:
        statement = statement.where(Forecasts.status == status)
    return cut([ForecastRecord(*row) for row in session.execute(statement)], limit)


def lines(
    session: Connection, forecast_id: UUID, *, after: int | None, limit: int
) -> tuple[list[budget_lines.LineRecord], int | None]:
    """A page of the budget's lines from behind position `after`, and the cursor unless the page is the last."""
    return budget_lines.page(session, forecast_id, after=after, limit=limit)


def request_cancel(session: Connection, forecast_id: UUID, *, actor: str, now: datetime) -> ForecastRecord:
    """Cancels a queued forecast at once and asks the worker of a running one to stop; asking again changes nothing.

    Raises NotFound, and AlreadyFinished when it has succeeded or failed.
    """
    at_once = Forecasts.status == "queued"
    statement = (
        update(Forecasts)
        .where(Forecasts.id == forecast_id, Forecasts.status.in_(UNFINISHED), Forecasts.cancel_requested_at.is_(None))
        .values(
            cancel_requested_at=now,
            status=case((at_once, "cancelled"), else_=Forecasts.status),
            finished_at=case((at_once, now), else_=null()),
        )
        .returning(*_COLUMNS)
    )
    row = session.execute(statement).one_or_none()
    if row is None:
        record = get(session, forecast_id)
        if record.status in ("succeeded", "failed"):
            raise AlreadyFinished("forecast", forecast_id, record.status)
        return record
    record = ForecastRecord(*row)
    subject = subject_of(forecast_id)
    audit.record(session, actor=actor, action="forecast.cancel", subject=subject, now=now)
    if record.status == "cancelled":
        outbox.add(session, event="forecast.cancelled", subject=subject, data={"id": forecast_id}, now=now)
        notify(session, forecast_id)
    return record


def subject_of(forecast_id: UUID) -> str:
    """How audit and outbox rows name a forecast."""
    return f"forecast/{forecast_id}"
