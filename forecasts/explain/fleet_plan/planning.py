"""Plans a fleet: searches the cheapest mix that keeps a risk, and proves it on draws that the search never saw."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from forecasts.checks import price_book_of
from forecasts.draws import Draws
from forecasts.explain.fleet_plan.mix import (
    Mix,
    Policy,
    allowed_policies,
    fleet_with,
    free_layers,
    mix_of,
    nodes_are_free,
)
from forecasts.explain.fleet_plan.reasons import Reason, reasons_for
from forecasts.explain.fleet_plan.scene import FleetScene, Outcome
from forecasts.explain.fleet_plan.search import Bounds, cheapest
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.replica import replica_of
from forecasts.plan import Plan
from forecasts.workload import FleetRoute

Report = Callable[[float], None]

# Paths x months that a step of the search looks at: enough for a mean, few enough for hundreds of steps.
_SEARCH_CELLS = 6144
_FEWEST_PATHS, _MOST_PATHS = 128, 512
# The risk counted on few paths is kept this many standard errors below what is allowed.
_MARGIN = 2.0
# A difference below a hundredth of the smallest coin is none.
_NEGLIGIBLE = 1e-4


@dataclass(frozen=True, kw_only=True, eq=False)
class TriedMix:
    """A mix and what it did on the fresh draws."""

    mix: Mix
    outcome: Outcome


@dataclass(frozen=True, kw_only=True, eq=False)
class FleetPlan:
    """`recommended` is None where no mix was found that keeps the risk; `by_policy` are the best of each policy.

    `keeps_nodes` says that some nodes were bought, leased or committed already and had no part in the search.
    """

    fleet: Fleet
    max_unserved_probability: float
    seed: int
    draws: int
    search_draws: int
    given: TriedMix
    recommended: TriedMix | None
    by_policy: tuple[TriedMix, ...]
    reasons: tuple[Reason, ...]
    keeps_nodes: bool

    @property
    def given_meets_the_risk(self) -> bool:
        return self.given.outcome.unserved_probability <= self.max_unserved_probability


def plan_fleet(
    plan: Plan,
    fleet: Fleet,
    max_unserved_probability: float,
    policies: tuple[Policy, ...] = (),
    report: Report = lambda _fraction: None,
) -> FleetPlan:
    """The cheapest mix for a fleet of a plan that `check_plan` found in order; `policies` of none are all it can have.

    Searched on the plan's own seed and compared with the given mix on the next one: what is recommended is never
    dearer there, in the mean, than a given mix that keeps the risk itself. `report` is told the fraction done.
    """
    given = mix_of(fleet)
    book = price_book_of(plan)
    paths = min(plan.draws, max(_FEWEST_PATHS, min(_MOST_PATHS, _SEARCH_CELLS // plan.timeline.months)))
    scene = FleetScene(plan, fleet, book, Draws(seed=plan.seed, count=paths))
    most = max(scene.most_needed(fleet), *given.committed, given.least, 0)
    demands = [
        workload.demand
        for workload in plan.workloads
        if any(entry.route == FleetRoute(fleet=fleet.name) for one in workload.route_sets for entry in one.shares)
    ]
    bounds = Bounds(fleet=fleet, given=given, as_of=plan.as_of, replica=replica_of(fleet, demands).nodes, most=most)
    allowed = max_unserved_probability - _MARGIN * math.sqrt(
        max_unserved_probability * (1.0 - max_unserved_probability) / paths
    )

    def cost(mix: Mix) -> float:
        outcome = scene.try_out(fleet_with(fleet, mix))
        return outcome.expected if outcome.unserved_probability <= max(allowed, 0.0) else math.inf

    candidates = [one for one in allowed_policies(fleet) if not policies or one in policies]
    found = []
    for number, policy in enumerate(candidates, start=1):
        best = cheapest(policy, _starts(given, bounds), bounds, cost)
        if best is not None:
            found.append(best)
        report(0.8 * number / len(candidates))

    seed = plan.seed + 1
    fresh = FleetScene(plan, fleet, book, Draws(seed=seed, count=plan.draws))
    tried = {mix: TriedMix(mix=mix, outcome=fresh.try_out(fleet_with(fleet, mix))) for mix in (given, *found)}
    kept = [one for one in tried.values() if one.outcome.unserved_probability <= max_unserved_probability]
    # Of equals the first counts, and the given mix is the first: nothing is changed for nothing.
    recommended = min(kept, key=lambda one: round(one.outcome.expected / _NEGLIGIBLE), default=None)
    report(0.9)
    reasons = () if recommended is None else reasons_for(recommended.mix, recommended.outcome, bounds, fresh)
    report(1.0)
    return FleetPlan(
        fleet=fleet,
        max_unserved_probability=max_unserved_probability,
        seed=seed,
        draws=plan.draws,
        search_draws=paths,
        given=tried[given],
        recommended=recommended,
        by_policy=tuple(tried[mix] for mix in found),
        reasons=reasons,
        keeps_nodes=not (nodes_are_free(fleet, plan.as_of) and all(free_layers(fleet, plan.as_of))),
    )


def _starts(given: Mix, bounds: Bounds) -> list[Mix]:
    """Where the search sets out: what is given, nodes for every hour that was seen, and as few as can be."""
    flexible = given if given.policy != "fixed" else replace(given, least=0, most=max(given.least, bounds.replica))
    every = replace(given, least=bounds.most, most=None)
    few = replace(given, least=0, most=0)
    return [flexible, every, few]


def saving_paths(plan: FleetPlan) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
    """What the recommended mix costs less than the given one, path by path of the fresh draws."""
    if plan.recommended is None:
        return None
    return plan.given.outcome.effective - plan.recommended.outcome.effective
