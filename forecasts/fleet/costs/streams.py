"""What a fleet costs by month and kind, as billed (invoiced) and as effective (accrued)."""

import numpy as np

from forecasts.fleet.assets.book import total_of
from forecasts.fleet.assets.books import asset_books
from forecasts.fleet.costs.committed import commitment_streams
from forecasts.fleet.costs.leased import lease
from forecasts.fleet.costs.one_offs import one_off_streams
from forecasts.fleet.costs.owned import ownership_streams
from forecasts.fleet.costs.rented import rental
from forecasts.fleet.costs.running import running_streams
from forecasts.fleet.costs.stream import CostStream
from forecasts.fleet.costs.terms import Committed, Leased, Owned, Rented
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.in_service import declared_nodes, operating_months
from forecasts.fleet.nodes import NodeUse, NodeWork
from forecasts.timeline import FloatArray, Timeline


def cost_streams(
    fleet: Fleet, timeline: Timeline, exchange: FloatArray, nodes: NodeUse, work: NodeWork, digits: int
) -> list[CostStream]:
    """All streams of a fleet. `exchange` has shape `[months]`; `digits` are the decimals of the plan's currency."""
    rates = exchange[:, None]
    held, used_fraction = nodes.paid, None
    match fleet.cost:
        case Rented():
            streams = [rental(fleet.cost, timeline, rates, nodes)]
        case Committed():
            streams = commitment_streams(fleet.cost, timeline, rates, nodes)
        case Leased():
            held = declared_nodes(fleet, timeline)
            used_fraction = _running(nodes, held)
            streams = [lease(fleet.cost, timeline, rates, held, used_fraction)]
        case Owned():
            books = asset_books(fleet, fleet.cost, timeline, exchange, nodes, work, digits)
            held = total_of([book.held for book in books], timeline)
            used_fraction = _running(nodes, held)
            streams = ownership_streams(books, timeline, used_fraction)
    operating = operating_months(fleet, timeline)
    streams += running_streams(
        fleet.cost.running, fleet.gpus_per_node, rates, held, operating, nodes, work.utilization, used_fraction
    )
    return streams + one_off_streams(fleet, timeline, rates)


def _running(nodes: NodeUse, held: FloatArray) -> FloatArray:
    """The fraction of the held nodes' hours for which they run, shape as `held` or as the nodes."""
    shape = np.broadcast_shapes(held.shape, nodes.paid_hours.shape)
    hours = np.broadcast_to(held * nodes.hours, shape)
    fraction: FloatArray = np.divide(nodes.paid_hours, hours, out=np.zeros(shape), where=hours > 0.0)
    return np.minimum(fraction, 1.0)
