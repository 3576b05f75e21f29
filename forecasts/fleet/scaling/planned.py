"""What a monthly planner expects of a month: the plan's own course at the level last seen, never the path's future."""

import numpy as np

from forecasts.demand import declared_shape, request_paths
from forecasts.draws import Draws
from forecasts.fleet.scaling.terms import Monthly, Scaling
from forecasts.plan import Correlations
from forecasts.speculation.decoder import Decoder
from forecasts.timeline import FloatArray, Timeline
from forecasts.workload import Workload


def planned_requests(
    scaling: Scaling,
    workload: Workload,
    requests: FloatArray,
    timeline: Timeline,
    draws: Draws,
    correlations: Correlations,
) -> FloatArray | None:
    """Requests expected of each month when its nodes are ordered, shape `[months, draws]`; None if they are not.

    `requests` are the workload's own paths. The declared volume with mean growth, seasons and steps is scaled by how
    far the path stood above it in the last known month; months before the horizon are drawn like all others.
    """
    if not isinstance(scaling, Monthly) or scaling.lead_time_months == 0:
        return None
    lead_time_months = scaling.lead_time_months
    earlier = Timeline(first=timeline.first.plus(-lead_time_months), months=lead_time_months)
    before = request_paths(workload, earlier, draws, correlations)
    known = np.concatenate([before, requests])[: timeline.months]
    then = Timeline(first=earlier.first, months=timeline.months)
    declared_then = _declared(workload, then)[:, None]
    # Where nothing was declared nothing could be learnt: the plan itself is all that is known.
    standing: FloatArray = np.divide(known, declared_then, out=np.ones(known.shape), where=declared_then > 0.0)
    standing *= _declared(workload, timeline)[:, None]
    return standing


def planned_slowness(speedup: FloatArray, decoder: Decoder, timeline: Timeline, lead_time_months: int) -> FloatArray:
    """Time per unit of output over that without a decoder, as expected before each month: broadcasts as `speedup` does.

    What a decoder gains on a path is known once it has run; before, its mean over the paths is planned with.
    """
    slowness = 1.0 / speedup
    if lead_time_months == 0 or speedup.size == 1:
        return slowness
    slowness = np.broadcast_to(slowness, (timeline.months, speedup.shape[1]))
    mean = slowness.mean(axis=1, keepdims=True)
    known_month = timeline.indices - lead_time_months
    started = -np.inf if decoder.first_month is None else float(decoder.first_month.index)
    row = np.maximum(np.arange(timeline.months) - lead_time_months, 0)
    standing = np.where((known_month >= started)[:, None], slowness[row] / mean[row], 1.0)
    planned: FloatArray = mean * standing
    return planned


def _declared(workload: Workload, timeline: Timeline) -> FloatArray:
    """The declared volume with mean growth, without noise, shape `[months]`."""
    demand = workload.demand
    since_base = (timeline.indices - demand.base_month.index).astype(np.float64)
    growth = (1.0 + demand.monthly_growth.mean) ** since_base
    declared: FloatArray = demand.requests_per_month * declared_shape(demand, timeline) * growth
    return declared
