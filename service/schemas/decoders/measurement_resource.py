"""Measured points as a resource: the declared point with its identity, added and removed but never changed."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec

from forecasts.errors import Findings
from service.schemas import meaning
from service.schemas.decoders.measurement import MeasurementIn
from service.schemas.page import PageQuery
from service.store.measurements import MeasurementRecord, NewMeasurement

_Filter = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class MeasurementQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    fleet: _Filter | None = None
    method: _Filter | None = None


class MeasurementOut(MeasurementIn, kw_only=True, frozen=True):
    """Without `measured_on` a point is known to forecasts as of the day of `created_at` and later ones."""

    id: UUID
    plan_id: UUID | None
    concurrency: float
    created_at: datetime


class MeasurementPage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[MeasurementOut]
    next_cursor: str | None


def new_measurement(sent: MeasurementIn, *, now: datetime) -> NewMeasurement:
    """The row of a point that makes sense; raises InvalidInput with every problem of one that does not."""
    findings = Findings()
    point = sent.to_measurement(findings)
    if point.measured_on is not None and point.measured_on > now.date():
        findings.add("/measured_on", f"lies in the future: today is {now.date()}")
    findings.end()
    return measurement_row(sent)


def measurement_row(sent: MeasurementIn) -> NewMeasurement:
    """The row of a point whose meaning was checked."""
    declared = {name: getattr(sent, name) for name in MeasurementIn.__struct_fields__}
    day = None if sent.measured_on is None else meaning.day(Findings(), "", sent.measured_on)
    return NewMeasurement(**{**declared, "measured_on": day})


def measurement_out(record: MeasurementRecord) -> MeasurementOut:
    return MeasurementOut(
        **{name: getattr(record, name) for name in MeasurementOut.__struct_fields__ if name != "measured_on"},
        measured_on=_text(record.measured_on),
    )


def known_measurement(record: MeasurementRecord) -> MeasurementIn:
    """The point as a plan declares it, with the day from which it is known."""
    declared = {name: getattr(record, name) for name in MeasurementIn.__struct_fields__ if name != "measured_on"}
    return MeasurementIn(**declared, measured_on=_text(record.measured_on or record.created_at.date()))


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
