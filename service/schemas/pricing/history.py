"""A model's price history and its projection on the wire: what is known as of a day, and where it may go."""

from datetime import date, datetime
from decimal import Decimal

import msgspec


class KnownRateOut(msgspec.Struct, kw_only=True, frozen=True):
    """One row of the price book, in the fields that a history needs; `rate` is per `per_tokens`."""

    meter: str
    rate: Decimal
    per_tokens: int
    effective_from: datetime
    effective_to: datetime | None
    recorded_at: datetime
    status: str
    utc_window: str | None
    source: str


class ProjectedRateOut(msgspec.Struct, kw_only=True, frozen=True):
    """The mean rate of a month over the draws and its quantiles, per million tokens."""

    month: str
    mean: Decimal
    p10: Decimal
    p50: Decimal
    p90: Decimal


class MeterProjectionOut(msgspec.Struct, kw_only=True, frozen=True):
    meter: str
    outlook: str
    months: tuple[ProjectedRateOut, ...]


class PriceHistoryOut(msgspec.Struct, kw_only=True, frozen=True):
    """Rows of one model, service tier and prompt size, all in one currency and none recorded after `as_of`."""

    provider: str
    model: str
    currency: str
    as_of: date
    rows: tuple[KnownRateOut, ...]
    projections: tuple[MeterProjectionOut, ...] = ()
