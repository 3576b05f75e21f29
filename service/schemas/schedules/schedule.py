"""A schedule of re-forecasts on the wire, and its conversion to a timing."""

from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from forecasts.catalog.holidays import holiday_calendars
from forecasts.errors import Findings
from forecasts.timeline import MAX_HORIZON_MONTHS, Month
from service.recurrence.rule import MOST_CHARACTERS, BadRule, Rule, parse_rule
from service.recurrence.timing import Timing, known_zones
from service.schemas import meaning
from service.schemas.forecast.request import ForecastTermsIn
from service.schemas.plan.terms import HorizonIn
from service.schemas.wire import Name, Wire

FIRST_WEEKDAY_OF_THE_MONTH = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1"
AT_SIX = time(6)
_MONTHS_OF_A_YEAR = 12

CatchUp = Literal["latest", "all"]


class ScheduleHorizonIn(Wire, kw_only=True, frozen=True):
    """The months of each forecast, counted from the month in which it is due.

    `rolling`: `past_months` before it, and `months` from it on. `fiscal_year`: the twelve months of its fiscal year.
    """

    kind: Literal["rolling", "fiscal_year"] = "rolling"
    months: int = _MONTHS_OF_A_YEAR
    past_months: int = 0

    def check(self, findings: Findings, at: str) -> None:
        if self.kind == "fiscal_year":
            for name, usual in (("months", _MONTHS_OF_A_YEAR), ("past_months", 0)):
                if getattr(self, name) != usual:
                    findings.add(f"{at}/{name}", "belongs to a rolling horizon: a fiscal year has its twelve months")
            return
        meaning.bounded(findings, f"{at}/months", self.months, 1, MAX_HORIZON_MONTHS)
        meaning.bounded(findings, f"{at}/past_months", self.past_months, 0, MAX_HORIZON_MONTHS - 1)
        if self.months + self.past_months > MAX_HORIZON_MONTHS >= max(self.months, self.past_months):
            findings.add(f"{at}/past_months", f"must leave at most {MAX_HORIZON_MONTHS} months together with months")

    def on(self, day: date, fiscal_year_start_month: int) -> HorizonIn:
        """The horizon of a forecast that is due on a day."""
        due = Month.of(day)
        if self.kind == "fiscal_year":
            return HorizonIn(first_month=str(due.plus(-((due.month - fiscal_year_start_month) % _MONTHS_OF_A_YEAR))))
        return HorizonIn(first_month=str(due.plus(-self.past_months)), months=self.past_months + self.months)


class ScheduleIn(Wire, kw_only=True, frozen=True):
    """Re-forecasts by a rule: of a stored `plan`, or of stored `workloads` (all when absent) under `terms`.

    `rule` is an RRULE of RFC 5545, by default the first weekday of each month. `starts` is the local time from which it
    counts and whose time of day it takes, by default 06:00 of the day on which the schedule is made. An occurrence on a
    day of the `holiday_calendar` or of `holidays` moves on to the next working day. What was missed while no scheduler
    ran is made up for: the `latest` occurrence, or `all`.
    """

    name: Name
    rule: Annotated[str, msgspec.Meta(max_length=MOST_CHARACTERS)] = FIRST_WEEKDAY_OF_THE_MONTH
    starts: str | None = None
    time_zone: Annotated[str, msgspec.Meta(max_length=100)] = "UTC"
    holiday_calendar: str | None = None
    holidays: Annotated[list[str], msgspec.Meta(max_length=5000)] = []
    catch_up: CatchUp = "latest"
    horizon: ScheduleHorizonIn = ScheduleHorizonIn()
    plan: Name | None = None
    workloads: Annotated[list[Name], msgspec.Meta(min_length=1, max_length=10_000)] | None = None
    terms: ForecastTermsIn = ForecastTermsIn()

    def with_start(self, now: datetime) -> "ScheduleIn":
        """The schedule with its start written down, so that it lasts; as it is where its zone is unknown."""
        if self.starts is not None or self.time_zone not in known_zones():
            return self
        starts = datetime.combine(self.local_time(now).date(), AT_SIX)
        return msgspec.structs.replace(self, starts=starts.isoformat(timespec="minutes"))

    def local_time(self, moment: datetime) -> datetime:
        """What the clock on the wall shows at an instant, in the zone of a schedule that makes sense."""
        return moment.astimezone(ZoneInfo(self.time_zone)).replace(tzinfo=None)

    def to_timing(self, findings: Findings, at: str = "") -> Timing | None:
        """When it is due; None where that cannot be told, for reasons recorded in `findings`."""
        before = len(findings.problems)
        zone = _zone(findings, f"{at}/time_zone", self.time_zone)
        rule = _rule(findings, f"{at}/rule", self.rule)
        starts = _local_time(findings, f"{at}/starts", self.starts or "2000-01-01T06:00")
        holidays = {meaning.day(findings, f"{at}/holidays/{index}", text) for index, text in enumerate(self.holidays)}
        calendars = holiday_calendars()
        if self.holiday_calendar is not None:
            if self.holiday_calendar not in calendars:
                detail = f"{self.holiday_calendar!r} is no packaged calendar; there are {', '.join(sorted(calendars))}"
                findings.add(f"{at}/holiday_calendar", f"{detail}; other days are listed in holidays")
            holidays.update(calendars.get(self.holiday_calendar, ()))
        if rule is None or len(findings.problems) > before:
            return None
        timing = Timing(rule=rule, starts=starts, time_zone=zone, holidays=frozenset(holidays))
        if next(timing.occurrences(), None) is None:
            findings.add(
                f"{at}/rule", f"{self.rule!r} never fires after {starts:%Y-%m-%d}: no date is what it asks for"
            )
            return None
        return timing

    def check(self, findings: Findings) -> None:
        """Records what makes no sense beside the timing."""
        self.horizon.check(findings, "/horizon")
        for name, why in (("as_of", "is the day of each run"), ("horizon", "is the schedule's own horizon")):
            if getattr(self.terms, name) is not None:
                findings.add(f"/terms/{name}", why)
        if self.plan is not None:
            if self.terms != ForecastTermsIn():
                findings.add("/terms", "belong to the plan, which has terms of its own")
            if self.workloads is not None:
                findings.add("/workloads", "are those of the plan: leave them out")


def _zone(findings: Findings, at: str, name: str) -> str:
    zones = known_zones()
    if name in zones:
        return name
    near = get_close_matches(name, zones, n=3, cutoff=0.6)
    hint = f"; close to it are {', '.join(near)}" if near else ", such as Europe/Berlin"
    findings.add(at, f"{name!r} is no IANA time zone{hint}")
    return "UTC"


def _rule(findings: Findings, at: str, text: str) -> Rule | None:
    try:
        return parse_rule(text)
    except BadRule as error:
        for detail in error.details:
            findings.add(at, detail)
        return None


def _local_time(findings: Findings, at: str, text: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        parsed = None
    if parsed is None or parsed.tzinfo is not None or "T" not in text or parsed.microsecond:
        findings.add(at, f"{text!r} is not a local date and time such as 2027-01-04T06:00; its zone is time_zone")
        return datetime(2000, 1, 1)  # noqa: DTZ001 - local time
    if not meaning.FIRST_YEAR <= parsed.year <= meaning.LAST_YEAR:
        findings.add(at, f"{text!r} lies outside the years {meaning.FIRST_YEAR} to {meaning.LAST_YEAR}")
        return datetime(2000, 1, 1)  # noqa: DTZ001 - local time
    return parsed
