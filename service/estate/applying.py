"""Applying a plan: the whole document becomes fleets, workloads and prices in one transaction, or nothing does."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from service.estate.measured_points import described
from service.forecasting.snapshot import prepare
from service.schemas.decoders.measurement_resource import measurement_row
from service.schemas.fleet.resource import fleet_row
from service.schemas.plan.plan import PlanIn
from service.schemas.plan.resource import ChangeOut
from service.schemas.pricing.resource import new_prices, refuse_overlaps
from service.schemas.workload.resource import workload_row
from service.store import audit, fleets, measurements, plans, prices, workloads
from service.store.plans import NewPlan, PlanRecord
from service.store.price_book.overlaps import stored_overlaps
from service.store.price_look_up import own_prices_by_hash
from service.store.prices import NewPrice


@dataclass(frozen=True, kw_only=True)
class Replacing:
    """The stored plan that the document replaces, and the version it must still have."""

    plan_id: UUID
    version: int


@dataclass(frozen=True, kw_only=True)
class Applied:
    record: PlanRecord
    changes: list[ChangeOut]

    @property
    def created(self) -> bool:
        return self.changes[0].action == "created"


def apply_plan(
    session: Connection, plan: PlanIn, *, prune: bool, replacing: Replacing | None = None, actor: str, now: datetime
) -> Applied:
    """Creates and updates by name what the plan declares; with `prune` deletes what only its last version declared.

    Raises InvalidInput with every problem of the document, and the store's refusals.
    """
    # A plan is in order when it could be forecast at once: every name known, every month priced.
    prepare(session, plan, now=now)
    record, changes = _store_plan(session, plan, replacing, now)
    changes += _add_prices(session, plan, now)
    changes += _upsert(session, plan, record.id, now)
    changes += _add_measurements(session, plan, record.id, now)
    if prune:
        points = measurements.prune(
            session, plan_id=record.id, keep=[measurement_row(point) for point in plan.measurements]
        )
        changes += [ChangeOut(resource="measurement", name=name, action="deleted") for name in described(points)]
        # Workloads first: a fleet goes only when nothing is routed to it any more.
        gone = workloads.prune(session, plan_id=record.id, keep=[workload.name for workload in plan.workloads])
        changes += [ChangeOut(resource="workload", name=name, action="deleted") for name in gone]
        gone = fleets.prune(session, plan_id=record.id, keep=[fleet.name for fleet in plan.fleets])
        changes += [ChangeOut(resource="fleet", name=name, action="deleted") for name in gone]
    counts = {
        action: sum(change.action == action for change in changes) for action in ("created", "updated", "deleted")
    }
    audit.record(session, actor=actor, action="plan.apply", subject=f"plan/{record.id}", detail=counts, now=now)
    return Applied(record=record, changes=changes)


def _store_plan(
    session: Connection, plan: PlanIn, replacing: Replacing | None, now: datetime
) -> tuple[PlanRecord, list[ChangeOut]]:
    row = NewPlan(name=plan.name, document=msgspec.to_builtins(plan))
    if replacing is not None:
        record = plans.replace(session, replacing.plan_id, row, expected_version=replacing.version, now=now)
        return record, [ChangeOut(resource="plan", name=plan.name, action="updated")]
    [(name, action)] = plans.upsert_many(session, [row], now=now)
    return plans.find_by_names(session, [name])[name], [ChangeOut(resource="plan", name=name, action=action)]


def _add_prices(session: Connection, plan: PlanIn, now: datetime) -> list[ChangeOut]:
    rows = new_prices(plan.prices, at="/prices", each=True, now=now)
    if not rows:
        return []
    refuse_overlaps(stored_overlaps(session, rows), [f"/prices/{index}" for index in range(len(rows))])
    hashes = [prices.content_hash(row) for row in rows]
    known = own_prices_by_hash(session, hashes)
    prices.add_prices(session, rows, now=now)
    return [
        ChangeOut(resource="price", name=_price_name(row), action="unchanged" if one in known else "created")
        for row, one in zip(rows, hashes, strict=True)
    ]


def _add_measurements(session: Connection, plan: PlanIn, plan_id: UUID, now: datetime) -> list[ChangeOut]:
    rows = [measurement_row(point) for point in plan.measurements]
    actions = measurements.add_many(session, rows, plan_id=plan_id, now=now)
    return [
        ChangeOut(resource="measurement", name=name, action=action)
        for name, action in zip(described(rows), actions, strict=True)
    ]


def _upsert(session: Connection, plan: PlanIn, plan_id: UUID, now: datetime) -> list[ChangeOut]:
    fleet_rows = [fleet_row(fleet, plan_currency=plan.currency) for fleet in plan.fleets]
    workload_rows = [workload_row(workload) for workload in plan.workloads]
    return [
        *(
            ChangeOut(resource="fleet", name=name, action=action)
            for name, action in fleets.upsert_many(session, fleet_rows, plan_id=plan_id, now=now)
        ),
        *(
            ChangeOut(resource="workload", name=name, action=action)
            for name, action in workloads.upsert_many(session, workload_rows, plan_id=plan_id, now=now)
        ),
    ]


def _price_name(row: NewPrice) -> str:
    return f"{row.provider}/{row.model} {row.meter} from {row.effective_from:%Y-%m-%dT%H:%MZ}"
