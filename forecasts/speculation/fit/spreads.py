"""How far predictions are off, as the standard deviation of a log-normal factor, by what is known of a deployment."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from forecasts.backtest.scores import balanced_weights, weighted_quantile
from forecasts.speculation.fit.rows import EvidenceRows, TextArray
from forecasts.speculation.model.spread import P90_NORMAL
from forecasts.timeline import FloatArray


def spread_of(log_ratios: FloatArray, weights: FloatArray) -> float:
    """The sigma whose central 80 % holds 80 % of the log ratios: measured, so heavier tails than normal are in it."""
    return weighted_quantile(np.abs(log_ratios), weights, 0.8) / P90_NORMAL


def spread_by_source(log_ratios: FloatArray, source: TextArray) -> float:
    """The mean of two such sigmas: of rows of equal weight, and of sources of equal weight.

    A deployment to come is neither another row of the largest source nor as odd as the source of a single row.
    """
    return 0.5 * (spread_of(log_ratios, np.ones(len(log_ratios))) + spread_of(log_ratios, balanced_weights(source)))


def one_point_spread(log_ratios: FloatArray, rows: EvidenceRows) -> float:
    """Of predictions that pass through one other point of the same deployment, every other point in turn.

    The point takes with it what the source has of its own, so here rows weigh the same, not sources.
    """
    pairs = point_pairs(rows.series)
    if not len(pairs):
        return spread_by_source(log_ratios, rows.source)
    through, of = pairs.T
    # The points through which one row is predicted share its weight.
    weights = 1.0 / np.bincount(of, minlength=rows.count)[of]
    return spread_of(log_ratios[of] - log_ratios[through], weights)


def point_pairs(series: TextArray) -> npt.NDArray[np.int64]:
    """All ordered pairs of different rows of one series, shape `[pairs, 2]`: the measured one and the predicted one."""
    pairs = [pair for name in dict.fromkeys(series.tolist()) for pair in _pairs_of(np.flatnonzero(series == name))]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def _pairs_of(members: npt.NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    for through in members.tolist():
        for of in members.tolist():
            if through != of:
                yield through, of
