"""How many nodes a fleet's purchases and leases put in service by month, and how many it can therefore run."""

import numpy as np

from forecasts.fleet.costs.dating import Term
from forecasts.fleet.costs.terms import Leased, Owned, Tranche
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.nodes import NodeUse
from forecasts.fleet.scaling.terms import Monthly
from forecasts.timeline import FloatArray, Month, Timeline


def nodes_of(fleet: Fleet, tranche: Tranche) -> int:
    return fleet.nodes + fleet.spare_nodes if tranche.nodes is None else tranche.nodes


def operating_months(fleet: Fleet, timeline: Timeline) -> FloatArray:
    """1 in months in which the fleet has nodes by its purchases or its lease, otherwise 0, shape `[months, 1]`."""
    if isinstance(fleet.cost, Owned):
        served: FloatArray = np.max([_in_service(tranche, timeline) for tranche in fleet.cost.tranches], axis=0)
        return served[:, None]
    if isinstance(fleet.cost, Leased):
        return Term(starts=fleet.cost.starts, ends=fleet.cost.ends).touches(timeline)[:, None]
    return np.ones((timeline.months, 1))


def declared_nodes(fleet: Fleet, timeline: Timeline) -> FloatArray:
    """Nodes in service by what is declared, spares included, growth apart, shape `[months, 1]`.

    A node is in service from its month of service to the month before its disposal; a leased one in every month that
    its lease touches; a rented or committed one always.
    """
    if isinstance(fleet.cost, Owned):
        counts = [nodes_of(fleet, tranche) * _in_service(tranche, timeline) for tranche in fleet.cost.tranches]
        total: FloatArray = np.sum(counts, axis=0)
        return total[:, None]
    return (fleet.nodes + fleet.spare_nodes) * operating_months(fleet, timeline)


def fixed_nodes(fleet: Fleet, timeline: Timeline) -> NodeUse:
    """The declared nodes in every month in which they are in service; spares are the first to be missing."""
    return NodeUse.within(declared_nodes(fleet, timeline), timeline, serving=float(fleet.nodes))


def attainable_nodes(fleet: Fleet, timeline: Timeline, wanted: FloatArray) -> FloatArray:
    """Of the nodes a policy wants, spares included, those it can have, shape `[months, draws]`.

    Bought and leased nodes cannot be exceeded, except by growth purchases. Those are ordered within the horizon, so
    none arrives before the policy's lead time has passed.
    """
    cost = fleet.cost
    if not isinstance(cost, (Owned, Leased)):
        return wanted
    limited = np.minimum(wanted, declared_nodes(fleet, timeline))
    if isinstance(cost, Leased) or cost.growth is None:
        return limited
    arrived = np.arange(timeline.months) >= order_lead_time_months(fleet)
    return np.where(arrived[:, None], wanted, limited)


def order_lead_time_months(fleet: Fleet) -> int:
    """Months between the order of a node and its service."""
    return fleet.scaling.lead_time_months if isinstance(fleet.scaling, Monthly) else 0


def _in_service(tranche: Tranche, timeline: Timeline) -> FloatArray:
    """1 in the tranche's months of service, otherwise 0, shape `[months]`."""
    inside = timeline.indices >= Month.of(tranche.in_service).index
    if tranche.disposal is not None:
        inside &= timeline.indices < Month.of(tranche.disposal.day).index
    return inside.astype(np.float64)
