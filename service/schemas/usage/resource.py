"""Recorded usage as it is listed, and the months that have any."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from forecasts.errors import Findings
from service.refusals import BadParameters
from service.schemas import meaning
from service.schemas.page import PageQuery
from service.store.usage import RecordedMonth, UsageRecord

MonthText = Annotated[
    str,
    msgspec.Meta(
        max_length=7,
        description="A month such as 2027-01.",
        extra_json_schema={"pattern": r"^\d{4}-(0[1-9]|1[0-2])$"},
    ),
]
WorkloadName = Annotated[str, msgspec.Meta(min_length=1, max_length=200, description="Only that of this workload.")]


class UsageQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    month: MonthText | None = None
    workload: WorkloadName | None = None

    def first_day(self) -> date | None:
        """Of the month that is asked for; raises BadParameters."""
        if self.month is None:
            return None
        findings = Findings()
        first = meaning.month(findings, "/month", self.month).first_day
        if findings.problems:
            raise BadParameters(tuple(findings.problems))
        return first


class UsageRecorded(msgspec.Struct, frozen=True, kw_only=True):
    added: int
    corrected: int
    unchanged: int


class UsageOut(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    period: str
    workload: str | None
    route: str
    meter: str
    quantity: Decimal
    billed: Decimal
    effective: Decimal
    currency: str
    source: str
    recorded_by: str
    recorded_at: datetime


class UsagePage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[UsageOut]
    next_cursor: str | None


class MonthOut(msgspec.Struct, frozen=True, kw_only=True):
    month: str
    rows: int
    closed: bool
    closed_at: datetime | None
    closed_by: str | None


class MonthList(msgspec.Struct, frozen=True, kw_only=True):
    items: list[MonthOut]


def usage_out(record: UsageRecord) -> UsageOut:
    return UsageOut(
        id=record.id,
        period=f"{record.month:%Y-%m}" if record.day is None else record.day.isoformat(),
        workload=record.workload,
        route=record.route,
        meter=record.meter,
        quantity=_plain(record.quantity),
        billed=_plain(record.billed),
        effective=_plain(record.effective),
        currency=record.currency,
        source=record.source,
        recorded_by=record.recorded_by,
        recorded_at=record.recorded_at,
    )


def month_out(record: RecordedMonth) -> MonthOut:
    return MonthOut(
        month=f"{record.month:%Y-%m}",
        rows=record.rows,
        closed=record.closed_at is not None,
        closed_at=record.closed_at,
        closed_by=record.closed_by,
    )


def _plain(value: Decimal) -> Decimal:
    """Without the zeros that fill a number up: 12.5, not 12.5000000000."""
    plain = value.normalize()
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain
