"""The book of nodes bought together: what they cost, what has been written off, and what became of them."""

from dataclasses import dataclass

import numpy as np

from forecasts.fleet.assets.depreciation import Schedule, age_at_end, written_off_by_use, written_off_fraction
from forecasts.fleet.costs.dating import historic_rate, in_month
from forecasts.fleet.costs.terms import Owned, Production, Tranche
from forecasts.money import to_minor
from forecasts.timeline import FloatArray, Month, Timeline


@dataclass(frozen=True, kw_only=True, eq=False)
class AssetBook:
    """Nodes and amounts of one asset by month, shape `[months, draws]`, or `[months, 1]` where certain.

    Amounts are in the plan's currency. Their means over the paths are whole minor units, so that they stay exact
    wherever they are added up. `held` are nodes in service, `depreciating` those within their useful life.
    """

    name: str
    held: FloatArray
    depreciating: FloatArray
    bought: FloatArray
    opening_cost: float
    opening_written_off: float
    additions: FloatArray
    depreciation: FloatArray
    retired: FloatArray
    retired_cost: FloatArray
    retired_written_off: FloatArray
    proceeds: FloatArray


def tranche_book(
    cost: Owned,
    tranche: Tranche,
    nodes: int,
    timeline: Timeline,
    rates: FloatArray,
    digits: int,
    units_per_node: FloatArray | None,
) -> AssetBook | None:
    """The book of `nodes` nodes bought together; None where they are gone before the horizon.

    Cost is fixed in the plan's currency in the month of purchase; `rates` are of exchange, shape `[months, 1]`.
    `units_per_node` are what a node produces by month, for units of production.
    """
    first = timeline.first.index
    service = Month.of(tranche.in_service).index
    disposed = None if tranche.disposal is None else Month.of(tranche.disposal.day).index
    if disposed is not None and disposed < first:
        return None
    since = np.arange(first - 1, first + timeline.months, dtype=np.float64) - service
    schedule = schedule_of(cost, tranche.useful_life_months, float(tranche.residual_fraction))
    ages = age_at_end(schedule, since)
    in_service = timeline.indices >= service
    if disposed is not None:
        # By either convention a node is written off for as long as lies between its two months.
        ages = np.minimum(ages, float(disposed - service))
        in_service &= timeline.indices < disposed
    serving = in_service.astype(np.float64)[:, None]
    price = nodes * float(tranche.purchase_price_per_node) * historic_rate(rates, timeline, tranche.purchased)
    price = float(whole_minor(np.full((1, 1), price), digits)[0, 0])
    if cost.production is not None and units_per_node is not None:
        produced = _produced(cost.production, units_per_node * serving, before_horizon=service < first)
        ended = (ages >= schedule.useful_life_months).astype(np.float64)[:, None]
        fractions = written_off_by_use(
            schedule.residual_fraction, produced, cost.production.total_per_node, life_has_ended=ended
        )
    else:
        fractions = written_off_fraction(schedule, ages)[:, None]
    written_off = whole_minor(price * fractions, digits)
    retired = np.zeros((timeline.months, 1))
    proceeds = np.zeros((timeline.months, 1))
    if tranche.disposal is not None:
        retired = in_month(timeline, tranche.disposal.day)[:, None]
        proceeds = whole_minor(retired * nodes * float(tranche.disposal.proceeds_per_node) * rates, digits)
    bought = in_month(timeline, tranche.purchased)[:, None]
    return AssetBook(
        name=tranche.name,
        held=nodes * serving,
        depreciating=nodes * serving * (ages[:-1] < schedule.useful_life_months)[:, None],
        bought=nodes * bought,
        opening_cost=price if Month.of(tranche.purchased).index < first else 0.0,
        opening_written_off=float(written_off[0].mean()),
        additions=price * bought,
        depreciation=np.diff(written_off, axis=0),
        retired=nodes * retired,
        retired_cost=price * retired,
        retired_written_off=written_off[1:] * retired,
        proceeds=proceeds,
    )


def schedule_of(cost: Owned, useful_life_months: int, residual_fraction: float) -> Schedule:
    return Schedule(
        method=cost.method,
        useful_life_months=useful_life_months,
        residual_fraction=residual_fraction,
        convention=cost.convention,
        declining_balance_factor=cost.declining_balance_factor,
    )


def total_of(parts: list[FloatArray], timeline: Timeline) -> FloatArray:
    """Sum of figures of several books, certain or not; zeros of shape `[months, 1]` where there is none."""
    total = np.zeros((timeline.months, 1))
    for part in parts:
        total = total + part
    return total


def whole_minor(totals: FloatArray, digits: int) -> FloatArray:
    """Running totals, shape `[..., draws]`, moved by less than half a minor unit so that their means are whole ones."""
    means = totals.mean(axis=-1, keepdims=True)
    moved: FloatArray = totals + (to_minor(means, digits) / 10.0**digits - means)
    return moved


def _produced(production: Production, units_per_node: FloatArray, *, before_horizon: bool) -> FloatArray:
    """What one node has produced at each edge of the horizon's months, shape `[months + 1, draws]`."""
    produced = np.zeros((units_per_node.shape[0] + 1, units_per_node.shape[1]))
    np.cumsum(units_per_node, axis=0, out=produced[1:])
    return produced + ((production.before_horizon_per_node or 0.0) if before_horizon else 0.0)
