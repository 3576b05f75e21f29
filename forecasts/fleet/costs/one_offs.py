"""Single amounts: purchases of services, and the training runs of draft modules."""

import numpy as np

from forecasts.fleet.costs.dating import rate_path
from forecasts.fleet.costs.stream import CostStream
from forecasts.fleet.costs.terms import Committed, DatedRate, OneOff, Rented
from forecasts.fleet.fleet import Fleet
from forecasts.timeline import FloatArray, Timeline

# A one-off that is counted in this unit is a training run.
TRAINING_UNIT = "GPU-Hours"


def one_off_streams(fleet: Fleet, timeline: Timeline, rates: FloatArray) -> list[CostStream]:
    """Those within the horizon, each billed and expensed in its month. `rates` are of exchange, shape `[months, 1]`."""
    streams = []
    for one_off in fleet.one_offs:
        offset = timeline.offset_of(one_off.month)
        if 0 <= offset < timeline.months:
            month = np.zeros((timeline.months, 1))
            month[offset] = 1.0
            amounts = month * one_off_amount(fleet, one_off, timeline) * rates
            training = one_off.gpu_hours is not None
            streams.append(
                CostStream(
                    kind="one_off",
                    unit=TRAINING_UNIT if training else "Each",
                    quantity=month * (one_off.gpu_hours if one_off.gpu_hours is not None else 1.0),
                    billed=amounts,
                    effective=amounts,
                    allocated=False,
                )
            )
    return streams


def one_off_amount(fleet: Fleet, one_off: OneOff, timeline: Timeline) -> float:
    """In the fleet's currency: the amount stated, or else the GPU-hours at what a GPU of the fleet is hired for."""
    if one_off.amount is not None:
        return float(one_off.amount)
    month = Timeline(first=one_off.month, months=1, calendar=timeline.calendar)
    rate = float(rate_path(hourly_rates(fleet), month)[0])
    return rate / fleet.gpus_per_node * (one_off.gpu_hours or 0.0)


def hourly_rates(fleet: Fleet) -> tuple[DatedRate, ...]:
    """What one more node of the fleet is hired for by the hour; none where nodes are bought or leased."""
    if isinstance(fleet.cost, Rented):
        return fleet.cost.rates
    return fleet.cost.on_demand_rates if isinstance(fleet.cost, Committed) else ()
