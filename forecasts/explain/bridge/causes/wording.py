"""Values of a plan as a reader of a sentence expects them."""

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from forecasts.draws import Pert
from forecasts.fleet.costs.terms import DatedRate
from forecasts.money import format_minor
from forecasts.speculation.decoder import Decoder
from forecasts.workload import OutputLengths, RouteSet, Step

_MOST_DIGITS = 6


def number(value: float) -> str:
    """`58,000,000`, `0.012`."""
    if abs(value) >= 10**_MOST_DIGITS or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.{_MOST_DIGITS}g}"


def money(minor: int, digits: int) -> str:
    """Without its sign, thousands apart."""
    return f"{Decimal(format_minor(abs(minor), digits)):,f}"


def words(value: Any) -> str:
    """One value in words."""
    match value:
        case None:
            return "none"
        case bool() | str() | date():
            return str(value)
        case int() | float():
            return number(value)
        case Decimal():
            return f"{value:,f}"
        case Pert():
            return number(value.low) if value.is_certain else f"{value.low:g}/{value.mode:g}/{value.high:g}"
        case OutputLengths():
            return f"a mean of {number(value.mean)}"
        case Decoder():
            speedup = "" if value.speedup is None else f" {words(value.speedup)}"
            return f"{value.preset}{speedup}{_from(value.first_month)}"
        case Step():
            return f"{value.factor:g} from {value.first_month}"
        case RouteSet():
            shares = " + ".join(f"{entry.share:g} {entry.route}" for entry in value.shares)
            return f"{shares}{_from(value.first_month)}"
        case DatedRate():
            return f"{value.rate:,f}{_from(value.starts)}"
        case tuple():
            return ", ".join(map(words, value)) or "none"
        case _:
            return _spelt(value)


def label(name: str) -> str:
    return name.replace("_", " ")


def _from(start: object) -> str:
    return "" if start is None else f" from {start}"


def _spelt(value: Any) -> str:
    if not is_dataclass(value):
        return str(value)
    kind = type(value).__name__.lower()
    own = ", ".join(f"{label(one.name)} {words(getattr(value, one.name))}" for one in fields(value))
    return f"{kind} ({own})" if own else kind
