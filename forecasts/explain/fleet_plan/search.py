"""The search for the cheapest mix: whole numbers of nodes, step by step, each tried on all sample paths at once."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, product

from forecasts.explain.fleet_plan.mix import Mix, Policy, free_layers, nodes_are_free
from forecasts.fleet.fleet import Fleet

Cost = Callable[[Mix], float]


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What can be chosen for a fleet: up to `most` nodes, at least `replica` where there are any at all."""

    fleet: Fleet
    given: Mix
    as_of: date
    replica: int
    most: int


def cheapest(policy: Policy, starts: list[Mix], bounds: Bounds, cost: Cost) -> Mix | None:
    """The cheapest mix of a policy that is reached from any start; None where none leads to a finite cost.

    From each start one number, or two together or against each other, is moved by a step for as long as that is
    cheaper, and the step halved until it is 1. The cost is infinite where the risk is too high.
    """
    known: dict[Mix, float] = {}

    def cost_of(mix: Mix) -> float:
        if mix not in known:
            known[mix] = cost(mix)
        return known[mix]

    settled = dict.fromkeys(_settled(replace(start, policy=policy), bounds) for start in starts)
    found = min((_from_start(start, bounds, cost_of) for start in settled), key=cost_of)
    return found if math.isfinite(cost_of(found)) else None


def _from_start(here: Mix, bounds: Bounds, cost_of: Cost) -> Mix:
    step = 1 << max(0, bounds.most.bit_length() - 1)
    while step:
        here = _descend(here, _moves(free_numbers(here, bounds), step), bounds, cost_of)
        step //= 2
    return here


def _descend(here: Mix, moves: list[dict[str, int]], bounds: Bounds, cost_of: Cost) -> Mix:
    """Each move for as long as it is cheaper, and all of them again until none is."""
    tried_in_vain = 0
    while moves and tried_in_vain < len(moves):
        tried_in_vain = 0
        for move in moves:
            there = next(moved(here, move, bounds), here)
            if cost_of(there) >= cost_of(here):
                tried_in_vain += 1
                continue
            while cost_of(there) < cost_of(here):
                here, there = there, next(moved(there, move, bounds), there)
    return here


def _moves(numbers: list[str], step: int) -> list[dict[str, int]]:
    """Each number alone, and each two: a commitment pays only with the nodes it is for, or in another's place."""
    moves = [{number: change} for number in numbers for change in (step, -step)]
    for one, other in combinations(numbers, 2):
        moves += [{one: first, other: second} for first, second in product((step, -step), repeat=2)]
    return moves


def free_numbers(mix: Mix, bounds: Bounds) -> list[str]:
    """The names of the numbers that can be chosen under the mix's policy: bounds, and `committed/0`, ..."""
    numbers = [f"committed/{layer}" for layer, free in enumerate(free_layers(bounds.fleet, bounds.as_of)) if free]
    if not nodes_are_free(bounds.fleet, bounds.as_of):
        return numbers
    return {"fixed": ["nodes"], "monthly": ["least", "most"], "hourly": ["most"]}[mix.policy] + numbers


def moved(mix: Mix, changes: dict[str, int], bounds: Bounds) -> Iterator[Mix]:
    """The mix with numbers changed; nothing where that leads out of bounds or changes nothing."""
    least, most = mix.least, bounds.most if mix.most is None else mix.most
    committed = list(mix.committed)
    for number, change in changes.items():
        if number == "nodes":
            least = most = least + change
        elif number == "least":
            least += change
        elif number == "most":
            most += change
        else:
            committed[int(number.partition("/")[2])] += change
    inside = 0 <= least <= most and min(committed, default=0) >= 0 and max(committed, default=0) <= bounds.most
    if mix.policy == "fixed":
        inside = inside and most <= bounds.most and (most == 0 or most >= bounds.replica)
    else:
        inside = inside and most >= bounds.replica
    found = replace(mix, least=least, most=_open(mix.policy, most, bounds), committed=tuple(committed))
    if inside and found != mix:
        yield found


def _settled(mix: Mix, bounds: Bounds) -> Mix:
    """A start under its policy and within bounds; nodes that can no longer be chosen stay as they are."""
    if not nodes_are_free(bounds.fleet, bounds.as_of):
        return replace(mix, least=bounds.given.least, most=bounds.given.most)
    most = bounds.most if mix.most is None else min(mix.most, bounds.most)
    if mix.policy == "fixed":
        nodes = max(most, mix.least)
        return replace(mix, least=nodes, most=nodes)
    most = max(most, bounds.replica, mix.least)
    return replace(mix, most=_open(mix.policy, most, bounds))


def _open(policy: Policy, most: int, bounds: Bounds) -> int | None:
    """Where the upper bound is all that any hour was seen to need, there need not be one."""
    return None if policy != "fixed" and most >= bounds.most else most
