"""One fleet under the load of its workloads: what it serves, how busy it is, and who causes its cost."""

from dataclasses import dataclass

import numpy as np

from forecasts.fleet.capacity import WorkPerRequest, nodes_under_policy, usable_nodes, work_per_request
from forecasts.fleet.costs.stream import CostStream
from forecasts.fleet.costs.streams import cost_streams
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.nodes import NodeUse, NodeWork
from forecasts.fleet.replica import replica_of
from forecasts.fleet.scaling.planned import planned_slowness
from forecasts.fleet.scaling.terms import Monthly
from forecasts.fleet.scaling.week import WeeklyWork
from forecasts.speculation.speedup import FleetSpeedup
from forecasts.timeline import FloatArray, Timeline
from forecasts.units import SECONDS_PER_HOUR
from forecasts.workload import Workload


@dataclass(frozen=True, kw_only=True, eq=False)
class FleetLoad:
    """The requests that a workload sends to a fleet, shape `[months, draws]`.

    `planned` are those that were expected when a month's nodes were ordered; None where nothing is ordered ahead.
    """

    workload: Workload
    requests: FloatArray
    planned: FloatArray | None = None

    @property
    def output_tokens(self) -> FloatArray:
        return self.requests * self.workload.demand.output_tokens


@dataclass(frozen=True, kw_only=True, eq=False)
class FleetOperation:
    """Arrays over `[months, draws]`, lists by load. `shares` are of all node-hours paid for, spares included.

    `speedup` is of the mix of loads, on the basis that the fleet is judged by.
    """

    nodes: NodeUse
    speedup: FloatArray
    served: list[FloatArray]
    shares: list[FloatArray]
    utilization: FloatArray
    capacity_tokens: FloatArray
    served_tokens: FloatArray
    streams: list[CostStream]

    @property
    def serves_everything(self) -> bool:
        return all(bool((fraction >= 1.0 - 1e-12).all()) for fraction in self.served)

    def not_served(self, load: FleetLoad, served: FloatArray) -> FloatArray | None:
        """Requests that found no capacity, shape `[months, draws]`; None where all did."""
        if (served >= 1.0).all():
            return None
        return load.requests * (1.0 - served)


def operate(
    fleet: Fleet,
    loads: list[FleetLoad],
    timeline: Timeline,
    speedup: FleetSpeedup,
    exchange: FloatArray,
    paths: int,
    digits: int,
) -> FleetOperation:
    """Runs a fleet under its policy on `paths` sample paths.

    `exchange` has shape `[months]`; `digits` are the decimals of the plan's currency.
    """
    shape = (timeline.months, paths)
    hours = timeline.hours[:, None]
    works = [
        _node_hours(load.requests, work_per_request(load.workload.demand, fleet), 1.0 / quicker)
        for load, quicker in zip(loads, speedup.by_load, strict=True)
    ]
    offered_work = _over_the_week(loads, works, hours)
    planned_work = _planned_work(fleet, loads, timeline, speedup, offered_work)
    nodes = nodes_under_policy(
        fleet, timeline, offered_work, planned_work, replica_of(fleet, [load.workload.demand for load in loads]).nodes
    )
    served = _served(fleet, loads, offered_work, nodes)
    served_works = [work * fraction for work, fraction in zip(works, served, strict=True)]
    offered = [load.output_tokens for load in loads]
    utilization = _over(_total(served_works, shape), nodes.serving_hours)
    served_tokens = _total([tokens * fraction for tokens, fraction in zip(offered, served, strict=True)], shape)
    return FleetOperation(
        nodes=nodes,
        speedup=speedup.of_mix_on_basis(offered, shape),
        served=served,
        shares=[_over(work, nodes.paid_hours) for work in served_works],
        utilization=utilization,
        capacity_tokens=_tokens_per_node_hour(
            fleet, _total(offered, shape), _total(works, shape), speedup.of_mix(offered, shape)
        )
        * nodes.serving_hours,
        served_tokens=served_tokens,
        streams=cost_streams(
            fleet, timeline, exchange, nodes, NodeWork(utilization=utilization, output_tokens=served_tokens), digits
        ),
    )


def _node_hours(requests: FloatArray, work: WorkPerRequest, slowness: FloatArray) -> FloatArray:
    """Node-hours of a month, shape `[months, draws]`; a decoder quickens output alone."""
    node_hours: FloatArray = requests * (work.output_node_hours * slowness + work.input_node_hours)
    return node_hours


def _planned_work(
    fleet: Fleet, loads: list[FleetLoad], timeline: Timeline, speedup: FleetSpeedup, offered: WeeklyWork | None
) -> WeeklyWork | None:
    """The work that a month's nodes were ordered for; what is offered where nothing is ordered ahead."""
    if not isinstance(fleet.scaling, Monthly) or fleet.scaling.lead_time_months == 0:
        return offered
    lead = fleet.scaling.lead_time_months
    works = [
        _node_hours(
            load.requests if load.planned is None else load.planned,
            work_per_request(load.workload.demand, fleet),
            planned_slowness(quicker, fleet.decoder, timeline, lead),
        )
        for load, quicker in zip(loads, speedup.by_load, strict=True)
    ]
    return _over_the_week(loads, works, timeline.hours[:, None])


def _over_the_week(loads: list[FleetLoad], works: list[FloatArray], hours: FloatArray) -> WeeklyWork | None:
    """Work by hourly profile, loads of one profile together; None without loads."""
    if not loads:
        return None
    totals: dict[bytes, FloatArray] = {}
    for load, work in zip(loads, works, strict=True):
        key = _key(load)
        totals[key] = totals[key] + work if key in totals else work
    return WeeklyWork.of(list(totals.values()), [np.frombuffer(key) for key in totals], hours)


def _served(fleet: Fleet, loads: list[FleetLoad], offered: WeeklyWork | None, nodes: NodeUse) -> list[FloatArray]:
    """The fraction of each load that finds capacity; loads of one hourly profile share it."""
    if offered is None:
        return []
    fractions = offered.served_fractions(usable_nodes(fleet, nodes.serving))
    profiles = list(dict.fromkeys(_key(load) for load in loads))
    return [fractions[profiles.index(_key(load))] for load in loads]


def _tokens_per_node_hour(fleet: Fleet, tokens: FloatArray, work: FloatArray, speedup: FloatArray) -> FloatArray:
    """Output tokens of a fully busy node in an hour, at the mix of the load; of pure output where there is none."""
    pure = SECONDS_PER_HOUR * fleet.throughput.output_tokens_per_second * speedup
    return np.divide(tokens, work, out=pure, where=(work > 0.0) & (tokens > 0.0))


def _over(work: FloatArray, node_hours: FloatArray) -> FloatArray:
    """A share of node-hours; 0 where there are none."""
    return np.divide(work, node_hours, out=np.zeros(work.shape), where=node_hours > 0.0)


def _total(parts: list[FloatArray], shape: tuple[int, ...]) -> FloatArray:
    total = np.zeros(shape)
    for part in parts:
        total += part
    return total


def _key(load: FleetLoad) -> bytes:
    return np.ascontiguousarray(load.workload.demand.hourly_weights, dtype=np.float64).tobytes()
