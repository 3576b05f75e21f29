"""What a forecast has to say of its own accord: waiting that nobody can work out, and a speed that was not measured."""

from collections.abc import Iterator, Sequence

from forecasts.fleet.fleet import Fleet
from forecasts.plan import Plan
from forecasts.routing import shares_by_month
from forecasts.speculation.gains.conditions import operating_point
from forecasts.workload import FleetRoute, Route, Workload


def waiting_not_computed(plan: Plan) -> Iterator[tuple[int, str]]:
    """The place of a workload that people wait for, and in words which of its routes is left out of their hours."""
    fleets = {fleet.name: fleet for fleet in plan.fleets}
    for index, workload in enumerate(plan.workloads):
        if workload.waiting is None:
            continue
        for route, share in shares_by_month(workload, plan.timeline):
            reason = _without_speed(route, fleets)
            if share.any() and reason is not None:
                yield index, f"the hours waited for {workload.name} on {route} are not computed: {reason}"


def _without_speed(route: Route, fleets: dict[str, Fleet]) -> str | None:
    if not isinstance(route, FleetRoute):
        return "how fast a provider answers is not known"
    if fleets[route.fleet].throughput.concurrency_per_node is None:
        return "state the fleet's concurrency_per_node, over which its throughput is shared"
    return None


def speed_not_met_as_stated(fleet: Fleet, workloads: Sequence[Workload]) -> str | None:
    """In words where the stated throughput is slower for a user than the speed at which its gain is read."""
    point, rates = operating_point(fleet, workloads), fleet.throughput
    if rates.concurrency_per_node is None or point.wanted_speed is None or point.measured_speed >= point.wanted_speed:
        return None
    stated = f"{rates.output_tokens_per_second:g} over {rates.concurrency_per_node:g} requests"
    return (
        f"a workload needs {point.wanted_speed:g} tokens per second per user, where the stated throughput gives "
        f"{point.measured_speed:.4g} ({stated}): the gain is that of the speed needed, the throughput it multiplies is "
        "not, so that nodes may be too few; state the throughput and the concurrency at which that speed is met"
    )
