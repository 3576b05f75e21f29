"""From declared demand to sample paths of requests."""

import math

import numpy as np

from forecasts.draws import Draws
from forecasts.plan import Correlations
from forecasts.timeline import FloatArray, Timeline
from forecasts.workload import Demand, Workload


def request_paths(workload: Workload, timeline: Timeline, draws: Draws, correlations: Correlations) -> FloatArray:
    """Requests per month, shape `[months, draws]`.

    Declared volume at the base month x compound growth since then x seasonality x dated steps x noise of mean 1
    (docs/model.md, Demand). Tokens are fixed multiples of requests.
    """
    demand = workload.demand
    since_base = (timeline.indices - demand.base_month.index).astype(np.float64)
    level = demand.requests_per_month * declared_shape(demand, timeline)
    exponent = np.zeros((timeline.months, draws.count))
    if demand.monthly_growth.is_certain:
        level = level * (1.0 + demand.monthly_growth.low) ** since_base
    else:
        normals = draws.correlated("demand growth", f"demand growth:{workload.name}", correlations.growth)
        np.multiply(since_base[:, None], np.log1p(demand.monthly_growth.at(normals)), out=exponent)
    if demand.noise_fraction > 0.0:
        exponent += _noise(workload, timeline, draws, correlations)
        exponent -= demand.noise_fraction**2 / 2.0
    np.exp(exponent, out=exponent)
    exponent *= level[:, None]
    return exponent


def declared_shape(demand: Demand, timeline: Timeline) -> FloatArray:
    """Seasonality and the steps since the base month, shape `[months]`."""
    shape = np.ones(timeline.months)
    if demand.seasonality is not None:
        shape *= np.array(demand.seasonality)[timeline.calendar_months]
    for step in demand.steps:
        if step.first_month > demand.base_month:
            shape[timeline.indices >= step.first_month.index] *= step.factor
    return shape


def _noise(workload: Workload, timeline: Timeline, draws: Draws, correlations: Correlations) -> FloatArray:
    """A stationary AR(1) of the stated standard deviation, shape `[months, draws]`.

    It is anchored at the base month and runs from there in both directions (it is reversible in time), so that the
    value of a calendar month does not depend on where the horizon starts.
    """
    demand = workload.demand
    anchor = demand.base_month.index
    first = min(anchor, int(timeline.indices[0]))
    last = max(anchor, int(timeline.indices[-1]))
    months = np.arange(first, last + 1)
    weights = _autoregression(months - anchor, demand.noise_autocorrelation)[timeline.indices - first]
    months, weights = months[weights.any(axis=0)], weights[:, weights.any(axis=0)]
    innovations = draws.correlated_by_month("demand noise", f"demand noise:{workload.name}", correlations.noise, months)
    return demand.noise_fraction * (weights @ innovations)


def _autoregression(distance: np.ndarray[tuple[int], np.dtype[np.int64]], phi: float) -> FloatArray:
    """The weights of each month's innovation in each month's value, shape `[months, months]`."""
    i, j = distance[:, None], distance[None, :]
    same_side = ((j > 0) & (i >= j)) | ((j < 0) & (i <= j))
    lag = np.abs(i - j)
    weights: FloatArray = np.where(same_side, math.sqrt(1.0 - phi**2) * phi**lag, 0.0)
    at_anchor = (distance == 0).nonzero()[0]
    weights[:, at_anchor] = (phi ** np.abs(distance))[:, None]
    return weights
