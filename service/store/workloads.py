"""Workloads: what a customer declares about demand and where it is routed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, select

from service.store.named_rows import Beside, Change, NamedRows
from service.store.routed import leads_to
from service.store.tables import Workloads


@dataclass(frozen=True, kw_only=True)
class NewWorkload:
    """What a caller decides about a workload; columns beside `document` repeat parts of it to find and export."""

    name: str
    cost_center: str | None
    gl_account: str | None
    task: str | None
    document: dict[str, Any]


@dataclass(frozen=True)
class WorkloadRecord:
    """A stored workload; `version` rises with every change."""

    id: UUID
    plan_id: UUID | None
    name: str
    cost_center: str | None
    gl_account: str | None
    task: str | None
    document: dict[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime


_rows = NamedRows("workload", Workloads, WorkloadRecord)


def add(
    session: Connection,
    workload: NewWorkload,
    *,
    plan_id: UUID | None = None,
    now: datetime,
    beside: Beside | None = None,
) -> WorkloadRecord:
    """Raises NameTaken, after which the transaction must not be committed if anything was written `beside`."""
    return _rows.add(session, workload, plan_id=plan_id, now=now, beside=beside)


def get(session: Connection, workload_id: UUID) -> WorkloadRecord:
    """Raises NotFound."""
    return _rows.get(session, workload_id)


def find_by_names(session: Connection, names: Iterable[str]) -> dict[str, WorkloadRecord]:
    """The workloads that exist among these names."""
    return _rows.find_by_names(session, names)


def page(
    session: Connection, *, after: UUID | None, limit: int, name: str | None = None, name_part: str | None = None
) -> tuple[list[WorkloadRecord], UUID | None]:
    """Workloads in the order they were made, and the cursor behind the page unless it is the last."""
    return _rows.page(session, after=after, limit=limit, name=name, name_part=name_part)


def routed_to(session: Connection, fleet: str, *, limit: int) -> list[WorkloadRecord]:
    """Workloads with a route to the fleet of this name at any time, by name."""
    columns = [getattr(Workloads, field.name) for field in fields(WorkloadRecord)]
    statement = select(*columns).where(leads_to(fleet)).order_by(Workloads.name).limit(limit)
    return [WorkloadRecord(*row) for row in session.execute(statement)]


def replace(
    session: Connection, workload_id: UUID, workload: NewWorkload, *, expected_version: int, now: datetime
) -> WorkloadRecord:
    """Raises NotFound, StaleVersion, NameTaken."""
    return _rows.replace(session, workload_id, workload, expected_version=expected_version, now=now)


def remove(session: Connection, workload_id: UUID, *, expected_version: int) -> None:
    """Raises NotFound, StaleVersion. Finished forecasts keep their snapshot of it."""
    _rows.remove(session, workload_id, expected_version=expected_version)


def upsert_many(
    session: Connection, workloads: Sequence[NewWorkload], *, plan_id: UUID | None, now: datetime
) -> list[tuple[str, Change]]:
    """Creates or updates by name in one statement; one (name, change) per workload, in order."""
    return _rows.upsert_many(session, workloads, plan_id=plan_id, now=now)


def prune(session: Connection, *, plan_id: UUID, keep: Collection[str]) -> list[str]:
    """Removes the plan's workloads that are not in `keep`; answers their names."""
    statement = delete(Workloads).where(Workloads.plan_id == plan_id, Workloads.name.not_in(keep))
    return sorted(session.execute(statement.returning(Workloads.name)).scalars())
