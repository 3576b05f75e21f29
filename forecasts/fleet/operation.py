"""One fleet under the load of its workloads: what it serves, how busy it is, and who causes its cost."""

from dataclasses import dataclass

import numpy as np

from forecasts.fleet.capacity import WorkPerRequest, served_fractions, usable_nodes, work_per_request
from forecasts.fleet.cost import CostStream, cost_streams, fixed_nodes
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.nodes import NodeUse
from forecasts.speculation.speedup import FleetSpeedup
from forecasts.timeline import FloatArray, Timeline
from forecasts.units import SECONDS_PER_HOUR
from forecasts.workload import Workload


@dataclass(frozen=True, kw_only=True, eq=False)
class FleetLoad:
    """The requests that a workload sends to a fleet, shape `[months, draws]`."""

    workload: Workload
    requests: FloatArray

    @property
    def output_tokens(self) -> FloatArray:
        return self.requests * self.workload.demand.output_tokens


@dataclass(frozen=True, kw_only=True, eq=False)
class FleetOperation:
    """Arrays over `[months, draws]`, lists by load. `shares` are of all node-hours paid for, spares included."""

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
) -> FleetOperation:
    """Runs a fixed fleet on `paths` sample paths; `exchange` has shape `[months]`."""
    shape = (timeline.months, paths)
    nodes = fixed_nodes(fleet, timeline)
    works = [
        _node_hours(load, work_per_request(load.workload.demand, fleet), quicker)
        for load, quicker in zip(loads, speedup.by_load, strict=True)
    ]
    served = _served(fleet, loads, works, nodes)
    served_works = [work * fraction for work, fraction in zip(works, served, strict=True)]
    offered = [load.output_tokens for load in loads]
    utilization = _over(_total(served_works, shape), nodes.serving_hours)
    fleet_speedup = speedup.of_mix(offered, shape)
    return FleetOperation(
        nodes=nodes,
        speedup=fleet_speedup,
        served=served,
        shares=[_over(work, nodes.paid_hours) for work in served_works],
        utilization=utilization,
        capacity_tokens=_tokens_per_node_hour(fleet, _total(offered, shape), _total(works, shape), fleet_speedup)
        * nodes.serving_hours,
        served_tokens=_total([tokens * fraction for tokens, fraction in zip(offered, served, strict=True)], shape),
        streams=cost_streams(fleet, timeline, exchange, nodes, utilization),
    )


def _node_hours(load: FleetLoad, work: WorkPerRequest, speedup: FloatArray) -> FloatArray:
    """Node-hours of a month, shape `[months, draws]`; a decoder quickens output alone."""
    node_hours: FloatArray = load.requests * (work.output_node_hours / speedup + work.input_node_hours)
    return node_hours


def _served(fleet: Fleet, loads: list[FleetLoad], works: list[FloatArray], nodes: NodeUse) -> list[FloatArray]:
    """The fraction of each load that finds capacity; loads of one hourly profile share it."""
    if not loads:
        return []
    by_profile: dict[bytes, int] = {}
    profile_of = [by_profile.setdefault(_key(load), len(by_profile)) for load in loads]
    totals = [np.zeros(works[0].shape) for _ in by_profile]
    for profile, work in zip(profile_of, works, strict=True):
        totals[profile] += work / nodes.hours
    weights = [np.frombuffer(key) for key in by_profile]
    fractions = served_fractions(totals, weights, usable_nodes(fleet, nodes.serving))
    return [fractions[profile] for profile in profile_of]


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
