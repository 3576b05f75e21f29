"""What became of each occurrence of a schedule: decided once, by the key of the occurrence."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from service.store.database import workspace_of
from service.store.ids import new_id
from service.store.pages import cut
from service.store.tables import Forecasts, ScheduleRuns

RunStatus = Literal["started", "failed", "skipped", "missed"]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What becomes of one occurrence; a run on demand has none. `started` has a forecast, `failed` a problem."""

    schedule_id: UUID
    occurrence: str | None
    due_at: datetime | None
    status: RunStatus
    forecast_id: UUID | None = None
    problem: dict[str, Any] | None = None
    requested_by: str


@dataclass(frozen=True)
class RunRecord:
    id: UUID
    schedule_id: UUID
    occurrence: str | None
    due_at: datetime | None
    status: str
    forecast_id: UUID | None
    problem: dict[str, Any] | None
    requested_by: str
    decided_at: datetime


_COLUMNS = [getattr(ScheduleRuns, field.name) for field in fields(RunRecord)]
_DECIDED = ("status", "forecast_id", "problem", "requested_by", "decided_at")


def decide(session: Connection, decision: Decision, *, now: datetime) -> RunRecord | None:
    """Writes the decision down, unless the occurrence has another than `missed` already: then None, and no change."""
    statement = insert(ScheduleRuns).values(
        **{field.name: getattr(decision, field.name) for field in fields(decision)},
        id=new_id(),
        workspace_id=workspace_of(session),
        decided_at=now,
    )
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["workspace_id", "schedule_id", "occurrence"],
        set_={name: new[name] for name in _DECIDED},
        where=(ScheduleRuns.status == "missed") & (new["status"] != "missed"),
    )
    row = session.execute(statement.returning(*_COLUMNS)).one_or_none()
    return None if row is None else RunRecord(*row)


def statuses(session: Connection, schedule_id: UUID, occurrences: Collection[str]) -> dict[str, str]:
    """What was decided of these occurrences so far, by their keys."""
    statement = select(ScheduleRuns.occurrence, ScheduleRuns.status).where(
        ScheduleRuns.schedule_id == schedule_id, ScheduleRuns.occurrence.in_(occurrences)
    )
    return {key: status for key, status in session.execute(statement) if key is not None}


def statuses_by_schedule(
    session: Connection, occurrences: Mapping[UUID, Collection[str]]
) -> dict[UUID, dict[str, str]]:
    """The same for several schedules at once; a schedule of which nothing was decided is left out."""
    every = {key for keys in occurrences.values() for key in keys}
    statement = select(ScheduleRuns.schedule_id, ScheduleRuns.occurrence, ScheduleRuns.status).where(
        ScheduleRuns.schedule_id.in_(occurrences), ScheduleRuns.occurrence.in_(every)
    )
    found: dict[UUID, dict[str, str]] = {}
    for row in session.execute(statement):
        found.setdefault(row.schedule_id, {})[row.occurrence] = row.status
    return found


def latest_forecast(session: Connection, schedule_id: UUID) -> UUID | None:
    """The newest forecast of a schedule that has not come to nothing."""
    statement = (
        select(ScheduleRuns.forecast_id)
        .join(Forecasts, Forecasts.id == ScheduleRuns.forecast_id)
        .where(ScheduleRuns.schedule_id == schedule_id, Forecasts.status.not_in(("failed", "cancelled")))
        .order_by(ScheduleRuns.forecast_id.desc())
        .limit(1)
    )
    return session.execute(statement).scalar_one_or_none()


def latest(session: Connection, schedule_ids: Collection[UUID]) -> dict[UUID, RunRecord]:
    """The newest run of each of the schedules that has any."""
    statement = (
        select(*_COLUMNS)
        .ext(distinct_on(ScheduleRuns.schedule_id))
        .where(ScheduleRuns.schedule_id.in_(schedule_ids))
        .order_by(ScheduleRuns.schedule_id, ScheduleRuns.id.desc())
    )
    return {row.schedule_id: RunRecord(*row) for row in session.execute(statement)}


def page(
    session: Connection, schedule_id: UUID, *, after: UUID | None, limit: int
) -> tuple[list[RunRecord], UUID | None]:
    """The newest runs of a schedule first, and the cursor behind the page unless it is the last."""
    statement = (
        select(*_COLUMNS)
        .where(ScheduleRuns.schedule_id == schedule_id)
        .order_by(ScheduleRuns.id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        statement = statement.where(ScheduleRuns.id < after)
    return cut([RunRecord(*row) for row in session.execute(statement)], limit)
