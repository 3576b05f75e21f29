"""The search for the cheapest mix: whole numbers of nodes, step by step, each tried on all sample paths at once."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import permutations

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
    """The cheapest mix of a policy that is reached from any start; None where no start leads to a finite cost.

    From each start one number at a time is moved by a step while that is cheaper, the step halved until it is 1; at the
    end nodes are also exchanged between two numbers. The cost is infinite where the risk is too high.
    """
    known: dict[Mix, float] = {}

    def cost_of(mix: Mix) -> float:
        if mix not in known:
            known[mix] = cost(mix)
        return known[mix]

    best: Mix | None = None
    for start in starts:
        found = _descend(replace(start, policy=policy), bounds, cost_of)
        if math.isfinite(cost_of(found)) and (best is None or cost_of(found) < cost_of(best)):
            best = found
    return best


def _descend(start: Mix, bounds: Bounds, cost_of: Cost) -> Mix:
    here, step = _settled(start, bounds), 1 << max(0, bounds.most.bit_length() - 1)
    while step:
        there = min(_neighbours(here, step, bounds), key=cost_of, default=here)
        if cost_of(there) < cost_of(here):
            here = there
        else:
            step //= 2
    return here


def _neighbours(mix: Mix, step: int, bounds: Bounds) -> Iterator[Mix]:
    numbers = free_numbers(mix, bounds)
    for number in numbers:
        for change in (-step, step):
            yield from moved(mix, {number: change}, bounds)
    if step == 1:
        for up, down in permutations(numbers, 2):
            yield from moved(mix, {up: 1, down: -1}, bounds)


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
