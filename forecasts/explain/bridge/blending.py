"""Plans between two others: some factors as they are in the one, all others as in the other."""

from collections.abc import Set
from dataclasses import fields, replace
from typing import Any, TypeVar

from forecasts.explain.bridge.ownership import (
    COST_OWNERS,
    DEMAND_OWNERS,
    FACTORS,
    FLEET_OWNERS,
    PLAN_OWNERS,
    RUNNING_OWNERS,
    WORKLOAD_OWNERS,
    Factor,
    Owners,
)
from forecasts.fleet.costs.terms import Commitment, Committed, FleetCost, Growth, OneOff, Owned, Tranche
from forecasts.fleet.fleet import Fleet
from forecasts.plan import Plan
from forecasts.workload import Workload

Taken = Set[Factor]
Row = TypeVar("Row", Commitment, Growth, Tranche)


class Blender:
    """Blends two plans of the same workloads, horizon and draws.

    Values that differ in nothing taken are the same objects, so that what is computed of them can be shared.
    """

    def __init__(self, before: Plan, after: Plan) -> None:
        self._before = before
        self._after = after
        self._earlier = {workload.name: workload for workload in before.workloads}
        self._workloads: dict[tuple[str, frozenset[Factor]], Workload] = {}

    def blend(self, taken: Taken) -> Plan:
        """`after` in the factors of `taken`, `before` in all others; with all of them it is `after` itself."""
        if len(taken) == len(FACTORS):
            return self._after
        return replace(
            self._after,
            **_fields_of_before(self._before, self._after, PLAN_OWNERS, taken),
            workloads=tuple(self._workload(after, taken) for after in self._after.workloads),
            fleets=tuple(_fleets(self._before, self._after, taken)),
        )

    def _workload(self, after: Workload, taken: Taken) -> Workload:
        key = after.name, frozenset(taken) & {"volume", "mix", "efficiency"}
        if key not in self._workloads:
            before = self._earlier[after.name]
            own = _fields_of_before(before, after, {**WORKLOAD_OWNERS, "demand": None}, taken)
            demand = _fields_of_before(before.demand, after.demand, DEMAND_OWNERS, taken)
            self._workloads[key] = replace(after, **own, demand=replace(after.demand, **demand))
        return self._workloads[key]


def _fleets(before: Plan, after: Plan, taken: Taken) -> list[Fleet]:
    """A fleet that comes or goes is capacity as a whole."""
    earlier = {fleet.name: fleet for fleet in before.fleets}
    later = {fleet.name: fleet for fleet in after.fleets}
    return [
        _fleet(earlier[name], later[name], taken)
        if name in earlier and name in later
        else later.get(name) or earlier[name]
        for name in (*later, *(name for name in earlier if name not in later))
        if (name in earlier and name in later) or (name in later) == ("capacity" in taken)
    ]


def _fleet(before: Fleet, after: Fleet, taken: Taken) -> Fleet:
    owners = {**FLEET_OWNERS, "cost": None, "one_offs": None}
    cost = blended_cost(before.cost, after.cost, taken)
    one_offs = _one_offs(before, after, taken)
    if before.currency != after.currency:
        # Amounts and the currency that they are in can only change together.
        priced = after if "price" in taken else before
        cost, one_offs = priced.cost, priced.one_offs
    return replace(after, **_fields_of_before(before, after, owners, taken), cost=cost, one_offs=one_offs)


def _one_offs(before: Fleet, after: Fleet, taken: Taken) -> tuple[OneOff, ...]:
    """The training of a draft module belongs to the decoder that it is for, and so to efficiency."""
    training = after if "efficiency" in taken else before
    others = after if "capacity" in taken else before
    return (
        *(one for one in training.one_offs if one.gpu_hours is not None),
        *(one for one in others.one_offs if one.gpu_hours is None),
    )


def blended_cost(before: FleetCost, after: FleetCost, taken: Taken) -> FleetCost:
    """Another way to pay for the same nodes, such as owned instead of rented, is amortization as a whole."""
    if type(before) is not type(after):
        return after if "amortization" in taken else before
    owners = COST_OWNERS[type(after).__name__]
    changes = _fields_of_before(before, after, {**owners, "running": None}, taken)
    changes["running"] = replace(
        after.running, **_fields_of_before(before.running, after.running, RUNNING_OWNERS, taken)
    )
    if isinstance(before, Committed) and isinstance(after, Committed):
        changes["commitments"] = _blended_rows(before.commitments, after.commitments, taken)
    if isinstance(before, Owned) and isinstance(after, Owned):
        changes["tranches"] = _blended_rows(before.tranches, after.tranches, taken)
        if before.growth is not None and after.growth is not None:
            changes["growth"] = _blended_row(before.growth, after.growth, taken)
    blended: FleetCost = replace(after, **changes)
    return blended


def _blended_rows(before: tuple[Any, ...], after: tuple[Any, ...], taken: Taken) -> tuple[Any, ...]:
    """Rows are compared in order; where one came or went all of them are capacity."""
    if len(before) != len(after):
        return after if "capacity" in taken else before
    return tuple(_blended_row(one, other, taken) for one, other in zip(before, after, strict=True))


def _blended_row(before: Row, after: Row, taken: Taken) -> Row:
    return replace(after, **_fields_of_before(before, after, COST_OWNERS[type(after).__name__], taken))


def _fields_of_before(before: Any, after: Any, owners: Owners, taken: Taken) -> dict[str, Any]:
    """The fields of a dataclass that stay as they were, by the factors that are not taken."""
    return {
        one.name: getattr(before, one.name)
        for one in fields(after)
        if owners[one.name] in FACTORS and owners[one.name] not in taken
    }
