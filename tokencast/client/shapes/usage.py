"""Shapes of the API, of usage: written by `scripts/build_client_shapes.py`, not by hand."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class ActualIn(TypedDict):
    """A total of one workload, route and meter in a month that has ended; all of a month's rows stand for the month.

    `quantity` is in the meter's own unit, such as tokens; for a fleet in node-hours. `effective` is `billed` unless it
    is given.
    """

    month: str
    workload: NotRequired[str | None]
    route: str
    meter: str
    quantity: str
    billed: str
    effective: NotRequired[str | None]
    currency: str


class MonthList(TypedDict):
    """Every month that has recorded usage, the newest first."""

    items: list[UsageMonthOut]


class UsageBatch(TypedDict):
    """Rows are recorded all or none. One that is recorded already changes nothing; with other numbers it is refused,
    unless `replace` says that it corrects what was recorded. Rows of closed months are refused.
    """

    rows: list[UsageIn]
    replace: NotRequired[bool]


class UsageIn(TypedDict):
    """What one workload used and cost on one route and meter in a `period`: a month, 2027-01, or a day, 2027-01-15.

    `route` is provider/model, with #tier where that is not standard, or fleet:name. `meter` is a meter of the model, or
    any word for what was used of a fleet. Only what a fleet cost without serving anything has no workload. `quantity`
    is in the meter's own unit, such as tokens; for a fleet in node-hours. `billed` is what was invoiced, `effective`
    what accrued: the same unless it is given.
    """

    period: str
    workload: NotRequired[str | None]
    route: str
    meter: str
    quantity: str
    billed: str
    effective: NotRequired[str | None]
    currency: NotRequired[str]
    source: NotRequired[str]


class UsageMonthOut(TypedDict):
    """A month of recorded usage, and whether it stands."""

    month: str
    rows: int
    closed: bool
    closed_at: str | None
    closed_by: str | None


class UsageOut(TypedDict):
    """A recorded row of usage."""

    id: str
    period: str
    workload: str | None
    route: str
    meter: str
    quantity: str
    billed: str
    effective: str
    currency: str
    source: str
    recorded_by: str
    recorded_at: str


class UsagePage(TypedDict):
    """A page of recorded usage."""

    items: list[UsageOut]
    next_cursor: str | None


class UsageRecorded(TypedDict):
    """How many rows of a batch were what."""

    added: int
    corrected: int
    unchanged: int
