"""Committed nodes: a floor paid throughout each term, upfront amounts spread over theirs, and on demand above."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np

from forecasts.fleet.costs.dating import Term, historic_rate, in_month, rate_on
from forecasts.fleet.costs.stream import CostStream
from forecasts.fleet.costs.terms import Commitment, Committed
from forecasts.fleet.nodes import NodeUse
from forecasts.timeline import FloatArray, Timeline


def commitment_streams(cost: Committed, timeline: Timeline, rates: FloatArray, nodes: NodeUse) -> list[CostStream]:
    """docs/model.md, Fleet cost: billed is upfront when invoiced + floor + on demand; effective amortises the upfront.

    What is paid for committed nodes that do not run is idle cost. `rates` are of exchange, shape `[months, 1]`.
    """
    floor_hours, floor = np.zeros((2, timeline.months, 1))
    for layer in cost.commitments:
        hours = (
            layer.nodes * Term(starts=layer.starts, ends=layer.ends).share_of_months(timeline)[:, None] * nodes.hours
        )
        floor_hours += hours
        floor += hours * float(layer.rate_per_node_hour) * rates
    above, on_demand = _on_demand(cost, timeline, nodes)
    used = _used_fraction(nodes.paid_hours - above, floor_hours)
    return [
        CostStream(
            kind="commitment",
            unit="Node-Hours",
            quantity=floor_hours,
            billed=floor,
            effective=floor,
            used_fraction=used,
        ),
        CostStream(
            kind="on_demand", unit="Node-Hours", quantity=above, billed=on_demand * rates, effective=on_demand * rates
        ),
        *_upfront_streams([layer for layer in cost.commitments if layer.upfront], timeline, rates, used),
    ]


def _upfront_streams(
    layers: list[Commitment], timeline: Timeline, rates: FloatArray, used_fraction: FloatArray
) -> list[CostStream]:
    """The invoices, and their amortisation by straight line over each term at the exchange rate of the invoice."""
    if not layers:
        return []
    nothing, invoices, invoiced, node_months, amortised = np.zeros((5, timeline.months, 1))
    for layer in layers:
        term = Term(starts=layer.starts, ends=layer.ends)
        share = term.share_of_months(timeline)[:, None]
        day = layer.invoiced or layer.starts
        amount = float(layer.upfront) * historic_rate(rates, timeline, day)
        invoices += in_month(timeline, day)[:, None]
        invoiced += in_month(timeline, day)[:, None] * amount
        node_months += share * layer.nodes
        amortised += share * (amount / term.months)
    return [
        CostStream(kind="upfront", unit="Each", quantity=invoices, billed=invoiced, effective=nothing, allocated=False),
        CostStream(
            kind="amortization",
            unit="Node-Months",
            quantity=node_months,
            billed=nothing,
            effective=amortised,
            used_fraction=used_fraction,
        ),
    ]


def _on_demand(cost: Committed, timeline: Timeline, nodes: NodeUse) -> tuple[FloatArray, FloatArray]:
    """Node-hours above the commitments and what they cost, shapes `[months, draws]` or `[months, 1]`.

    Both the committed number and the rate are constant between two days on which either changes.
    """
    days = {day for layer in cost.commitments for day in (layer.starts, layer.ends + timedelta(days=1))}
    days |= {dated.starts for dated in cost.on_demand_rates if dated.starts is not None}
    first, after = timeline.first.first_day, timeline.first.plus(timeline.months).first_day
    edges = sorted({first, after} | {day for day in days if first < day < after})
    hours, amounts = np.zeros((2, *nodes.paid.shape))
    for starts, next_edge in pairwise(edges):
        share = Term(starts=starts, ends=next_edge - timedelta(days=1)).share_of_months(timeline)[:, None]
        level = np.full((timeline.months, 1), float(_committed_on(cost.commitments, starts)))
        above = share * nodes.hours_above(level)
        hours += above
        amounts += above * rate_on(cost.on_demand_rates, starts)
    return hours, amounts


def _committed_on(commitments: tuple[Commitment, ...], day: date) -> int:
    return sum(layer.nodes for layer in commitments if layer.starts <= day <= layer.ends)


def _used_fraction(used_hours: FloatArray, hours: FloatArray) -> FloatArray:
    paid = np.broadcast_to(hours, used_hours.shape)
    fraction = np.divide(used_hours, paid, out=np.zeros(used_hours.shape), where=paid > 0.0)
    return np.clip(fraction, 0.0, 1.0)
