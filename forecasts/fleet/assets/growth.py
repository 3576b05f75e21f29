"""Nodes bought as a fleet outgrows those it owns: when they are ordered, paid for and written off, path by path."""

import numpy as np

from forecasts.fleet.assets.book import AssetBook, schedule_of, whole_minor
from forecasts.fleet.assets.depreciation import age_at_end, written_off_by_use, written_off_fraction
from forecasts.fleet.costs.terms import Growth, Owned
from forecasts.timeline import FloatArray, Timeline

GROWTH_ASSET = "growth"

# Draws looked at together where every cohort wears at the pace of its own path: months x months x draws in a cache.
_BLOCK = 256


def growth_arrivals(declared: FloatArray, paid: FloatArray) -> FloatArray:
    """Nodes that enter service beyond the declared ones, shape `[months, draws]`; what was bought once is kept."""
    beyond = np.maximum.accumulate(np.maximum(paid - declared, 0.0), axis=0)
    return np.diff(beyond, axis=0, prepend=0.0)


def growth_book(
    cost: Owned,
    growth: Growth,
    timeline: Timeline,
    rates: FloatArray,
    digits: int,
    lead_time_months: int,
    arrivals: FloatArray,
    units_per_node: FloatArray | None,
) -> AssetBook:
    """One book of all growth purchases; `arrivals` enter service by month, shape `[months, draws]`.

    A purchase is invoiced `lead_time_months` before its month of service, at the exchange rate of then, and in the
    horizon's first month at the earliest.
    """
    months = np.arange(timeline.months)
    ordered_in = np.maximum(months - lead_time_months, 0)
    by_order = (months[:, None] == ordered_in).astype(np.float64)
    cohorts = arrivals * float(growth.purchase_price_per_node) * rates[ordered_in]
    schedule = schedule_of(cost, growth.useful_life_months, float(growth.residual_fraction))
    # Row: the end of a month; column: the month in which a cohort entered service.
    since = (months[:, None] - months).astype(np.float64)
    ages = age_at_end(schedule, since)
    if cost.production is not None and units_per_node is not None:
        written_off = _written_off_by_use(
            schedule.residual_fraction,
            cohorts,
            units_per_node,
            cost.production.total_per_node,
            life_has_ended=(ages >= growth.useful_life_months).astype(np.float64),
        )
    else:
        written_off = written_off_fraction(schedule, ages) @ cohorts
    written_off = whole_minor(written_off, digits)
    additions = whole_minor(np.cumsum(by_order @ cohorts, axis=0), digits)
    within_life = (since >= 0) & (age_at_end(schedule, since - 1.0) < growth.useful_life_months)
    nothing = np.zeros((timeline.months, 1))
    return AssetBook(
        name=GROWTH_ASSET,
        held=np.cumsum(arrivals, axis=0),
        depreciating=within_life.astype(np.float64) @ arrivals,
        bought=by_order @ arrivals,
        opening_cost=0.0,
        opening_written_off=0.0,
        additions=np.diff(additions, axis=0, prepend=0.0),
        depreciation=np.diff(written_off, axis=0, prepend=0.0),
        retired=nothing,
        retired_cost=nothing,
        retired_written_off=nothing,
        proceeds=nothing,
    )


def _written_off_by_use(
    residual_fraction: float, cohorts: FloatArray, units_per_node: FloatArray, total: float, life_has_ended: FloatArray
) -> FloatArray:
    """Written off of all cohorts by the end of each month, shape `[months, draws]`."""
    cohorts, units_per_node = np.broadcast_arrays(cohorts, units_per_node)
    produced = np.cumsum(units_per_node, axis=0)
    before_service = produced - units_per_node
    written_off = np.empty_like(cohorts)
    for start in range(0, cohorts.shape[1], _BLOCK):
        block = slice(start, start + _BLOCK)
        of_cohort = np.maximum(produced[:, None, block] - before_service[None, :, block], 0.0)
        fractions = written_off_by_use(residual_fraction, of_cohort, total, life_has_ended=life_has_ended[:, :, None])
        entered = np.tri(cohorts.shape[0])[:, :, None]
        written_off[:, block] = np.einsum("tsd,sd->td", fractions * entered, cohorts[:, block])
    return written_off
