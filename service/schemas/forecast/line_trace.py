"""A line of a budget traced to its inputs: what of the frozen plan it was computed from, by pointers into it."""

from typing import Any

import msgspec

from service.schemas.forecast.forecast import ForecastState, LineOut
from service.schemas.pricing.price import PriceIn


class MethodOut(msgspec.Struct, frozen=True, kw_only=True):
    """How the kind of line is computed; money is rounded once, by running totals over the months."""

    name: str
    formula: str
    documented_in: str


class TracedDocument(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the frozen plan as it was declared, and where in the plan it is."""

    pointer: str
    document: dict[str, Any]


class UsedPriceOut(msgspec.Struct, frozen=True, kw_only=True):
    """A row that priced a share of the month's usage; `rate_per_unit` is at list, in the forecast's currency."""

    pointer: str
    share_fraction: float
    rate_per_unit: float
    row: PriceIn


class OutlookTraceOut(msgspec.Struct, frozen=True, kw_only=True):
    """The outlook on the route's prices; without a pointer it is the default of a plan that declares none for it.

    `moves_rate` says whether it speaks of this line's meter.
    """

    name: str
    pointer: str | None
    document: dict[str, Any] | None
    moves_rate: bool


class LineTraceOut(msgspec.Struct, frozen=True, kw_only=True):
    """`prices` and `outlook` are those of API usage; a fleet's cost has its fleet instead."""

    line: LineOut
    forecast: ForecastState
    method: MethodOut
    workload: TracedDocument | None
    fleet: TracedDocument | None
    prices: tuple[UsedPriceOut, ...]
    outlook: OutlookTraceOut | None
    contracts: tuple[TracedDocument, ...]
    exchange_rates: tuple[TracedDocument, ...]
