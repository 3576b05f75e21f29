"""Schedules: declared like fleets and workloads, and looked at by the scheduler when they may be due."""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, or_, select, update

from service.store.errors import NotFound
from service.store.named_rows import NamedRows
from service.store.tables import Schedules

_RESOURCE = "schedule"


@dataclass(frozen=True, kw_only=True)
class NewSchedule:
    """What is decided when a schedule is made or changed; `next_due_at` None is one that has come to its end."""

    name: str
    document: dict[str, Any]
    counts_from: datetime
    next_due_at: datetime | None


@dataclass(frozen=True)
class ScheduleRecord:
    """A stored schedule; `version` rises with every change by somebody, not with a look of the scheduler."""

    id: UUID
    name: str
    document: dict[str, Any]
    counts_from: datetime
    next_due_at: datetime | None
    looked_at: datetime | None
    paused_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True)
class PerhapsDue:
    """A schedule that the scheduler has to look at, as its workspace."""

    schedule_id: UUID
    workspace_id: UUID


_rows = NamedRows(_RESOURCE, Schedules, ScheduleRecord)
_COLUMNS = [getattr(Schedules, field.name) for field in fields(ScheduleRecord)]


def add(session: Connection, schedule: NewSchedule, *, now: datetime) -> ScheduleRecord:
    """Raises NameTaken."""
    return _rows.add(session, schedule, plan_id=None, now=now)


def get(session: Connection, schedule_id: UUID) -> ScheduleRecord:
    """Raises NotFound."""
    return _rows.get(session, schedule_id)


def page(
    session: Connection, *, after: UUID | None, limit: int, name: str | None = None
) -> tuple[list[ScheduleRecord], UUID | None]:
    """Schedules in the order they were made, and the cursor behind the page unless it is the last."""
    return _rows.page(session, after=after, limit=limit, name=name)


def replace(
    session: Connection, schedule_id: UUID, schedule: NewSchedule, *, expected_version: int, now: datetime
) -> ScheduleRecord:
    """Raises NotFound, StaleVersion, NameTaken."""
    return _rows.replace(session, schedule_id, schedule, expected_version=expected_version, now=now)


def remove(session: Connection, schedule_id: UUID, *, expected_version: int) -> None:
    """Raises NotFound, StaleVersion. Its runs go with it; the forecasts they asked for stay."""
    _rows.remove(session, schedule_id, expected_version=expected_version)


def hold(session: Connection, schedule_id: UUID) -> ScheduleRecord:
    """The schedule, kept from the scheduler and from others until this transaction ends; raises NotFound."""
    row = session.execute(select(*_COLUMNS).where(Schedules.id == schedule_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound(_RESOURCE, schedule_id)
    return ScheduleRecord(*row)


def hold_if_free(session: Connection, schedule_id: UUID) -> ScheduleRecord | None:
    """The same for a scheduler: None where another holds it, where it is paused, and where it is gone."""
    statement = select(*_COLUMNS).where(Schedules.id == schedule_id, Schedules.paused_at.is_(None))
    row = session.execute(statement.with_for_update(skip_locked=True)).one_or_none()
    return None if row is None else ScheduleRecord(*row)


def pause(session: Connection, schedule_id: UUID, *, now: datetime) -> ScheduleRecord:
    """Stops the schedule; one that is paused stays as it is. Raises NotFound."""
    return _change(session, schedule_id, unless=Schedules.paused_at.is_not(None), paused_at=now, updated_at=now)


def resume(session: Connection, schedule_id: UUID, *, next_due_at: datetime | None, now: datetime) -> ScheduleRecord:
    """Lets it count from now on; one that is not paused stays as it is. Raises NotFound."""
    changes = {"paused_at": None, "counts_from": now, "next_due_at": next_due_at, "looked_at": None, "updated_at": now}
    return _change(session, schedule_id, unless=Schedules.paused_at.is_(None), **changes)


def looked_at(session: Connection, schedule_id: UUID, *, until: datetime, next_due_at: datetime | None) -> None:
    """Notes that every occurrence due by `until` was decided, in the transaction that decided them."""
    statement = update(Schedules).where(Schedules.id == schedule_id)
    session.execute(statement.values(looked_at=until, next_due_at=next_due_at))


def perhaps_due(system_session: Connection, *, now: datetime, limit: int) -> list[PerhapsDue]:
    """Schedules that are due, and those last looked at by a clock that was ahead of this one."""
    statement = (
        select(Schedules.id, Schedules.workspace_id)
        .where(Schedules.paused_at.is_(None), or_(Schedules.next_due_at <= now, Schedules.looked_at > now))
        .order_by(Schedules.next_due_at)
        .limit(limit)
    )
    return [PerhapsDue(*row) for row in system_session.execute(statement)]


def _change(session: Connection, schedule_id: UUID, *, unless: Any, **changes: Any) -> ScheduleRecord:
    statement = update(Schedules).where(Schedules.id == schedule_id, ~unless)
    row = session.execute(statement.values(**changes, version=Schedules.version + 1).returning(*_COLUMNS)).one_or_none()
    return get(session, schedule_id) if row is None else ScheduleRecord(*row)
