"""The policy `fixed`: the declared nodes, while they are in service."""

from forecasts.fleet.fleet import Fleet
from forecasts.fleet.in_service import declared_nodes
from forecasts.fleet.nodes import NodeUse
from forecasts.timeline import Timeline


def fixed_nodes(fleet: Fleet, timeline: Timeline) -> NodeUse:
    """The declared nodes in every month in which they are in service; spares are the first to be missing."""
    return NodeUse.within(declared_nodes(fleet, timeline), timeline, serving=float(fleet.nodes))
