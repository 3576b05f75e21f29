"""Distributions on the wire: of money as decimal strings, of anything else as numbers."""

import msgspec

from forecasts.budgeting.tally import Distribution, Spread
from forecasts.money import format_minor


class Money(msgspec.Struct, kw_only=True, frozen=True):
    """A distribution of money: decimal strings in the forecast's currency."""

    mean: str
    p10: str
    p50: str
    p90: str


class Figure(msgspec.Struct, kw_only=True, frozen=True):
    """A distribution of a figure that is not money."""

    mean: float
    p10: float
    p50: float
    p90: float


def money_of(distribution: Distribution, digits: int) -> Money:
    return Money(
        mean=format_minor(distribution.mean, digits),
        p10=format_minor(distribution.p10, digits),
        p50=format_minor(distribution.p50, digits),
        p90=format_minor(distribution.p90, digits),
    )


def figure_of(spread: Spread) -> Figure:
    return Figure(
        mean=round(spread.mean, 6), p10=round(spread.p10, 6), p50=round(spread.p50, 6), p90=round(spread.p90, 6)
    )
