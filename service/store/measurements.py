"""Measured points of speculative decoding on the workspace's fleets: added and removed, never changed."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Integer, Text, and_, any_, bindparam, delete, select
from sqlalchemy.dialects.postgresql import ARRAY, insert
from sqlalchemy.exc import IntegrityError

from service.store.database import workspace_of
from service.store.errors import NotFound
from service.store.ids import new_id
from service.store.pages import cut
from service.store.statements import Statement
from service.store.tables import Measurements
from service.store.tables.measurements import SAYS

_RESOURCE = "measurement"


@dataclass(frozen=True, kw_only=True)
class NewMeasurement:
    """A point as it was declared: without a day of its own it counts as known from the day it was added."""

    fleet: str
    method: str
    concurrency: float
    input_tokens: float
    output_tokens: float
    acceptance_length: float | None
    acceptance_length_includes_bonus: bool
    speedup: float | None
    speedup_over: str
    num_speculative_tokens: int | None
    measured_on: date | None
    source: str
    note: str


@dataclass(frozen=True, kw_only=True)
class MeasurementRecord(NewMeasurement):
    """A stored point; `plan_id` is that of the plan which brought it."""

    id: UUID
    plan_id: UUID | None
    created_at: datetime


_DECLARED = [field.name for field in fields(NewMeasurement)]
_NAMES = [field.name for field in fields(MeasurementRecord)]
_COLUMNS = [getattr(Measurements, name) for name in _NAMES]
_ON_FLEETS = Statement(
    select(*_COLUMNS)
    .where(Measurements.fleet == any_(bindparam("names", type_=ARRAY(Text))))
    .order_by(Measurements.id)
    .limit(bindparam("most", type_=Integer))
)


def says(point: NewMeasurement) -> tuple[Any, ...]:
    """What makes two points the same, as the table's own index has it."""
    return tuple(getattr(point, name) for name in SAYS)


def add(session: Connection, point: NewMeasurement, *, now: datetime) -> tuple[MeasurementRecord, bool]:
    """The stored point and whether it is new. Raises NotFound for a fleet that is not there."""
    try:
        [change] = add_many(session, [point], plan_id=None, now=now)
    except IntegrityError as error:
        # The fleet may have gone since somebody looked.
        raise NotFound("fleet", point.fleet) from error
    same = and_(*(getattr(Measurements, name).is_not_distinct_from(getattr(point, name)) for name in SAYS))
    return _record(session.execute(select(*_COLUMNS).where(same)).one()), change == "created"


def add_many(
    session: Connection, points: Sequence[NewMeasurement], *, plan_id: UUID | None, now: datetime
) -> list[Literal["created", "unchanged"]]:
    """Adds the points that are not stored yet, in one statement; one word per point, in order."""
    if not points:
        return []
    workspace_id = workspace_of(session)
    rows = [
        {
            **{name: getattr(point, name) for name in _DECLARED},
            "id": new_id(),
            "workspace_id": workspace_id,
            "plan_id": plan_id,
            "created_at": now,
        }
        for point in points
    ]
    statement = insert(Measurements).on_conflict_do_nothing().returning(Measurements.id)
    added = set(session.execute(statement, rows).scalars())
    return ["created" if row["id"] in added else "unchanged" for row in rows]


def get(session: Connection, measurement_id: UUID) -> MeasurementRecord:
    """Raises NotFound."""
    row = session.execute(select(*_COLUMNS).where(Measurements.id == measurement_id)).one_or_none()
    if row is None:
        raise NotFound(_RESOURCE, measurement_id)
    return _record(row)


def remove(session: Connection, measurement_id: UUID) -> None:
    """Raises NotFound. Forecasts keep the points of their own snapshot."""
    statement = delete(Measurements).where(Measurements.id == measurement_id).returning(Measurements.id)
    if session.execute(statement).one_or_none() is None:
        raise NotFound(_RESOURCE, measurement_id)


def page(
    session: Connection, *, after: UUID | None, limit: int, fleet: str | None = None, method: str | None = None
) -> tuple[list[MeasurementRecord], UUID | None]:
    """Points in the order they were added, and the cursor behind the page unless it is the last."""
    statement = select(*_COLUMNS).order_by(Measurements.id).limit(limit + 1)
    if after is not None:
        statement = statement.where(Measurements.id > after)
    for which, wanted in ((Measurements.fleet, fleet), (Measurements.method, method)):
        if wanted is not None:
            statement = statement.where(which == wanted)
    return cut([_record(row) for row in session.execute(statement)], limit)


def on_fleets(session: Connection, names: Iterable[str], *, limit: int) -> list[MeasurementRecord]:
    """The points on the fleets of these names in the order they were added, the first `limit` of them."""
    wanted = {"names": sorted(set(names)), "most": limit}
    return [_record(row) for row in _ON_FLEETS.run(session, wanted)]


def prune(session: Connection, *, plan_id: UUID, keep: Collection[NewMeasurement]) -> list[MeasurementRecord]:
    """Removes the points that the plan brought and that are not in `keep`; answers them."""
    kept = {says(point) for point in keep}
    records = session.execute(select(*_COLUMNS).where(Measurements.plan_id == plan_id).order_by(Measurements.id))
    gone = [record for record in map(_record, records) if says(record) not in kept]
    if gone:
        session.execute(delete(Measurements).where(Measurements.id.in_([record.id for record in gone])))
    return gone


def _record(row: Any) -> MeasurementRecord:
    return MeasurementRecord(**dict(zip(_NAMES, row, strict=True)))
