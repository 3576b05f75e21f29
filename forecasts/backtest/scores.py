"""The figures by which a prediction is judged, the same for every backtest."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.timeline import FloatArray

LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Errors are of `|predicted / observed - 1|`, the bias is the mean of `predicted / observed - 1`.

    `pinball` is of the logarithm, over the quantiles that were given; `coverage` is the share of observations from the
    10 % to the 90 % quantile. None where a figure does not apply.
    """

    median_error: float | None
    p90_error: float | None
    mean_error: float | None
    bias: float | None
    pinball: float | None
    coverage: float | None


NOTHING_TO_SCORE = Scores(median_error=None, p90_error=None, mean_error=None, bias=None, pinball=None, coverage=None)


def score(
    predicted: FloatArray,
    observed: FloatArray,
    *,
    weights: FloatArray | None = None,
    quantiles: Mapping[float, FloatArray] | None = None,
) -> Scores:
    """Scores positive predictions, shape `[points]`; points without a finite prediction do not count.

    `quantiles` are predicted quantiles by level. Weights are relative; equal ones are assumed.
    """
    counted = np.isfinite(predicted) & np.isfinite(observed)
    if not counted.any():
        return NOTHING_TO_SCORE
    weight = np.ones(len(predicted)) if weights is None else weights
    weight = weight[counted] / weight[counted].sum()
    ratio = predicted[counted] / observed[counted] - 1.0
    error = np.abs(ratio)
    levels = {level: values[counted] for level, values in (quantiles or {}).items()}
    truth = observed[counted]
    return Scores(
        median_error=weighted_quantile(error, weight, MIDDLE),
        p90_error=weighted_quantile(error, weight, HIGH),
        mean_error=float(weight @ error),
        bias=float(weight @ ratio),
        pinball=_pinball(truth, weight, levels) if levels else None,
        coverage=float(weight @ ((truth >= levels[LOW]) & (truth <= levels[HIGH]))) if LOW in levels else None,
    )


def weighted_quantile(values: FloatArray, weights: FloatArray, level: float) -> float:
    """The quantile of weighted values: of equal weights type 5 of Hyndman and Fan (1996)."""
    order = np.argsort(values, kind="stable")
    middles = (np.cumsum(weights[order]) - 0.5 * weights[order]) / weights.sum()
    return float(np.interp(level, middles, values[order]))


def balanced_weights(groups: npt.NDArray[np.str_], *, power: float = 1.0) -> FloatArray:
    """Weights that give every group the same in total (`power` 1), every point the same (0), or what lies between."""
    _, inverse, counts = np.unique(groups, return_inverse=True, return_counts=True)
    weights: FloatArray = counts[inverse].astype(np.float64) ** -power
    return weights


def _pinball(truth: FloatArray, weight: FloatArray, levels: Mapping[float, FloatArray]) -> float:
    """The mean over the levels of the quantile loss of the logarithm (Koenker and Bassett 1978)."""
    losses = []
    for level, values in levels.items():
        miss = np.log(truth) - np.log(values)
        losses.append(float(weight @ np.maximum(level * miss, (level - 1.0) * miss)))
    return sum(losses) / len(losses)
