"""Thresholds of a budget and the alerts they raised, on the wire."""

from datetime import datetime
from decimal import Decimal
from typing import Literal, cast
from uuid import UUID

import msgspec

from forecasts.errors import Findings
from service.schemas import meaning
from service.schemas.wire import Amount, Wire
from service.store.budgets.thresholds import AlertRecord, NewThreshold, ThresholdRecord

Measure = Literal["actual", "forecast"]
Period = Literal["total", "month"]
LARGEST_FRACTION = Decimal(100)


class ThresholdIn(Wire, kw_only=True, frozen=True):
    """Either a fraction of the budget (0.8 is 80 %) or an amount in its currency.

    `actual` is the cost recorded so far, `forecast` that cost and the newest forecast of the remaining months.
    """

    measure: Measure = "actual"
    period: Period = "total"
    fraction: Amount | None = None
    amount: Amount | None = None

    def to_threshold(self, findings: Findings, at: str) -> NewThreshold:
        if (self.fraction is None) == (self.amount is None):
            findings.add(f"{at}/fraction", "give either a fraction of the budget, such as 0.8, or an amount")
        if self.fraction is not None and not (self.fraction.is_finite() and 0 < self.fraction <= LARGEST_FRACTION):
            findings.add(
                f"{at}/fraction", f"must be above 0 and at most {LARGEST_FRACTION}, such as 0.8, not {self.fraction}"
            )
        if self.amount is not None and meaning.amount(findings, f"{at}/amount", self.amount) == 0:
            findings.add(f"{at}/amount", "must be above 0")
        return NewThreshold(
            measure=self.measure, period=self.period, fraction=_plain(self.fraction), amount=_plain(self.amount)
        )


# What a new name is watched by, unless its first version says otherwise.
DEFAULT_THRESHOLDS = (
    *(ThresholdIn(measure="actual", fraction=Decimal(fraction)) for fraction in ("0.5", "0.8", "1")),
    ThresholdIn(measure="forecast", fraction=Decimal(1)),
)


class ThresholdOut(msgspec.Struct, frozen=True, kw_only=True):
    """It belongs to the budget's name and goes on with the next version."""

    id: UUID
    budget_name: str
    measure: Measure
    period: Period
    fraction: Decimal | None
    amount: Decimal | None
    created_by: str
    created_at: datetime


class ThresholdList(msgspec.Struct, frozen=True, kw_only=True):
    items: list[ThresholdOut]


class AlertOut(msgspec.Struct, frozen=True, kw_only=True):
    """One crossing: it is cleared when the figure falls below the limit, and only then can be raised again."""

    id: UUID
    threshold_id: UUID
    month: str | None
    limit: Decimal
    value: Decimal
    forecast_id: UUID
    crossed_at: datetime
    cleared_at: datetime | None


class AlertList(msgspec.Struct, frozen=True, kw_only=True):
    items: list[AlertOut]


def threshold_out(record: ThresholdRecord) -> ThresholdOut:
    return ThresholdOut(
        id=record.id,
        budget_name=record.budget_name,
        measure=cast("Measure", record.measure),  # the table's check constraints hold the same names
        period=cast("Period", record.period),
        fraction=record.fraction,
        amount=record.amount,
        created_by=record.created_by,
        created_at=record.created_at,
    )


def alert_out(record: AlertRecord) -> AlertOut:
    return AlertOut(
        id=record.id,
        threshold_id=record.threshold_id,
        month=None if record.month is None else f"{record.month:%Y-%m}",
        limit=record.limit_amount,
        value=record.value,
        forecast_id=record.forecast_id,
        crossed_at=record.crossed_at,
        cleared_at=record.cleared_at,
    )


def _plain(value: Decimal | None) -> Decimal | None:
    """Without trailing zeros, so that 0.8 and 0.80 are one rule."""
    return None if value is None or not value.is_finite() else Decimal(f"{value.normalize():f}")
