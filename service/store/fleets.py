"""Fleets: the accelerators a customer runs, what they serve and what they cost."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, delete, select

from service.store.errors import StillReferenced
from service.store.named_rows import Change, NamedRows
from service.store.routed import leads_to
from service.store.tables import Fleets, Workloads

_REFERENCES_SHOWN = 10


@dataclass(frozen=True, kw_only=True)
class NewFleet:
    """What a caller decides about a fleet; columns beside `document` repeat parts of it to find and export."""

    name: str
    cost_center: str | None
    accelerator: str
    serves: str
    nodes: int
    currency: str
    document: dict[str, Any]


@dataclass(frozen=True)
class FleetRecord:
    """A stored fleet; `version` rises with every change."""

    id: UUID
    plan_id: UUID | None
    name: str
    cost_center: str | None
    accelerator: str
    serves: str
    nodes: int
    currency: str
    document: dict[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime


_rows = NamedRows("fleet", Fleets, FleetRecord)


def add(session: Connection, fleet: NewFleet, *, plan_id: UUID | None = None, now: datetime) -> FleetRecord:
    """Raises NameTaken."""
    return _rows.add(session, fleet, plan_id=plan_id, now=now)


def get(session: Connection, fleet_id: UUID) -> FleetRecord:
    """Raises NotFound."""
    return _rows.get(session, fleet_id)


def find_by_names(session: Connection, names: Iterable[str]) -> dict[str, FleetRecord]:
    """The fleets that exist among these names."""
    return _rows.find_by_names(session, names)


def page(
    session: Connection, *, after: UUID | None, limit: int, name: str | None = None, name_part: str | None = None
) -> tuple[list[FleetRecord], UUID | None]:
    """Fleets in the order they were made, and the cursor behind the page unless it is the last."""
    return _rows.page(session, after=after, limit=limit, name=name, name_part=name_part)


def replace(
    session: Connection, fleet_id: UUID, fleet: NewFleet, *, expected_version: int, now: datetime
) -> FleetRecord:
    """Raises NotFound, StaleVersion, NameTaken, and StillReferenced for a new name while workloads use the old one."""
    old = _rows.get(session, fleet_id)
    if fleet.name != old.name and old.version == expected_version:
        _refuse_if_referenced(session, old.name)
    return _rows.replace(session, fleet_id, fleet, expected_version=expected_version, now=now)


def remove(session: Connection, fleet_id: UUID, *, expected_version: int) -> None:
    """Raises NotFound, StaleVersion, StillReferenced. Finished forecasts keep their snapshot of it."""
    _refuse_if_referenced(session, _rows.get(session, fleet_id).name)
    _rows.remove(session, fleet_id, expected_version=expected_version)


def upsert_many(
    session: Connection, fleets: Sequence[NewFleet], *, plan_id: UUID | None, now: datetime
) -> list[tuple[str, Change]]:
    """Creates or updates by name in one statement; one (name, change) per fleet, in order."""
    return _rows.upsert_many(session, fleets, plan_id=plan_id, now=now)


def prune(session: Connection, *, plan_id: UUID, keep: Collection[str]) -> list[str]:
    """Removes the plan's fleets that are not in `keep` (prune its workloads first); raises StillReferenced."""
    statement = delete(Fleets).where(Fleets.plan_id == plan_id, Fleets.name.not_in(keep))
    removed = sorted(session.execute(statement.returning(Fleets.name)).scalars())
    for name in removed:
        _refuse_if_referenced(session, name)
    return removed


def _refuse_if_referenced(session: Connection, name: str) -> None:
    statement = select(Workloads.name).where(leads_to(name)).order_by(Workloads.name).limit(_REFERENCES_SHOWN)
    if users := list(session.execute(statement).scalars()):
        raise StillReferenced("fleet", name, users)
