"""All books of an owned fleet: one for each purchase that was declared, and one for growth."""

import numpy as np

from forecasts.fleet.assets.book import AssetBook, tranche_book
from forecasts.fleet.assets.growth import growth_arrivals, growth_book
from forecasts.fleet.costs.terms import Owned
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.in_service import declared_nodes, nodes_of, order_lead_time_months
from forecasts.fleet.nodes import NodeUse, NodeWork
from forecasts.timeline import FloatArray, Timeline


def asset_books(
    fleet: Fleet,
    cost: Owned,
    timeline: Timeline,
    exchange: FloatArray,
    nodes: NodeUse,
    work: NodeWork,
    digits: int,
) -> list[AssetBook]:
    """Books in the order of the purchases, growth last. `exchange` has shape `[months]`."""
    rates = exchange[:, None]
    declared = declared_nodes(fleet, timeline)
    arrivals = np.zeros((timeline.months, 1))
    if cost.growth is not None:
        arrivals = growth_arrivals(declared, nodes.paid)
    units = _units_per_node(cost, nodes, work, declared + np.cumsum(arrivals, axis=0))
    books = [
        tranche_book(cost, tranche, nodes_of(fleet, tranche), timeline, rates, digits, units)
        for tranche in cost.tranches
    ]
    present = [book for book in books if book is not None]
    if cost.growth is not None:
        invoiced_before = cost.growth.lead_time_months
        lead = order_lead_time_months(fleet) if invoiced_before is None else invoiced_before
        present.append(growth_book(cost, cost.growth, timeline, rates, digits, lead, arrivals, units))
    return present


def _units_per_node(cost: Owned, nodes: NodeUse, work: NodeWork, held: FloatArray) -> FloatArray | None:
    """What one node in service produces by month: all share the work alike, spares too. None where time wears them."""
    if cost.production is None:
        return None
    busy_hours = work.utilization * nodes.serving_hours
    units = work.output_tokens if cost.production.unit == "output_tokens" else busy_hours
    per_node: FloatArray = np.divide(units, held, out=np.zeros(units.shape), where=held > 0.0)
    return per_node
