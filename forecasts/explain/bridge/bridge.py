"""The bridge from one forecast to another, on expected costs (docs/model.md, Bridge)."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from forecasts.errors import InvalidInput, Problem
from forecasts.explain.bridge.blending import Blender
from forecasts.explain.bridge.cells import BASES, BridgeRow, Grid, StatedLine
from forecasts.explain.bridge.costing.lines import cost_lines
from forecasts.explain.bridge.costing.standing_prices import standing_prices
from forecasts.explain.bridge.ownership import FACTORS, PARTS, Factor, PartName
from forecasts.explain.bridge.rounding import rounded_parts
from forecasts.explain.bridge.shapley import shapley
from forecasts.explain.bridge.steps import with_actuals_of, with_calendar_of, with_draws_of, with_scope_of
from forecasts.money import IntArray, minor_digits
from forecasts.plan import Plan
from forecasts.timeline import Month

Report = Callable[[float], None]
# Of the work of a bridge, about: the factors take far more runs than the steps.
_STEPS_FRACTION = 0.2


@dataclass(frozen=True, kw_only=True, eq=False)
class BridgeSide:
    """A frozen plan, and its budget as it was written down; `stated` of None is what this version makes of the plan."""

    plan: Plan
    model_version: str = ""
    stated: tuple[StatedLine, ...] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Bridge:
    """Arrays are in minor units, of shape `[bases, rows, months]`; in each cell the parts add to `after - before`.

    Bases are effective and billed, in this order. Months are all from the first of either horizon to the last.
    """

    currency: str
    digits: int
    first: Month
    fiscal_year_start_month: int
    rows: tuple[BridgeRow, ...]
    before: IntArray
    after: IntArray
    parts: dict[PartName, IntArray] = field(default_factory=dict)

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(self.first.plus(offset) for offset in range(self.before.shape[-1]))

    def total(self, cells: IntArray, basis: str) -> int:
        return int(cells[BASES.index(basis)].sum())

    def reversed(self) -> "Bridge":
        parts = {name: -cells for name, cells in self.parts.items()}
        return replace(self, before=self.after, after=self.before, parts=parts)


def bridge(before: BridgeSide, after: BridgeSide, report: Report = lambda _fraction: None) -> Bridge:
    """Splits the difference of two forecasts into parts that add up to it in every cell.

    Raises InvalidInput where the two are in different currencies, or a plan between them has a usage without a price.
    A bridge is walked from the plan of the earlier day to that of the later, and read backwards where it is asked for
    the other way, so that both ways say the same.
    """
    if before.plan.currency != after.plan.currency:
        detail = f"is in {before.plan.currency}, the other in {after.plan.currency}: only one currency can be bridged"
        raise InvalidInput((Problem(pointer="/from", detail=detail),))
    if _place_in_time(after.plan) < _place_in_time(before.plan):
        years = before.plan.timeline.fiscal_year_start_month
        backwards = _walk(after, before, years, report).reversed()
        return replace(backwards, fiscal_year_start_month=after.plan.timeline.fiscal_year_start_month)
    return _walk(before, after, after.plan.timeline.fiscal_year_start_month, report)


def _walk(before: BridgeSide, after: BridgeSide, fiscal_year_start_month: int, report: Report) -> Bridge:
    digits = minor_digits(after.plan.currency)
    first = min(before.plan.timeline.first, after.plan.timeline.first)
    ends = max(side.plan.timeline.first.index + side.plan.timeline.months for side in (before, after))
    grid = Grid(first=first, months=ends - first.index)

    standing_in = [before.plan, after.plan, standing_prices(before.plan, after.plan)]
    stages = [before.plan]
    for step in (with_draws_of, with_actuals_of, with_scope_of, with_calendar_of):
        stages.append(step(after.plan, stages[-1]))
    # Neighbouring stages are often the same plan; the last one is where the factors begin.
    alone = [stage for stage in stages if stage is not stages[-1]]
    cells: dict[int, IntArray] = {}
    for index, stage in enumerate(alone):
        if id(stage) not in cells:
            [ledger] = cost_lines([stage], standing_in)
            cells[id(stage)] = grid.rounded(ledger, stage.timeline.first, digits)
        report(_STEPS_FRACTION * (index + 1) / len(alone))

    blender = Blender(stages[-1], after.plan)
    blends = [blender.blend(_of_bits(state)) for state in range(2 ** len(FACTORS))]
    ledgers = cost_lines(blends, standing_in, lambda done: report(_STEPS_FRACTION + (1.0 - _STEPS_FRACTION) * done))
    begins = after.plan.timeline.first
    cells[id(stages[-1])] = grid.rounded(ledgers[0], begins, digits)
    walked = [cells[id(stage)] for stage in stages]
    reached = grid.rounded(ledgers[-1], begins, digits)
    exact = [grid.exact(ledger, begins) for ledger in ledgers]
    stated_before = walked[0] if before.stated is None else grid.stated(before.stated)
    stated_after = reached if after.stated is None else grid.stated(after.stated)

    walked = [grid.widened(cells) for cells in walked]
    reached, stated_before, stated_after = (grid.widened(cells) for cells in (reached, stated_before, stated_after))
    factors = rounded_parts(
        shapley(np.stack([grid.widened(cells) for cells in exact]), len(FACTORS)), reached - walked[-1], digits
    )
    computed, drawn, recorded, scoped, dated = walked
    parts: dict[PartName, IntArray] = {
        "model_version": (computed - stated_before) + (stated_after - reached),
        "draws": drawn - computed,
        "actuals": recorded - drawn,
        "scope": scoped - recorded,
        "calendar": dated - scoped,
        **dict(zip(FACTORS, factors, strict=True)),
    }
    return _in_order(
        Bridge(
            currency=after.plan.currency,
            digits=digits,
            first=first,
            fiscal_year_start_month=fiscal_year_start_month,
            rows=tuple(grid.rows),
            before=stated_before,
            after=stated_after,
            parts={name: parts[name] for name in PARTS},
        )
    )


def _in_order(found: Bridge) -> Bridge:
    """Rows by name, so that their order does not depend on the way that was walked."""
    order = sorted(range(len(found.rows)), key=lambda index: found.rows[index])
    return replace(
        found,
        rows=tuple(found.rows[index] for index in order),
        before=found.before[:, order],
        after=found.after[:, order],
        parts={name: cells[:, order] for name, cells in found.parts.items()},
    )


def _of_bits(state: int) -> frozenset[Factor]:
    return frozenset(factor for bit, factor in enumerate(FACTORS) if state >> bit & 1)


def _place_in_time(plan: Plan) -> tuple[object, ...]:
    """Two plans of one day and horizon are told apart by what they say, whatever it is."""
    return plan.as_of, plan.timeline.first, plan.timeline.months, repr(replace(plan, prices=()))
