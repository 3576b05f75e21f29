"""How much of an asset's cost has been written off at an age: the four methods, as pure functions of age or of use."""

from dataclasses import dataclass

import numpy as np

from forecasts.fleet.costs.terms import Convention, DepreciationMethod
from forecasts.timeline import FloatArray
from forecasts.units import MONTHS_PER_YEAR


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """What decides an asset's depreciation by time. The residual is a fraction of cost."""

    method: DepreciationMethod
    useful_life_months: int
    residual_fraction: float
    convention: Convention = "full_month"
    declining_balance_factor: float = 2.0

    @property
    def first_month_fraction(self) -> float:
        """How much of the month of service counts, whatever its day: all of it, or half."""
        return 0.5 if self.convention == "mid_month" else 1.0


def age_at_end(schedule: Schedule, months_since_service: FloatArray) -> FloatArray:
    """Months of age at the end of a month, 0 being the month of service; at most the useful life.

    Under the mid-month convention the last half month of a life falls into one month more.
    """
    ages: FloatArray = np.clip(
        months_since_service + schedule.first_month_fraction, 0.0, float(schedule.useful_life_months)
    )
    return np.where(months_since_service < 0.0, 0.0, ages)


def written_off_fraction(schedule: Schedule, ages: FloatArray) -> FloatArray:
    """The fraction of cost written off at ages in months, shape as `ages`; ends at 1 less the residual.

    Declining balance and sum of the years' digits are reckoned by years of the asset's life and spread evenly over
    each year's months, as textbooks do (Kieso, Weygandt and Warfield, Intermediate Accounting, chapter 11). Raises
    ValueError for units of production, which do not follow time.
    """
    years = ages / MONTHS_PER_YEAR
    life = schedule.useful_life_months / MONTHS_PER_YEAR
    depreciable = 1.0 - schedule.residual_fraction
    if schedule.method == "straight_line":
        return depreciable * (ages / schedule.useful_life_months)
    if schedule.method == "units_of_production":
        raise ValueError("units of production are written off by use: see written_off_by_use")
    yearly = _declining(schedule, life) if schedule.method == "declining_balance" else depreciable * _digits(life)
    edges = np.append(np.arange(yearly.size, dtype=np.float64), life)
    written_off: FloatArray = np.interp(years, edges, np.concatenate([[0.0], np.cumsum(yearly)]))
    return np.minimum(written_off, depreciable)


def written_off_by_use(
    residual_fraction: float, produced: FloatArray, total: float, life_has_ended: FloatArray
) -> FloatArray:
    """The fraction of cost written off after `produced` of a life's `total` units, shape as `produced`.

    It never passes 1 less the residual, and is trued up to it where the useful life has ended (1 there, otherwise 0).
    """
    worn = np.maximum(np.minimum(produced / total, 1.0), life_has_ended)
    return (1.0 - residual_fraction) * worn


def _digits(life: float) -> FloatArray:
    """Remaining years at the start of each year over their sum, shape `[years]`; a life of whole years."""
    remaining = life - np.arange(np.ceil(life))
    fractions: FloatArray = remaining / remaining.sum()
    return fractions


def _declining(schedule: Schedule, life: float) -> FloatArray:
    """Fractions of cost by year of life: the constant rate on book value until straight line writes off more.

    A last year that is not whole is charged by its part. The book value stops at the residual.
    """
    rate = schedule.declining_balance_factor / life
    book = 1.0
    amounts = []
    for year in range(int(np.ceil(life))):
        remaining = life - year
        part = min(1.0, remaining)
        to_residual = book - schedule.residual_fraction
        amount = min(to_residual, part * max(rate * book, to_residual / remaining))
        amounts.append(amount)
        book -= amount
    return np.array(amounts)
