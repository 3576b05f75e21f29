"""Which fields of a workload or a fleet a part of a bridge is about, each with what it was and is."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from forecasts.draws import Pert
from forecasts.explain.bridge.causes.wording import label, words
from forecasts.explain.bridge.ownership import (
    COST_OWNERS,
    DEMAND_OWNERS,
    FLEET_OWNERS,
    RUNNING_OWNERS,
    WORKLOAD_OWNERS,
    Factor,
    Owners,
)
from forecasts.fleet.costs.terms import Committed, FleetCost, Owned
from forecasts.fleet.fleet import Fleet
from forecasts.speculation.decoder import Decoder
from forecasts.workload import OutputLengths, Workload

# These are told whole, with all that they say.
_WHOLE = (Pert, OutputLengths, Decoder)


def changes_of_workload(before: Workload, after: Workload, factor: Factor) -> list[str]:
    """Such as `requests per month 58,000,000 to 70,000,000`."""
    own = _owned(before, after, {**WORKLOAD_OWNERS, "demand": None}, factor)
    return [*own, *_owned(before.demand, after.demand, DEMAND_OWNERS, factor)]


def changes_of_fleet(before: Fleet, after: Fleet, factor: Factor) -> list[str]:
    """The same of a fleet, its cost included."""
    changes = list(_owned(before, after, {**FLEET_OWNERS, "cost": None, "one_offs": None}, factor))
    if before.currency != after.currency:
        # The amounts are in the new currency, and price as a whole.
        return changes
    changes += _of_cost(before.cost, after.cost, factor)
    for training, owner in ((True, "efficiency"), (False, "capacity")):
        if owner == factor:
            earlier, later = (
                [one for one in fleet.one_offs if (one.gpu_hours is not None) == training] for fleet in (before, after)
            )
            changes += [f"one-off {one.what!r} in {one.month} added" for one in later if one not in earlier]
            changes += [f"one-off {one.what!r} in {one.month} dropped" for one in earlier if one not in later]
    return changes


def _of_cost(before: FleetCost, after: FleetCost, factor: Factor) -> Iterator[str]:
    if type(before) is not type(after):
        if factor == "amortization":
            yield f"paid for as {words_of_kind(before)} before and {words_of_kind(after)} now"
        return
    rows = {"running": None, "commitments": None, "tranches": None, "growth": None}
    yield from _owned(before, after, {**COST_OWNERS[type(after).__name__], **rows}, factor)
    yield from _owned(before.running, after.running, RUNNING_OWNERS, factor)
    if isinstance(before, Committed) and isinstance(after, Committed):
        yield from _of_rows("commitment", before.commitments, after.commitments, factor)
    if isinstance(before, Owned) and isinstance(after, Owned):
        yield from _of_rows("tranche", before.tranches, after.tranches, factor)
        growth = [tuple(one for one in (cost.growth,) if one is not None) for cost in (before, after)]
        yield from _of_rows("growth purchase", growth[0], growth[1], factor)


def _of_rows(what: str, before: tuple[Any, ...], after: tuple[Any, ...], factor: Factor) -> Iterator[str]:
    if len(before) != len(after):
        if factor == "capacity":
            yield f"{len(before)} to {len(after)} of {what}"
        return
    for number, (one, other) in enumerate(zip(before, after, strict=True), start=1):
        which = f"{what} {number} " if len(after) > 1 else ""
        for change in _owned(one, other, COST_OWNERS[type(other).__name__], factor):
            yield f"{which}{change}"


def words_of_kind(cost: FleetCost) -> str:
    return type(cost).__name__.lower()


def _owned(before: Any, after: Any, owners: Owners, factor: Factor) -> Iterator[str]:
    for one in fields(after):
        if owners[one.name] == factor:
            yield from _differences(label(one.name), getattr(before, one.name), getattr(after, one.name))


def _differences(name: str, before: Any, after: Any) -> Iterator[str]:
    """One change, or one for each field of a value of the same kind."""
    if isinstance(after, np.ndarray):
        if not np.array_equal(before, after):
            yield f"{name} changed"
    elif is_dataclass(after) and type(before) is type(after) and not isinstance(after, _WHOLE):
        for one in fields(after):
            yield from _differences(f"{name} {label(one.name)}", getattr(before, one.name), getattr(after, one.name))
    elif (earlier := words(before)) != (later := words(after)):
        yield f"{name} {earlier} to {later}"
    elif isinstance(after, OutputLengths) and before != after:
        yield f"{name} spread otherwise around {later}"
