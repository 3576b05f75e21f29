"""Shapes of the API, of schedules: written by `scripts/build_client_shapes.py`, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NotRequired, TypedDict

if TYPE_CHECKING:
    from tokencast.client.shapes.forecasts import ForecastTermsIn


class OccurrenceList(TypedDict):
    """The next occurrences of a schedule."""

    items: list[OccurrenceOut]


class OccurrenceOut(TypedDict):
    """`occurrence` is the rule's own time and zone, `local` the time after holidays; `skipped` ones will not run."""

    occurrence: str
    local: str
    due_at: str
    skipped: bool


class RunOut(TypedDict):
    """`occurrence` and `due_at` are null for a run on demand; `forecast_id` is that of a run that started."""

    id: str
    occurrence: str | None
    due_at: str | None
    status: Literal["failed", "missed", "skipped", "started"]
    forecast_id: str | None
    problem: dict[str, Any] | None
    requested_by: str
    decided_at: str


class RunPage(TypedDict):
    """A page of a schedule's runs."""

    items: list[RunOut]
    next_cursor: str | None


class ScheduleHorizonIn(TypedDict):
    """The months of each forecast, counted from the month in which it is due.

    `rolling`: `past_months` before it, and `months` from it on. `fiscal_year`: the twelve months of its fiscal year.
    """

    kind: NotRequired[Literal["fiscal_year", "rolling"]]
    months: NotRequired[int]
    past_months: NotRequired[int]


class ScheduleIn(TypedDict):
    """Re-forecasts by a rule: of a stored `plan`, or of stored `workloads` (all when absent) under `terms`.

    `rule` is an RRULE of RFC 5545, by default the first weekday of each month. `starts` is the local time from which it
    counts and whose time of day it takes, by default 06:00 of the day on which the schedule is made. An occurrence on a
    day of the `holiday_calendar` or of `holidays` moves on to the next working day. What was missed while no scheduler
    ran is made up for: the `latest` occurrence, or `all`.
    """

    name: str
    rule: NotRequired[str]
    starts: NotRequired[str | None]
    time_zone: NotRequired[str]
    holiday_calendar: NotRequired[str | None]
    holidays: NotRequired[list[str]]
    catch_up: NotRequired[Literal["all", "latest"]]
    horizon: NotRequired[ScheduleHorizonIn]
    plan: NotRequired[str | None]
    workloads: NotRequired[list[str] | None]
    terms: NotRequired[ForecastTermsIn]


class ScheduleOut(TypedDict):
    """A schedule with its identity and state."""

    name: str
    rule: NotRequired[str]
    starts: NotRequired[str | None]
    time_zone: NotRequired[str]
    holiday_calendar: NotRequired[str | None]
    holidays: NotRequired[list[str]]
    catch_up: NotRequired[Literal["all", "latest"]]
    horizon: NotRequired[ScheduleHorizonIn]
    plan: NotRequired[str | None]
    workloads: NotRequired[list[str] | None]
    terms: NotRequired[ForecastTermsIn]
    id: str
    version: int
    state: Literal["ended", "paused", "running"]
    next_due_at: str | None
    paused_at: str | None
    created_at: str
    updated_at: str


class SchedulePage(TypedDict):
    """A page of schedules."""

    items: list[ScheduleOut]
    next_cursor: str | None
