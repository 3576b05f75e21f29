"""Why a mix of nodes and not its neighbour: what one node more or fewer would do, and how commitments are used."""

from dataclasses import dataclass

import numpy as np

from forecasts.explain.fleet_plan.mix import Mix, fleet_with
from forecasts.explain.fleet_plan.scene import FleetScene, Outcome
from forecasts.explain.fleet_plan.search import Bounds, free_numbers, moved


@dataclass(frozen=True, kw_only=True)
class Reason:
    """One number of the mix, and what its neighbours would change in expected cost and in risk.

    `number` is `nodes`, `least`, `most` or `committed/` and the layer's index. `used_fraction` is the fraction of hours
    in which the fleet runs as many nodes as are committed, all layers together. What is out of bounds is None.
    """

    number: str
    chosen: int | None
    cost_of_one_fewer: float | None
    unserved_probability_of_one_fewer: float | None
    cost_of_one_more: float | None
    unserved_probability_of_one_more: float | None
    used_fraction: float | None = None


def reasons_for(mix: Mix, outcome: Outcome, bounds: Bounds, scene: FleetScene) -> tuple[Reason, ...]:
    """One for each number that could be chosen, on the scene's draws."""
    found = []
    for number in free_numbers(mix, bounds):
        fewer, more = (_difference(mix, number, change, outcome, bounds, scene) for change in (-1, 1))
        found.append(
            Reason(
                number=number,
                chosen=_chosen(mix, number),
                cost_of_one_fewer=fewer[0],
                unserved_probability_of_one_fewer=fewer[1],
                cost_of_one_more=more[0],
                unserved_probability_of_one_more=more[1],
                used_fraction=_used_fraction(mix, outcome) if number.startswith("committed/") else None,
            )
        )
    return tuple(found)


def _difference(
    mix: Mix, number: str, change: int, outcome: Outcome, bounds: Bounds, scene: FleetScene
) -> tuple[float | None, float | None]:
    for neighbour in moved(mix, {number: change}, bounds):
        tried = scene.try_out(fleet_with(bounds.fleet, neighbour))
        return tried.expected - outcome.expected, tried.unserved_probability
    return None, None


def _chosen(mix: Mix, number: str) -> int | None:
    if number == "most":
        return mix.most
    if number in {"nodes", "least"}:
        return mix.least
    return mix.committed[int(number.partition("/")[2])]


def _used_fraction(mix: Mix, outcome: Outcome) -> float | None:
    """Of all committed nodes together the last one's use: layers cover the same hours, first come first served."""
    level = float(sum(mix.committed))
    if level == 0.0:
        return None
    nodes = outcome.nodes
    below, at = (nodes.hours_above(np.full(nodes.hours.shape, one)) for one in (level - 1.0, level))
    used = np.broadcast_to(below - at, np.broadcast_shapes(below.shape, at.shape))
    return float(used.mean(axis=1).sum() / nodes.hours.sum())
