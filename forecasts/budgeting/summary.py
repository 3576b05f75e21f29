"""Turns the running sums of a forecast into the budget: quantiles of joint paths, means as sums of line cells."""

from collections import defaultdict
from collections.abc import Callable

import numpy as np

from forecasts.budgeting.budget import (
    Budget,
    BudgetAmount,
    Caution,
    FiscalYear,
    FleetBudget,
    GroupCost,
    MonthCost,
    OutlookTotal,
    Period,
)
from forecasts.budgeting.lines import Lines, LineSeries
from forecasts.budgeting.tally import QUANTILE_LEVELS, Distribution, Tally, distribution, quantiles
from forecasts.explain.break_even.answers import BreakEven
from forecasts.explain.savings import DecoderVerdict
from forecasts.explain.waiting import WaitingSaved
from forecasts.money import IntArray, minor_digits, to_minor
from forecasts.plan import Plan
from forecasts.timeline import FloatArray


def summarise(
    plan: Plan,
    *,
    lines: Lines,
    tally: Tally,
    chosen_outlook: str,
    by_outlook: dict[str, FloatArray],
    fleets: tuple[FleetBudget, ...],
    verdicts: tuple[DecoderVerdict, ...],
    break_evens: tuple[BreakEven, ...],
    waiting: tuple[WaitingSaved, ...],
    warnings: tuple[Caution, ...],
) -> Budget:
    digits = minor_digits(plan.currency)
    timeline = plan.timeline
    years = timeline.fiscal_years
    by_month = lines.effective.sum(axis=0), lines.billed.sum(axis=0)
    total = _period(plan, tally, by_month, np.ones(timeline.months, dtype=bool), digits)
    fiscal_years = []
    for year in np.unique(years).tolist():
        inside = years == year
        period = total if inside.all() else _period(plan, tally, by_month, inside, digits)
        fiscal_years.append(FiscalYear(year=year, months=int(inside.sum()), period=period))
    return Budget(
        currency=plan.currency,
        digits=digits,
        timeline=timeline,
        total=total,
        fiscal_years=tuple(fiscal_years),
        months=_months(tally, by_month, digits),
        lines=lines,
        workloads=_groups(tally, lines, "workload", lambda one: one.workload, digits),
        providers=_groups(tally, lines, "provider", lambda one: one.provider, digits),
        cost_centers=_groups(tally, lines, "cost_center", lambda one: one.cost_center, digits),
        fleet_costs=_groups(tally, lines, "fleet", lambda one: one.fleet, digits),
        fleets=fleets,
        verdicts=verdicts,
        outlooks=(
            OutlookTotal(name=chosen_outlook, chosen=True, effective=total.effective),
            *(
                OutlookTotal(
                    name=name, chosen=False, effective=distribution(int(to_minor(paths.mean(), digits)), paths, digits)
                )
                for name, paths in by_outlook.items()
            ),
        ),
        break_evens=break_evens,
        waiting=waiting,
        warnings=warnings,
    )


def _period(
    plan: Plan,
    tally: Tally,
    by_month: tuple[IntArray, IntArray],
    inside: np.ndarray[tuple[int], np.dtype[np.bool_]],
    digits: int,
) -> Period:
    levels = (*QUANTILE_LEVELS, plan.confidence)
    effective_levels = to_minor(quantiles(_sum(tally.effective, inside), levels), digits).tolist()
    billed_levels = effective_levels
    if tally.billed is not tally.effective:
        billed_levels = to_minor(quantiles(_sum(tally.billed, inside), levels), digits).tolist()
    effective = _of_levels(int(by_month[0][inside].sum()), effective_levels)
    billed = _of_levels(int(by_month[1][inside].sum()), billed_levels)
    on_effective = plan.budget_basis == "effective"
    return Period(
        billed=billed,
        effective=effective,
        budget=BudgetAmount(
            basis=plan.budget_basis,
            confidence=plan.confidence,
            amount=(effective_levels if on_effective else billed_levels)[-1],
            expected=effective.mean if on_effective else billed.mean,
        ),
    )


def _months(tally: Tally, by_month: tuple[IntArray, IntArray], digits: int) -> tuple[MonthCost, ...]:
    effective = to_minor(quantiles(tally.effective), digits).tolist()
    billed = effective
    if tally.billed is not tally.effective:
        billed = to_minor(quantiles(tally.billed), digits).tolist()
    return tuple(
        MonthCost(effective=_of_levels(*one), billed=_of_levels(*other))
        for one, other in zip(
            zip(by_month[0].tolist(), effective, strict=True),
            zip(by_month[1].tolist(), billed, strict=True),
            strict=True,
        )
    )


def _groups(
    tally: Tally, lines: Lines, kind: str, name_of: Callable[[LineSeries], str | None], digits: int
) -> tuple[GroupCost, ...]:
    means: defaultdict[str | None, list[int]] = defaultdict(lambda: [0, 0])
    effective = lines.effective.sum(axis=1).tolist()
    billed = lines.billed.sum(axis=1).tolist()
    for one, of_effective, of_billed in zip(lines.series, effective, billed, strict=True):
        sums = means[name_of(one)]
        sums[0] += of_effective
        sums[1] += of_billed
    return tuple(
        GroupCost(
            name=name,
            effective=distribution(means[name][0], effective_paths, digits),
            billed=distribution(means[name][1], billed_paths, digits),
        )
        for name, (effective_paths, billed_paths) in tally.groups(kind).items()
    )


def _of_levels(mean: int, levels: list[int]) -> Distribution:
    return Distribution(mean=mean, p10=levels[0], p50=levels[1], p90=levels[2])


def _sum(paths: FloatArray, inside: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> FloatArray:
    total: FloatArray = paths.sum(axis=0) if inside.all() else paths[inside].sum(axis=0)
    return total
