"""The policy `fixed`: the declared nodes, from the month in which they are in service."""

import numpy as np

from forecasts.fleet.fleet import Fleet, Owned
from forecasts.fleet.nodes import NodeUse
from forecasts.timeline import FloatArray, Month, Timeline


def fixed_nodes(fleet: Fleet, timeline: Timeline) -> NodeUse:
    """The declared nodes in every month of service; an owned node serves from its in-service month on."""
    serves = in_service(fleet, timeline)
    hours = timeline.hours[:, None]
    serving = fleet.nodes * serves
    return NodeUse(serving=serving, serving_hours=serving * hours, spares=fleet.spare_nodes * serves, hours=hours)


def in_service(fleet: Fleet, timeline: Timeline) -> FloatArray:
    """1 in months in which the fleet is in service, otherwise 0, shape `[months, 1]`."""
    if isinstance(fleet.cost, Owned):
        return (timeline.indices >= Month.of(fleet.cost.in_service).index).astype(np.float64)[:, None]
    return np.ones((timeline.months, 1))
