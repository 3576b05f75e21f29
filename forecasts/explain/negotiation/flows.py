"""Who sends what where: the requests of a plan on API routes, overflow included, and its fleets as they are used."""

from dataclasses import dataclass

import numpy as np

from forecasts.checks import price_book_of
from forecasts.demand import request_paths
from forecasts.draws import Draws
from forecasts.fleet.capacity import work_per_request
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.operation import FleetLoad, FleetOperation, operate
from forecasts.fleet.scaling.planned import planned_requests
from forecasts.money import minor_digits
from forecasts.plan import Plan
from forecasts.prices.book import PriceBook
from forecasts.routing import shares_by_month
from forecasts.speculation.speedup import FleetSpeedup, fleet_speedup
from forecasts.timeline import FloatArray
from forecasts.workload import ApiRoute, Demand, Workload


@dataclass(frozen=True, kw_only=True, eq=False)
class Flow:
    """Requests of one workload on an API route, shape `[months, draws]`."""

    workload: Workload
    route: ApiRoute
    requests: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class UsedFleet:
    """A fleet that serves something: its utilisation, and what an hour of a node at work costs, idle hours borne.

    `slowness` is the mean time of an output token over that without a decoder, shape `[months]`. A throughput without
    an input rate holds for the uncached `input_per_output_token` of the fleet's own workloads.
    """

    fleet: Fleet
    utilization_fraction: float
    input_per_output_token: float
    cost_per_node_hour: float
    slowness: FloatArray

    def cannot_tell(self, demand: Demand) -> str | None:
        """Why the fleet's throughput says nothing about such requests; None where it does."""
        if self.fleet.throughput.input_tokens_per_second is not None:
            return None
        if demand.output_tokens <= 0.0:
            return "its throughput is of output alone, and these requests have none"
        asked = demand.uncached_input_tokens / demand.output_tokens
        if asked <= self.input_per_output_token * (1.0 + 1e-9):
            return None
        return (
            f"its throughput has no rate of input and holds for {self.input_per_output_token:.3g} uncached input tokens"
            f" per output token, and these requests have {asked:.3g}"
        )

    def cost_per_request(self, demand: Demand) -> FloatArray:
        """Shape `[months]`: of the node-hours that one more request of this kind would take."""
        work = work_per_request(demand, self.fleet)
        hours: FloatArray = work.output_node_hours * self.slowness + work.input_node_hours
        return self.cost_per_node_hour * hours


def plan_flows(plan: Plan) -> tuple[list[Flow], list[UsedFleet]]:
    """The same draws, runs and routes as `forecast` has of the plan."""
    draws = Draws(seed=plan.seed, count=plan.draws)
    flows: list[Flow] = []
    loads: dict[str, list[FleetLoad]] = {fleet.name: [] for fleet in plan.fleets}
    by_name = {fleet.name: fleet for fleet in plan.fleets}
    for workload in plan.workloads:
        requests = request_paths(workload, plan.timeline, draws, plan.correlations)
        for route, share in shares_by_month(workload, plan.timeline):
            routed = requests if (share == 1.0).all() else requests * share[:, None]
            if isinstance(route, ApiRoute):
                flows.append(Flow(workload=workload, route=route, requests=routed))
                continue
            scaling = by_name[route.fleet].scaling
            expected = planned_requests(scaling, workload, requests, plan.timeline, draws, plan.correlations)
            planned = None if expected is None else expected * share[:, None]
            loads[route.fleet].append(FleetLoad(workload=workload, requests=routed, planned=planned))
    fleets = []
    book = price_book_of(plan)
    for fleet in plan.fleets:
        if not loads[fleet.name]:
            continue
        speedup, run = _run(plan, fleet, loads[fleet.name], draws, book)
        flows += _overflow(fleet, loads[fleet.name], run)
        used = _used(fleet, loads[fleet.name], speedup, run)
        fleets += [] if used is None else [used]
    return flows, fleets


def _run(
    plan: Plan, fleet: Fleet, loads: list[FleetLoad], draws: Draws, book: PriceBook
) -> tuple[FleetSpeedup, FleetOperation]:
    speedup = fleet_speedup(fleet, [load.workload for load in loads], plan.timeline, draws, plan.measurements)
    exchange = book.exchange_path(fleet.currency)
    run = operate(fleet, loads, plan.timeline, speedup, exchange, draws.count, minor_digits(plan.currency))
    return speedup, run


def _overflow(fleet: Fleet, loads: list[FleetLoad], run: FleetOperation) -> list[Flow]:
    if fleet.overflow_to is None:
        return []
    found = []
    for load, served in zip(loads, run.served, strict=True):
        lost = run.not_served(load, served)
        if lost is not None:
            found.append(Flow(workload=load.workload, route=fleet.overflow_to, requests=lost))
    return found


def _used(fleet: Fleet, loads: list[FleetLoad], speedup: FleetSpeedup, run: FleetOperation) -> UsedFleet | None:
    """None for a fleet that does no work."""
    shape = run.utilization.shape
    serving = np.broadcast_to(run.nodes.serving_hours, shape)
    busy = float((run.utilization * serving).mean(axis=1).sum())
    if busy <= 0.0:
        return None
    cost = sum(float(np.broadcast_to(stream.effective, shape).mean(axis=1).sum()) for stream in run.streams)
    quicker = np.broadcast_to(speedup.of_mix([load.output_tokens for load in loads], shape), shape)
    return UsedFleet(
        fleet=fleet,
        utilization_fraction=busy / float(serving.mean(axis=1).sum()),
        input_per_output_token=_input_per_output(loads),
        cost_per_node_hour=cost / busy,
        slowness=(1.0 / quicker).mean(axis=1),
    )


def _input_per_output(loads: list[FleetLoad]) -> float:
    requests = [float(load.requests.mean(axis=1).sum()) for load in loads]
    demands = [load.workload.demand for load in loads]
    output = sum(count * demand.output_tokens for count, demand in zip(requests, demands, strict=True))
    asked = sum(count * demand.uncached_input_tokens for count, demand in zip(requests, demands, strict=True))
    return asked / output if output > 0.0 else 0.0
