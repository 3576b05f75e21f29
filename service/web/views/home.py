"""The card on the first page: how an approved budget stands, in one sentence with its month and its driver."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from service.budgeting.comparison import ComparedMonth, Comparison
from service.schemas.explained.bridge import SentenceOut
from service.wording.drivers import driver_words

Tone = Literal["good", "warn", "bad"]


@dataclass(frozen=True, kw_only=True)
class BudgetCard:
    """`over` is what the estimate exceeds the amount by, below zero what is left of it.

    `passed_in` is the month in which the running sum passes the amount, `worst` the month that is most over its own
    budget; `driver` says what moved the forecast or, where nothing moved it yet, what could move it most.
    """

    comparison: Comparison
    tone: Tone
    over: Decimal
    passed_in: str | None
    worst: ComparedMonth | None
    driver: str | None


def budget_card(comparison: Comparison, drivers: Sequence[Any], sentences: Sequence[SentenceOut]) -> BudgetCard:
    """`drivers` are those of the forecast that the budget is compared with, `sentences` those of the bridge to it."""
    over = -comparison.remaining
    worst = max(comparison.months, key=lambda one: one.variance, default=None)
    if worst is not None and worst.variance <= 0:
        worst = None
    return BudgetCard(
        comparison=comparison,
        tone="bad" if over > 0 else "warn" if comparison.variance > 0 else "good",
        over=over,
        passed_in=_passed_in(comparison),
        worst=worst,
        driver=top_driver(drivers, sentences),
    )


def top_driver(drivers: Sequence[Any], sentences: Sequence[SentenceOut]) -> str | None:
    """The sentence of the largest part of the bridge; where nothing moved yet, what could move the cost most."""
    if sentences:
        return max(sentences, key=lambda one: abs(Decimal(one.amount))).text
    if not drivers:
        return None
    top = max(drivers, key=lambda one: one["share_of_variance"])
    if not top["share_of_variance"]:
        return None
    words = driver_words(top["kind"], top["name"])
    return f"{words}, with {top['share_of_variance']:.0%} of the variance."


def _passed_in(comparison: Comparison) -> str | None:
    running = Decimal(0)
    for one in comparison.months:
        running += one.estimate
        if running > comparison.standing.amount:
            return f"{one.month:%Y-%m}"
    return None
