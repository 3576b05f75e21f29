"""Which thresholds a budget has reached: figures at or above a limit, for the whole budget or for single months."""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from service.budgeting.comparison import Comparison
from service.budgeting.standing import nothing
from service.store.budgets.thresholds import Crossing, ThresholdRecord


def crossings(thresholds: Iterable[ThresholdRecord], found: Comparison) -> list[Crossing]:
    """A fraction is of the budget's amount with its contingency, or of a month's budget, which has none."""
    return [
        Crossing(
            threshold_id=threshold.id,
            month=month,
            limit_amount=limit,
            value=value,
            forecast_id=found.forecast_id,
        )
        for threshold in thresholds
        for month, base, value in _figures(threshold, found)
        if value >= (limit := _limit(threshold, base, found.standing.record.currency)) and limit > 0
    ]


def _figures(threshold: ThresholdRecord, found: Comparison) -> Iterator[tuple[date | None, Decimal, Decimal]]:
    if threshold.period == "total":
        value = found.actual if threshold.measure == "actual" else found.estimate
        yield None, found.standing.amount, value
        return
    for one in found.months:
        figure = one.actual if threshold.measure == "actual" else one.estimate
        if figure is not None:
            yield one.month, one.budget, figure


def _limit(threshold: ThresholdRecord, base: Decimal, currency: str) -> Decimal:
    if threshold.amount is not None:
        return threshold.amount
    return (base * (threshold.fraction or 0)).quantize(nothing(currency), ROUND_HALF_UP)
