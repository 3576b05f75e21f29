"""Plans: whole estates as one document, from which fleets, workloads and prices are applied."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from service.store.named_rows import Change, NamedRows
from service.store.tables import Plans


@dataclass(frozen=True, kw_only=True)
class NewPlan:
    """What a caller decides about a plan."""

    name: str
    document: dict[str, Any]


@dataclass(frozen=True)
class PlanRecord:
    """A stored plan; `version` rises with every replacement."""

    id: UUID
    name: str
    document: dict[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime


_rows = NamedRows("plan", Plans, PlanRecord)


def add(session: Connection, plan: NewPlan, *, now: datetime) -> PlanRecord:
    """Raises NameTaken."""
    return _rows.add(session, plan, plan_id=None, now=now)


def get(session: Connection, plan_id: UUID) -> PlanRecord:
    """Raises NotFound."""
    return _rows.get(session, plan_id)


def find_by_names(session: Connection, names: Iterable[str]) -> dict[str, PlanRecord]:
    """The plans that exist among these names."""
    return _rows.find_by_names(session, names)


def page(
    session: Connection, *, after: UUID | None, limit: int, name: str | None = None
) -> tuple[list[PlanRecord], UUID | None]:
    """Plans in the order they were made, and the cursor behind the page unless it is the last."""
    return _rows.page(session, after=after, limit=limit, name=name)


def replace(session: Connection, plan_id: UUID, plan: NewPlan, *, expected_version: int, now: datetime) -> PlanRecord:
    """Raises NotFound, StaleVersion, NameTaken."""
    return _rows.replace(session, plan_id, plan, expected_version=expected_version, now=now)


def remove(session: Connection, plan_id: UUID, *, expected_version: int) -> None:
    """Raises NotFound, StaleVersion. What the plan brought stays, without a plan."""
    _rows.remove(session, plan_id, expected_version=expected_version)


def upsert_many(session: Connection, plans: Sequence[NewPlan], *, now: datetime) -> list[tuple[str, Change]]:
    """Creates or updates by name in one statement; one (name, change) per plan, in order."""
    return _rows.upsert_many(session, plans, plan_id=None, now=now)
