"""A forecast's months by group on the wire: what a table of months shows."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

import msgspec

GroupBy = Literal["workload", "provider", "kind", "cost_center", "gl_account", "route", "meter"]

MOST_GROUPS = 1000


class MonthsQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """With `largest`, the groups that cost most over the horizon are listed and all others summed up."""

    by: GroupBy = "workload"
    largest: Annotated[int, msgspec.Meta(ge=1, le=MOST_GROUPS)] | None = None


class SeriesOut(msgspec.Struct, frozen=True, kw_only=True):
    """One amount for each month."""

    billed: list[Decimal]
    effective: list[Decimal]


class GroupMonthsOut(SeriesOut, frozen=True, kw_only=True):
    """`name` is null for lines that have none, such as idle nodes by workload and own fleets by provider."""

    name: str | None


class OtherMonthsOut(SeriesOut, frozen=True, kw_only=True):
    """The sum of `count` groups that are not listed."""

    count: int


class ForecastMonthsOut(msgspec.Struct, frozen=True, kw_only=True):
    """Groups, the costliest first; with `others` they add up to `total` in each month, to the cent.

    `actual` says of each month whether it is recorded rather than forecast; `actual_until` is the last that is.
    """

    forecast_id: UUID
    by: GroupBy
    currency: str
    months: list[str]
    actual: list[bool]
    actual_until: str | None
    groups: list[GroupMonthsOut]
    others: OtherMonthsOut | None
    total: SeriesOut
