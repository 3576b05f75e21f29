"""Figures and moments as people read them; the filters of the templates."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec
from markupsafe import Markup

from service.wording.months import month_name
from service.wording.units import unit_words

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£"}
_STEPS = ((1e15, "Q"), (1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))
NOTHING = "\N{EN DASH}"
_MINUS = "\N{MINUS SIGN}"


def money(amount: str | Decimal | None, currency: str = "", *, cents: bool = True) -> str:
    """A decimal amount with its separators: `$1,234.50`, `1,234.50 CHF`; a dash where there is none."""
    if amount is None:
        return NOTHING
    value = Decimal(amount)
    text = f"{abs(value):,.2f}" if cents else f"{abs(value):,.0f}"
    sign = _MINUS if value < 0 else ""
    if currency in _SIGNS:
        return f"{sign}{_SIGNS[currency]}{text}"
    return f"{sign}{text} {currency}".rstrip()


def whole_money(amount: str | Decimal | None, currency: str = "") -> str:
    """The same without cents, for what is looked at rather than booked."""
    return money(amount, currency, cents=False)


def signed_money(amount: str | Decimal | None, currency: str = "") -> str:
    """A difference: with its sign, also where it is above zero."""
    if amount is None:
        return NOTHING
    text = money(amount, currency)
    return f"+{text}" if Decimal(amount) > 0 else text


def percent(fraction: float | str | None, digits: int = 1) -> str:
    """A fraction as people say it: 0.256 is `25.6 %`."""
    return NOTHING if fraction is None else f"{number(float(fraction) * 100, digits)} %"


def number(value: float | str | None, digits: int = 0) -> str:
    return NOTHING if value is None else f"{float(value):z,.{digits}f}".replace("-", _MINUS)


def compact(value: float | str | None) -> str:
    """Three digits and a letter: 10,368,000,000 is `10.4B`."""
    if value is None:
        return NOTHING
    held = float(value)
    for size, letter in _STEPS:
        if abs(held) >= size:
            return f"{held / size:.3g}{letter}".replace("-", _MINUS)
    return f"{held:.3g}".replace("-", _MINUS)


def moment(value: datetime | str | None) -> str:
    """A moment to the minute, in UTC and said so: pages have no time zone of their own."""
    if value is None:
        return NOTHING
    held = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{held:%Y-%m-%d %H:%M} UTC"


def plain(value: Decimal | str | None) -> str:
    """A rate as it is stored, without zeros that say nothing."""
    if value is None:
        return NOTHING
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit(name: str | None) -> str:
    """A unit as it is said: `1000000 Tokens` is `million tokens`."""
    return unit_words(name or "")


def as_json(value: object) -> str:
    """A document to be read, as text: it is escaped like any other."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()


def json_text(value: object) -> str:
    """A document as the text of an attribute; it is escaped like any other."""
    return msgspec.json.encode(value).decode()


def script_json(value: object) -> Markup:
    """A document inside a script element that is data: no text of it can end the element."""
    text = json_text(value)
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - what has a meaning in HTML was just replaced.


def words(code: str) -> str:
    """A code as words: `no_node_removed` is `no node removed`."""
    return code.replace("_", " ").replace("-", " ")


FILTERS: dict[str, Callable[..., Any]] = {
    "money": money,
    "whole_money": whole_money,
    "signed_money": signed_money,
    "percent": percent,
    "number": number,
    "compact": compact,
    "month_name": month_name,
    "moment": moment,
    "words": words,
    "plain": plain,
    "unit": unit,
    "as_json": as_json,
    "json_text": json_text,
    "script_json": script_json,
}
