"""How much work requests are for a fleet, and how many whole nodes serve it under each policy."""

from dataclasses import dataclass, replace

import numpy as np

from forecasts.fleet.fleet import Fleet
from forecasts.fleet.in_service import attainable_nodes, fixed_nodes
from forecasts.fleet.nodes import NodeUse
from forecasts.fleet.scaling.hourly import ElasticNodes
from forecasts.fleet.scaling.monthly import monthly_nodes
from forecasts.fleet.scaling.terms import Fixed, Monthly
from forecasts.fleet.scaling.week import WeeklyWork
from forecasts.timeline import FloatArray, Timeline
from forecasts.units import SECONDS_PER_HOUR
from forecasts.workload import Demand


@dataclass(frozen=True, kw_only=True)
class WorkPerRequest:
    """Node-hours of one request: of its input, and of its output before any speedup."""

    input_node_hours: float
    output_node_hours: float


def work_per_request(demand: Demand, fleet: Fleet) -> WorkPerRequest:
    """docs/model.md, Capacity: tokens over sustained tokens per second per node, input and output apart."""
    rates = fleet.throughput
    input_tokens = demand.input_tokens_per_request
    if not rates.input_includes_cached:
        input_tokens -= demand.cached_input_tokens
    input_rate = rates.input_tokens_per_second
    return WorkPerRequest(
        input_node_hours=0.0 if input_rate is None else input_tokens / (SECONDS_PER_HOUR * input_rate),
        output_node_hours=demand.output_tokens / (SECONDS_PER_HOUR * rates.output_tokens_per_second),
    )


def usable_nodes(fleet: Fleet, serving_nodes: FloatArray) -> FloatArray:
    """Nodes that mean hourly load may fill, leaving room for the target utilisation and for bursts in the hour."""
    return serving_nodes * fleet.target_utilization_fraction / fleet.burst_factor


def nodes_under_policy(
    fleet: Fleet, timeline: Timeline, offered: WeeklyWork | None, planned: WeeklyWork | None, replica_nodes: int
) -> NodeUse:
    """The fleet's nodes by month; `offered` is its work, `planned` what was expected of it when nodes were ordered.

    Work of None is no load at all. In a month with any work the policies other than `fixed` keep at least the nodes
    that one copy of the model takes.
    """
    scaling = fleet.scaling
    declared = fixed_nodes(fleet, timeline)
    if isinstance(scaling, Fixed):
        return declared
    # Bursts and the target utilisation raise what a node's worth of work needs.
    per_work = fleet.burst_factor / fleet.target_utilization_fraction
    sized_for = planned if isinstance(scaling, Monthly) else offered
    if sized_for is None:
        idle = np.full((timeline.months, 1), float(scaling.min_nodes))
        return _within_reach(fleet, timeline, idle)
    least = np.where(sized_for.peak > 0.0, float(max(scaling.min_nodes, replica_nodes)), float(scaling.min_nodes))
    if isinstance(scaling, Monthly):
        serving = monthly_nodes(scaling, sized_for.peak * per_work, least, fleet.nodes)
        return _within_reach(fleet, timeline, serving)
    elastic = ElasticNodes(work=sized_for, per_work=per_work, least=least, most=scaling.max_nodes)
    return replace(
        declared, serving=elastic.in_busiest_hour, serving_hours=elastic.mean * declared.hours, elastic=elastic
    )


def _within_reach(fleet: Fleet, timeline: Timeline, serving: FloatArray) -> NodeUse:
    """Nodes wanted for whole months, as far as purchases and leases have put them in service."""
    held = attainable_nodes(fleet, timeline, serving + float(fleet.spare_nodes))
    # A spare stays one where more are wanted than there are: it does not serve for nodes that are still on order.
    entitled = np.maximum(held - float(fleet.spare_nodes), float(fleet.nodes))
    return NodeUse.within(held, timeline, serving=np.minimum(serving, entitled))
