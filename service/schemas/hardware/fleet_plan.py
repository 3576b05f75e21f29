"""A planned fleet on the wire: the cheapest mix of nodes and overflow that was found, beside the given one, and why."""

from typing import Literal

import msgspec
import numpy as np

from forecasts.budgeting.tally import distribution
from forecasts.explain.fleet_plan.planning import FleetPlan, TriedMix, saving_paths
from forecasts.explain.fleet_plan.reasons import Reason
from forecasts.explain.savings import probability_of_saving
from forecasts.money import format_minor, to_minor
from forecasts.timeline import FloatArray
from service.schemas.figures import Money, money_of


class MixOut(msgspec.Struct, kw_only=True, frozen=True):
    """A mix of nodes and what it costs over the horizon, on draws that no search has seen.

    `nodes` are those of a fixed fleet, `min_nodes` and `max_nodes` the bounds of one that scales (null: none), and
    `committed_nodes` those of each commitment in the plan's order. `fleet` and `overflow` are the means of the two
    parts of `effective`.
    """

    policy: Literal["fixed", "monthly", "hourly"]
    nodes: int | None
    min_nodes: int | None
    max_nodes: int | None
    committed_nodes: tuple[int, ...]
    effective: Money
    fleet: str
    overflow: str
    unserved_probability: float
    utilization_fraction: float


class PlanReasonOut(msgspec.Struct, kw_only=True, frozen=True):
    """One number of the recommended mix against its neighbours: differences in expected cost, null out of bounds."""

    number: str
    chosen: int | None
    cost_of_one_fewer: str | None
    unserved_probability_of_one_fewer: float | None
    cost_of_one_more: str | None
    unserved_probability_of_one_more: float | None
    used_fraction: float | None
    detail: str


class FleetPlanOut(msgspec.Struct, kw_only=True, frozen=True):
    """`recommended` is null where no mix was found that keeps the risk. `saving` is of the given mix, path by path."""

    fleet: str
    currency: str
    max_unserved_probability: float
    seed: int
    draws: int
    search_draws: int
    given: MixOut
    given_meets_risk: bool
    recommended: MixOut | None
    saving: Money | None
    probability_of_saving: float | None
    by_policy: tuple[MixOut, ...]
    reasons: tuple[PlanReasonOut, ...]
    notes: tuple[str, ...]


def fleet_plan_out(plan: FleetPlan, *, currency: str, digits: int) -> FleetPlanOut:
    saved = saving_paths(plan)
    return FleetPlanOut(
        fleet=plan.fleet.name,
        currency=currency,
        max_unserved_probability=plan.max_unserved_probability,
        seed=plan.seed,
        draws=plan.draws,
        search_draws=plan.search_draws,
        given=_mix(plan.given, digits),
        given_meets_risk=plan.given_meets_the_risk,
        recommended=None if plan.recommended is None else _mix(plan.recommended, digits),
        saving=None if saved is None else _money(saved, digits),
        probability_of_saving=None if saved is None else probability_of_saving(saved),
        by_policy=tuple(_mix(one, digits) for one in plan.by_policy),
        reasons=tuple(_reason(one, digits) for one in plan.reasons),
        notes=tuple(_notes(plan)),
    )


def _mix(tried: TriedMix, digits: int) -> MixOut:
    mix, outcome = tried.mix, tried.outcome
    fixed = mix.policy == "fixed"
    return MixOut(
        policy=mix.policy,
        nodes=mix.least if fixed else None,
        min_nodes=None if fixed else mix.least,
        max_nodes=None if fixed else mix.most,
        committed_nodes=mix.committed,
        effective=_money(outcome.effective, digits),
        fleet=_amount(float(outcome.fleet.mean()), digits),
        overflow=_amount(float(outcome.overflow.mean()), digits),
        unserved_probability=outcome.unserved_probability,
        utilization_fraction=round(outcome.utilization_fraction, 6),
    )


def _reason(reason: Reason, digits: int) -> PlanReasonOut:
    fewer, more = (
        None if cost is None else _amount(cost, digits) for cost in (reason.cost_of_one_fewer, reason.cost_of_one_more)
    )
    return PlanReasonOut(
        number=reason.number,
        chosen=reason.chosen,
        cost_of_one_fewer=fewer,
        unserved_probability_of_one_fewer=reason.unserved_probability_of_one_fewer,
        cost_of_one_more=more,
        unserved_probability_of_one_more=reason.unserved_probability_of_one_more,
        used_fraction=None if reason.used_fraction is None else round(reason.used_fraction, 6),
        detail=_detail(reason, fewer, more),
    )


def _detail(reason: Reason, fewer: str | None, more: str | None) -> str:
    """The reason as a sentence without its full stop."""
    name, _, layer = reason.number.partition("/")
    chosen = f"{reason.chosen} node{'s'[: reason.chosen != 1]}"
    what = {
        "nodes": f"{chosen}, fixed",
        "least": f"at least {chosen}",
        "most": f"at most {chosen}" if reason.chosen is not None else "as many nodes as the busiest hour needs",
        "committed": f"{chosen} in commitment {int(layer or 0) + 1}",
    }[name]
    parts = [
        f"one {word} changes the expected cost by {cost}, with requests unserved on {100 * (risk or 0):.3g} % of paths"
        for word, cost, risk in (
            ("fewer", fewer, reason.unserved_probability_of_one_fewer),
            ("more", more, reason.unserved_probability_of_one_more),
        )
        if cost is not None
    ]
    if reason.used_fraction is not None:
        parts.append(f"the last committed node runs in {100 * reason.used_fraction:.3g} % of hours")
    return f"{what}: {'; '.join(parts)}" if parts else what


def _notes(plan: FleetPlan) -> list[str]:
    allowed = f"{100 * plan.max_unserved_probability:.3g} %"
    notes = []
    if not plan.given_meets_the_risk:
        unserved = f"{100 * plan.given.outcome.unserved_probability:.3g} %"
        notes.append(f"the given mix leaves requests unserved on {unserved} of paths, more than the {allowed} allowed")
    if plan.recommended is None:
        notes.append(f"no mix was found that leaves requests unserved on at most {allowed} of paths")
    if plan.keeps_nodes:
        notes.append("nodes that were bought, leased or committed by the plan's day are kept as they are")
    if plan.recommended is plan.given:
        notes.append("the given mix is the cheapest that was found")
    return notes


def _money(paths: FloatArray, digits: int) -> Money:
    return money_of(distribution(int(to_minor(np.array([paths.mean()]), digits)[0]), paths, digits), digits)


def _amount(value: float, digits: int) -> str:
    return format_minor(int(to_minor(np.array([value]), digits)[0]), digits)
