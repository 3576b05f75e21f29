"""How much of the offered work a fleet of whole nodes serves, hour by hour of the week."""

from dataclasses import dataclass

import numpy as np

from forecasts.fleet.fleet import Fleet
from forecasts.timeline import FloatArray
from forecasts.units import HOURS_PER_WEEK, SECONDS_PER_HOUR
from forecasts.workload import Demand

# Columns of (month, draw) that are looked at together: 168 hours of them stay in a core's cache.
_BLOCK = 2048


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


def served_fractions(loads: list[FloatArray], weights: list[FloatArray], usable: FloatArray) -> list[FloatArray]:
    """The fraction of each load that is served, shapes `[months, draws]`.

    `loads` are mean nodes' worth of work by hourly profile, `weights` these profiles (`[168]`, mean 1) and `usable`
    the nodes that may be filled, `[months, draws]` or `[months, 1]`. In an hour short of nodes every profile gets the
    same fraction.
    """
    hours, counts = np.unique(np.stack(weights), axis=1, return_counts=True)
    peak = np.tensordot(hours.max(axis=1), np.stack(loads), axes=1)
    if (peak <= usable + 1e-9).all():
        return [np.ones(load.shape) for load in loads]
    shape = loads[0].shape
    flat_loads = np.stack([load.ravel() for load in loads])
    flat_usable = np.broadcast_to(usable, shape).ravel()
    served = np.empty_like(flat_loads)
    shares = hours * counts / HOURS_PER_WEEK
    for start in range(0, flat_loads.shape[1], _BLOCK):
        block = slice(start, start + _BLOCK)
        need = hours.T @ flat_loads[:, block]
        np.maximum(need, 1e-300, out=need)
        np.divide(flat_usable[block], need, out=need)
        np.minimum(need, 1.0, out=need)
        served[:, block] = shares @ need
    # Adding up the hours' shares leaves the last binary digit open: what is served in every hour is served.
    served[served > 1.0 - 1e-12] = 1.0
    return [row.reshape(shape) for row in served]
