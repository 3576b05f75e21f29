"""One fleet under the load of its workloads: what it serves, how busy it is, and who causes its cost."""

from dataclasses import dataclass

import numpy as np

from forecasts.fleet.capacity import WorkPerRequest, served_fractions, usable_nodes, work_per_request
from forecasts.fleet.cost import CostStream, cost_streams, nodes_in_service
from forecasts.fleet.fleet import Fleet
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
    """Arrays over `[months, draws]`, lists by load. `shares` are of all nodes paid for, spares included."""

    serving_nodes: FloatArray  # shape [months]
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
    fleet: Fleet, loads: list[FleetLoad], timeline: Timeline, speedup: FloatArray, exchange: FloatArray
) -> FleetOperation:
    """Runs a fixed fleet: shapes `[months, draws]` for `speedup` and `[months]` for `exchange`."""
    serving = nodes_in_service(fleet, timeline)
    works = [
        _work(load, work_per_request(load.workload.demand, fleet), speedup) / timeline.hours[:, None] for load in loads
    ]
    by_profile: dict[bytes, int] = {}
    profile_of = [by_profile.setdefault(_key(load), len(by_profile)) for load in loads]
    weights = [np.frombuffer(key) for key in by_profile]
    totals = [np.zeros(speedup.shape) for _ in weights]
    for profile, work in zip(profile_of, works, strict=True):
        totals[profile] += work
    usable = usable_nodes(fleet, serving)
    fractions = served_fractions(totals, weights, usable) if loads else []
    served = [fractions[profile] for profile in profile_of]

    paid = np.maximum(serving + fleet.spare_nodes, 1e-300)[:, None]
    served_works = [work * fraction for work, fraction in zip(works, served, strict=True)]
    served_work = np.sum(served_works, axis=0) if loads else np.zeros(speedup.shape)
    utilization = np.divide(served_work, serving[:, None], out=np.zeros(speedup.shape), where=serving[:, None] > 0.0)
    offered_work = np.sum(works, axis=0) if loads else np.zeros(speedup.shape)
    offered_tokens = np.sum([load.output_tokens for load in loads], axis=0) if loads else np.zeros(speedup.shape)
    return FleetOperation(
        serving_nodes=serving,
        served=served,
        shares=[work / paid for work in served_works],
        utilization=utilization,
        capacity_tokens=_tokens_per_node_hour(fleet, offered_tokens, offered_work, timeline, speedup)
        * (serving * timeline.hours)[:, None],
        served_tokens=np.sum(
            [load.output_tokens * fraction for load, fraction in zip(loads, served, strict=True)], axis=0
        )
        if loads
        else np.zeros(speedup.shape),
        streams=cost_streams(fleet, timeline, exchange, utilization),
    )


def _work(load: FleetLoad, work: WorkPerRequest, speedup: FloatArray) -> FloatArray:
    """Node-hours of a month; a decoder quickens output alone."""
    node_hours = work.output_node_hours / speedup
    node_hours += work.input_node_hours
    node_hours *= load.requests
    return node_hours


def _tokens_per_node_hour(
    fleet: Fleet, tokens: FloatArray, work: FloatArray, timeline: Timeline, speedup: FloatArray
) -> FloatArray:
    """Output tokens of a fully busy node in an hour, at the mix of the load; of pure output where there is none."""
    pure = SECONDS_PER_HOUR * fleet.throughput.output_tokens_per_second * speedup
    return np.divide(tokens, work * timeline.hours[:, None], out=pure, where=(work > 0.0) & (tokens > 0.0))


def _key(load: FleetLoad) -> bytes:
    return np.ascontiguousarray(load.workload.demand.hourly_weights, dtype=np.float64).tobytes()
