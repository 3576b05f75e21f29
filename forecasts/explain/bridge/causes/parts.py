"""What caused each part of a bridge, the workload that moved most first."""

from collections.abc import Iterator, Sequence

from forecasts.explain.bridge.bridge import Bridge, BridgeSide
from forecasts.explain.bridge.causes.changes import changes_of_fleet, changes_of_workload, words_of_kind
from forecasts.explain.bridge.causes.prices import (
    changes_of_contracts,
    changes_of_exchange,
    changes_of_route,
    routes_of,
)
from forecasts.explain.bridge.causes.wording import money
from forecasts.explain.bridge.cells import BASES
from forecasts.explain.bridge.ownership import Factor, PartName
from forecasts.explain.bridge.steps import workloads_that_came
from forecasts.plan import Plan


def causes_of(part: PartName, found: Bridge, before: BridgeSide, after: BridgeSide) -> Iterator[str]:
    """In words without a full stop; a workload's own amount stands behind it."""
    match part:
        case "model_version":
            yield from _of_version(before, after)
        case "draws":
            yield from _of_draws(before.plan, after.plan)
        case "actuals":
            yield from _of_actuals(before.plan, after.plan)
        case "scope":
            yield from _of_scope(found, before.plan, after.plan)
        case "calendar":
            yield from _of_calendar(found, before.plan, after.plan)
        case _:
            yield from _of_factor(part, found, before.plan, after.plan)


def _of_factor(factor: Factor, found: Bridge, before: Plan, after: Plan) -> Iterator[str]:
    if factor == "price":
        yield from _of_price(found, before, after)
    yield from _of_workloads(found, before, after, factor)
    yield from _of_fleets(before, after, factor)
    if factor == "efficiency" and before.measurements != after.measurements:
        yield f"{len(before.measurements)} to {len(after.measurements)} measured points"


def _of_version(before: BridgeSide, after: BridgeSide) -> Iterator[str]:
    if before.model_version != after.model_version:
        yield f"computed by version {before.model_version}, then by {after.model_version}"
    else:
        yield "this version of the model computes the same inputs otherwise"


def _of_draws(before: Plan, after: Plan) -> Iterator[str]:
    for name in ("seed", "draws"):
        was, now = getattr(before, name), getattr(after, name)
        if was != now:
            yield f"{name} {was} to {now}"
    if before.correlations != after.correlations:
        yield "other correlations between workloads"


def _of_actuals(before: Plan, after: Plan) -> Iterator[str]:
    known = {actual.month for actual in before.actuals}
    months = sorted({actual.month for actual in after.actuals if actual.month not in known})
    if months:
        span = str(months[0]) if len(months) == 1 else f"{months[0]} to {months[-1]}"
        yield f"recorded since: {span}"
    else:
        yield "what was recorded has been corrected"


def _of_scope(found: Bridge, before: Plan, after: Plan) -> Iterator[str]:
    came, went = (workloads_that_came(one, other) for one, other in ((before, after), (after, before)))
    for name in _largest_first(found, "scope", sorted(came | went), after):
        yield f"{name} {'came' if name in came else 'went'} ({_own(found, 'scope', name, after)})"


def _of_calendar(found: Bridge, before: Plan, after: Plan) -> Iterator[str]:
    was, now = ({str(month) for month in side.timeline.labels} for side in (before, after))
    cells = found.parts["calendar"][BASES.index(after.budget_basis)].sum(axis=0).tolist()
    amounts = {str(month): amount for month, amount in zip(found.months, cells, strict=True)}
    for months, what in ((sorted(was - now), "left"), (sorted(now - was), "entered")):
        if months:
            span = months[0] if len(months) == 1 else f"{months[0]} to {months[-1]}"
            yield f"{span} {what} ({_signed(sum(amounts[month] for month in months), found.digits)})"
    if before.timeline.calendar != after.timeline.calendar:
        yield f"calendar {before.timeline.calendar} to {after.timeline.calendar}"


def _of_price(found: Bridge, before: Plan, after: Plan) -> Iterator[str]:
    names = [workload.name for workload in after.workloads]
    by_name = {workload.name: workload for workload in after.workloads}
    for name in _largest_first(found, "price", names, after):
        if _amount(found, "price", name, after):
            for route in routes_of(after, by_name[name]):
                yield from changes_of_route(before, after, route, by_name[name].demand)
    yield from changes_of_contracts(before, after)
    yield from changes_of_exchange(before, after)


def _of_workloads(found: Bridge, before: Plan, after: Plan, factor: Factor) -> Iterator[str]:
    earlier = {workload.name: workload for workload in before.workloads}
    both = {workload.name: workload for workload in after.workloads if workload.name in earlier}
    for name in _largest_first(found, factor, list(both), after):
        changes = changes_of_workload(earlier[name], both[name], factor)
        if changes:
            yield f"{name}: {', '.join(changes)} ({_own(found, factor, name, after)})"


def _of_fleets(before: Plan, after: Plan, factor: Factor) -> Iterator[str]:
    earlier = {fleet.name: fleet for fleet in before.fleets}
    later = {fleet.name: fleet for fleet in after.fleets}
    for name, fleet in later.items():
        if name in earlier:
            changes = changes_of_fleet(earlier[name], fleet, factor)
            if changes:
                yield f"{name}: {', '.join(changes)}"
        elif factor == "capacity":
            yield f"the fleet {name} came with {fleet.nodes} {words_of_kind(fleet.cost)} nodes"
    if factor == "capacity":
        for name in earlier:
            if name not in later:
                yield f"the fleet {name} went"


def _largest_first(found: Bridge, part: PartName, names: Sequence[str], plan: Plan) -> list[str]:
    return sorted(names, key=lambda name: (-abs(_amount(found, part, name, plan)), name))


def _amount(found: Bridge, part: PartName, workload: str, plan: Plan) -> int:
    own = [index for index, row in enumerate(found.rows) if row.workload == workload]
    return int(found.parts[part][BASES.index(plan.budget_basis)][own].sum())


def _own(found: Bridge, part: PartName, workload: str, plan: Plan) -> str:
    return _signed(_amount(found, part, workload, plan), found.digits)


def _signed(minor: int, digits: int) -> str:
    return ("-" if minor < 0 else "+") + money(minor, digits)
