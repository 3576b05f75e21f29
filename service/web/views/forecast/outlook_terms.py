"""An outlook in words: whom it covers, and what it assumes of their prices."""

from datetime import date

from forecasts.draws import Pert
from forecasts.prices.outlooks.course import Course, OpenWindow
from forecasts.prices.outlooks.courses.exponential import Exponential
from forecasts.prices.outlooks.courses.history import History
from forecasts.prices.outlooks.courses.pass_through import PassThrough
from forecasts.prices.outlooks.courses.planning_haircut import PlanningHaircut
from forecasts.prices.outlooks.courses.projected_cut import ProjectedCut
from forecasts.prices.outlooks.courses.successor import Successor
from forecasts.prices.outlooks.outlook import Outlook

_ANY = "*"
_RECORDS = {"models": "models on sale", "tiers": "tiers"}


def covered_by(outlook: Outlook) -> str:
    """Such as `every provider`, `acme` or `acme/small-*, tier batch`."""
    if outlook.model != _ANY:
        whom = f"{outlook.provider}/{outlook.model}"
    else:
        whom = "every provider" if outlook.provider == _ANY else outlook.provider
    return whom if outlook.service_tier == _ANY else f"{whom}, tier {outlook.service_tier}"


def terms_of(outlook: Outlook) -> str:
    """Such as `one cut of 20 % to 40 %, most likely 25 %, between 2026-12-01 and 2027-12-01, on output`."""
    said = _course(outlook.course)
    if said is None:
        return "as known, with the steps that are already dated" if outlook.scheduled_steps else "as on the plan's day"
    if not isinstance(outlook.course, Successor):
        said += ", on every meter" if outlook.meters is None else f", on {_listed(outlook.meters)}"
    return said if outlook.scheduled_steps else f"{said}, without the steps that are already dated"


def _course(course: Course) -> str | None:
    """None where prices have no move of their own."""
    match course:
        case ProjectedCut():
            return f"one cut of {_percents(course.size)}{_between(course.window)}{_chance(course.probability)}"
        case PlanningHaircut():
            return f"{_percents(course.size)} off from {course.starts} on"
        case History():
            record = _RECORDS.get(course.series, course.series)
            return f"jumps as often and as large as those of {record} on record{_between(course.window)}"
        case Exponential():
            return f"a fall of {_percents(course.decay_per_year)} a year{_between(course.window)}"
        case PassThrough():
            passed, speedup = _percents(course.pass_through_fraction), _numbers(course.speedup)
            when = f"{_between(course.window)}{_chance(course.probability)}"
            return f"{passed} of what a speedup of {speedup} saves, passed on{when}"
        case Successor():
            to = f"{course.provider}/{course.model}"
            return f"the rates of {to} from {course.starts} on{_chance(course.probability)}"
        case _:
            return None


def _between(window: OpenWindow | tuple[date, date | None] | None) -> str:
    if window is None:
        return ""
    opens, closes = window
    return f", from {opens} on" if closes is None else f", between {opens} and {closes}"


def _chance(probability: float) -> str:
    return "" if probability >= 1.0 else f", with a chance of {_percent(probability)}"


def _percents(size: Pert) -> str:
    if size.is_certain:
        return _percent(size.mode)
    return f"{_percent(size.low)} to {_percent(size.high)}, most likely {_percent(size.mode)}"


def _numbers(size: Pert) -> str:
    return f"{size.mode:g}" if size.is_certain else f"{size.low:g} to {size.high:g}, most likely {size.mode:g}"


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.3g} %"


def _listed(meters: tuple[str, ...]) -> str:
    return ", ".join(meter.replace("_", " ") for meter in meters)
