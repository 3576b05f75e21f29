"""One driver at a time: how far each moves the total, and its share of the total's variance."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.budgeting.tally import quantiles
from forecasts.explain.sensitivity.drivers import ALL_WORKLOADS, OTHER_WORKLOADS, Driver
from forecasts.explain.sensitivity.sampling import DriverDraws
from forecasts.explain.sensitivity.totals import horizon_totals
from forecasts.money import minor_digits, to_minor
from forecasts.plan import Plan

PATHS_EACH = 128
PATHS_TOGETHER = 512
# Of larger portfolios the costliest workloads are drivers of their own, all others vary together.
MOST_WORKLOADS = 8
_MOVED_BY = ("growth", "noise")


@dataclass(frozen=True, kw_only=True)
class DriverEffect:
    """The total's P10 and P90 in minor units where the driver alone varies; the others stay at their medians.

    `share_of_variance` is the variance that it gives the total by itself over that of the total where all vary. The
    shares need not add to 1: what drivers do together is in none of them.
    """

    driver: Driver
    low: int
    high: int
    share_of_variance: float


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """Of the horizon's total on the plan's basis; `central` is the total with every driver at its median."""

    basis: str
    central: int
    effects: tuple[DriverEffect, ...]


def sensitivity(plan: Plan) -> Sensitivity:
    """The effects of a plan's drivers, the largest first; those that move nothing are left out.

    Saltelli et al. 2008, chapter 1, one factor at a time around the medians; docs/model.md, Sensitivity.
    """
    probe = DriverDraws(seed=plan.seed)
    _, cost_of = horizon_totals(plan, probe)
    grouped = _grouped(list(probe.asked), cost_of)
    drivers = list(dict.fromkeys(grouped.values()))
    draws = DriverDraws(
        seed=plan.seed, drivers=drivers, grouped=grouped, together=PATHS_TOGETHER if drivers else 0, each=PATHS_EACH
    )
    totals, _ = horizon_totals(plan, draws)
    digits = minor_digits(plan.currency)
    variance = float(totals[draws.everything].var()) if drivers else 0.0
    effects = []
    for driver in drivers:
        own = totals[draws.block_of(driver)]
        low, _, high = to_minor(quantiles(own), digits).tolist()
        spread = float(own.var())
        if low != high or int(to_minor(np.array([own.max() - own.min()]), digits)[0]):
            share = spread / variance if variance else 0.0
            effects.append(DriverEffect(driver=driver, low=low, high=high, share_of_variance=share))
    effects.sort(key=lambda one: (one.low - one.high, -one.share_of_variance, one.driver))
    return Sensitivity(basis=plan.budget_basis, central=int(to_minor(totals[:1], digits)[0]), effects=tuple(effects))


def _grouped(asked: Sequence[Driver], cost_of: Mapping[str, float]) -> dict[Driver, Driver]:
    """Each driver as itself, or as that of the other workloads."""
    # A single workload that is left over would be no group.
    most = len(cost_of) if len(cost_of) <= MOST_WORKLOADS + 1 else MOST_WORKLOADS
    costliest = set(sorted(cost_of, key=lambda name: (-cost_of[name], name))[:most])
    kept = costliest | {ALL_WORKLOADS}
    return {
        driver: driver
        if driver.kind not in _MOVED_BY or driver.name in kept
        else Driver(kind=driver.kind, name=OTHER_WORKLOADS)
        for driver in asked
    }
