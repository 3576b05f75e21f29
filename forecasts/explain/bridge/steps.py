"""What is peeled off before the factors, in a fixed order: draws, actuals, scope, calendar."""

from dataclasses import replace

from forecasts.actuals import Actual
from forecasts.fleet.fleet import Fleet
from forecasts.plan import Plan
from forecasts.timeline import Timeline
from forecasts.workload import FleetRoute, Workload


def with_draws_of(after: Plan, before: Plan) -> Plan:
    """`before` on the draws of `after`: seed, number and correlations."""
    if (before.seed, before.draws, before.correlations) == (after.seed, after.draws, after.correlations):
        return before
    return replace(before, seed=after.seed, draws=after.draws, correlations=after.correlations)


def with_actuals_of(after: Plan, before: Plan) -> Plan:
    """`before` with what was recorded by the time of `after`, as far as its horizon goes."""
    actuals = _within(after.actuals, before.timeline)
    return before if actuals == before.actuals else replace(before, actuals=actuals)


def with_scope_of(after: Plan, before: Plan) -> Plan:
    """`before` with the workloads of `after`: who came is as it came, who stayed bears the new accounts.

    A fleet comes or goes with its workloads where all of them do.
    """
    came = workloads_that_came(before, after)
    earlier = {workload.name: workload for workload in before.workloads}
    workloads = tuple(
        later if later.name in came else _relabelled(earlier[later.name], later) for later in after.workloads
    )
    fleets = _fleets_in_scope(before, after)
    same = _same(workloads, before.workloads) and _same(fleets, before.fleets)
    return before if same else replace(before, workloads=workloads, fleets=fleets)


def with_calendar_of(after: Plan, before: Plan) -> Plan:
    """`before` on the horizon of `after`, with what was recorded in it."""
    if before.timeline == after.timeline:
        return before
    return replace(before, timeline=after.timeline, actuals=after.actuals)


def _within(actuals: tuple[Actual, ...], timeline: Timeline) -> tuple[Actual, ...]:
    return tuple(actual for actual in actuals if 0 <= timeline.offset_of(actual.month) < timeline.months)


def _same(some: tuple[object, ...], others: tuple[object, ...]) -> bool:
    return len(some) == len(others) and all(one is other for one, other in zip(some, others, strict=True))


def workloads_that_came(before: Plan, after: Plan) -> set[str]:
    """By name; ask the other way round for those that went."""
    return {workload.name for workload in after.workloads} - {workload.name for workload in before.workloads}


def _relabelled(earlier: Workload, later: Workload) -> Workload:
    if (earlier.cost_center, earlier.gl_account) == (later.cost_center, later.gl_account):
        return earlier
    return replace(earlier, cost_center=later.cost_center, gl_account=later.gl_account)


def _fleets_in_scope(before: Plan, after: Plan) -> tuple[Fleet, ...]:
    gone = _moved_with_their_workloads(before, after)
    came = _moved_with_their_workloads(after, before)
    later = {fleet.name: fleet for fleet in after.fleets}
    kept = []
    for fleet in before.fleets:
        if fleet.name in gone:
            continue
        now = later.get(fleet.name, fleet)
        same = (fleet.cost_center, fleet.gl_accounts) == (now.cost_center, now.gl_accounts)
        kept.append(fleet if same else replace(fleet, cost_center=now.cost_center, gl_accounts=now.gl_accounts))
    return (*kept, *(later[name] for name in later if name in came))


def _moved_with_their_workloads(here: Plan, there: Plan) -> set[str]:
    """Fleets of `here` alone that have workloads, all of which are of `here` alone, too."""
    own = workloads_that_came(there, here)
    elsewhere = {fleet.name for fleet in there.fleets}
    users: dict[str, set[str]] = {fleet.name: set() for fleet in here.fleets if fleet.name not in elsewhere}
    for workload in here.workloads:
        for route_set in workload.route_sets:
            for entry in route_set.shares:
                if isinstance(entry.route, FleetRoute) and entry.route.fleet in users:
                    users[entry.route.fleet].add(workload.name)
    return {name for name, served in users.items() if served and served <= own}
