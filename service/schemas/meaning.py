"""Checks of meaning that several shapes share: each records its problem and returns a value safe to go on with."""

import math
from datetime import UTC, date, datetime, time
from decimal import Decimal

from forecasts.draws import Pert
from forecasts.errors import Findings
from forecasts.timeline import Month
from forecasts.workload import ApiRoute
from service.schemas.wire import PertIn

MAX_AMOUNT = Decimal("1e12")
FIRST_YEAR, LAST_YEAR = 1970, 2200  # date arithmetic stays far from the ends of what a date can be


def bounded(
    findings: Findings, pointer: str, value: float, low: float, high: float, *, above_low: bool = False
) -> float:
    """`value` when it is a finite number in the closed range (open below if asked), otherwise a bound of it."""
    if math.isfinite(value) and low <= value <= high and not (above_low and value == low):
        return value
    lowest = f"above {low:g}" if above_low else f"{low:g} or more"
    findings.add(pointer, f"must be {lowest} and at most {high:g}, not {value:g}")
    return high


def fraction(findings: Findings, pointer: str, value: float) -> float:
    return bounded(findings, pointer, value, 0.0, 1.0)


def amount(findings: Findings, pointer: str, value: Decimal, *, least: Decimal = Decimal(0)) -> Decimal:
    """Money or a rate of money: finite, not below `least`, at most a million millions."""
    if value.is_finite() and least <= value <= MAX_AMOUNT:
        return value
    findings.add(pointer, f"must be an amount of {least} or more and at most 1e12, not {value}")
    return Decimal(1)


def month(findings: Findings, pointer: str, text: str) -> Month:
    try:
        parsed = Month.parse(text)
    except ValueError as error:
        findings.add(pointer, str(error))
        return Month(2000, 1)
    return parsed if _of_this_age(findings, pointer, text, parsed.year) else Month(2000, 1)


def first_of_month(findings: Findings, pointer: str, text: str) -> Month:
    """A month, or a date that is the first of one: changes of routes and decoders take effect with a month."""
    if len(text) == 7:
        return month(findings, pointer, text)
    day_ = day(findings, pointer, text)
    if day_.day != 1:
        findings.add(
            pointer, f"takes effect with a month: give its first day, {Month.of(day_)}-01, or the next month's"
        )
    return Month.of(day_)


def day(findings: Findings, pointer: str, text: str) -> date:
    try:
        parsed = date.fromisoformat(text)
    except ValueError:
        findings.add(pointer, f"{text!r} is not a date such as 2027-01-31")
        return date(2000, 1, 1)
    return parsed if _of_this_age(findings, pointer, text, parsed.year) else date(2000, 1, 1)


def term(findings: Findings, at: str, starts: str, ends: str) -> tuple[date, date]:
    """The first and the last day of a term, from the fields `starts` and `ends` below `at`."""
    first, last = day(findings, f"{at}/starts", starts), day(findings, f"{at}/ends", ends)
    if last < first:
        findings.add(f"{at}/ends", f"is the last day and must not be before the first, {first}")
        return first, first
    return first, last


def instant(findings: Findings, pointer: str, text: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(text)
        if parsed.tzinfo is not None:
            return parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        findings.add(pointer, f"{text!r} is not an instant such as 2027-01-31T16:00:00Z")
        return datetime(2000, 1, 1, tzinfo=UTC)
    findings.add(pointer, f"{text!r} has no zone: write an instant such as 2027-01-31T16:00:00Z")
    return datetime(2000, 1, 1, tzinfo=UTC)


def _of_this_age(findings: Findings, pointer: str, text: str, year: int) -> bool:
    if FIRST_YEAR <= year <= LAST_YEAR:
        return True
    findings.add(pointer, f"{text!r} lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return False


def start_of_day(day_: date) -> datetime:
    return datetime.combine(day_, time(), tzinfo=UTC)


def pert(findings: Findings, pointer: str, value: PertIn | float, low: float, high: float) -> Pert:
    """A range inside `[low, high]`; a single number means certain."""
    if isinstance(value, (int, float)):
        return Pert.certain(bounded(findings, pointer, float(value), low, high))
    before = len(findings.problems)
    for name in ("low", "mode", "high"):
        bounded(findings, f"{pointer}/{name}", getattr(value, name), low, high)
    if len(findings.problems) == before and not value.low <= value.mode <= value.high:
        findings.add(pointer, f"must rise from low to mode to high, not {value.low:g}, {value.mode:g}, {value.high:g}")
    if len(findings.problems) > before:
        return Pert.certain(low)
    return Pert(low=value.low, mode=value.mode, high=value.high)


def api_route(
    findings: Findings, pointer: str, model: str, service_tier: str = "standard", region: str | None = None
) -> ApiRoute:
    """`provider/model` as people write it, split at its first slash."""
    provider, separator, name = model.partition("/")
    if not (provider and separator and name):
        findings.add(pointer, f"{model!r} must be written as provider/model, such as deepseek/deepseek-v4-pro")
    return ApiRoute(provider=provider, model=name, service_tier=service_tier, region=region or None)
