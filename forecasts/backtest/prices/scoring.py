"""Figures of merit of price forecasts against outcomes, both as logarithms over the rate of the day."""

from dataclasses import dataclass

import numpy as np

from forecasts.backtest.prices.methods import QUANTILE_LEVELS
from forecasts.timeline import FloatArray

# An interval that ends where the outcome lies holds it, whatever the last binary digit of a logarithm.
_SAME = 1e-9


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Errors are of the median, `|predicted / observed - 1|`; bias keeps its sign. Coverage is of P10 to P90, None for
    a method without an interval.
    """

    median_error: float
    p90_error: float
    mean_error: float
    bias: float
    pinball: float
    coverage: float | None


def pinball_loss(quantiles: FloatArray, outcomes: FloatArray) -> float:
    """The mean pinball loss over rows and levels (Koenker and Bassett 1978); shapes `[rows, levels]` and `[rows]`."""
    above = outcomes[:, None] - quantiles
    levels = np.array(QUANTILE_LEVELS)
    return float(np.maximum(levels * above, (levels - 1.0) * above).mean())


def score(quantiles: FloatArray, outcomes: FloatArray) -> Scores:
    """Shapes `[rows, levels]` and `[rows]`, at least one row."""
    ratios = np.exp(quantiles[:, 1] - outcomes) - 1.0
    errors = np.abs(ratios)
    low, high = quantiles[:, 0], quantiles[:, -1]
    inside = (outcomes >= low - _SAME) & (outcomes <= high + _SAME)
    return Scores(
        median_error=float(np.median(errors)),
        p90_error=float(np.quantile(errors, 0.9)),
        mean_error=float(errors.mean()),
        bias=float(ratios.mean()),
        pinball=pinball_loss(quantiles, outcomes),
        coverage=float(inside.mean()) if (high > low).any() else None,
    )
