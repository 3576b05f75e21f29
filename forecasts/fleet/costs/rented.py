"""Nodes rented by the hour: billed as used, spares included."""

import numpy as np

from forecasts.fleet.costs.dating import rate_path
from forecasts.fleet.costs.stream import CostStream
from forecasts.fleet.costs.terms import Rented
from forecasts.fleet.nodes import NodeUse
from forecasts.timeline import FloatArray, Timeline


def rental(cost: Rented, timeline: Timeline, rates: FloatArray, nodes: NodeUse) -> CostStream:
    """Node-hours at the rate of the month. `rates` are of exchange, shape `[months, 1]`."""
    amounts: FloatArray = np.asarray(rate_path(cost.rates, timeline)[:, None] * nodes.paid_hours * rates)
    return CostStream(kind="rental", unit="Node-Hours", quantity=nodes.paid_hours, billed=amounts, effective=amounts)
