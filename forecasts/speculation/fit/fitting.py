"""Fits the physical parameters: a robust loss on the logarithm, sources of equal weight, shrunk to stated priors."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasts.backtest.scores import balanced_weights
from forecasts.speculation.fit.prediction import Acceptances, predict_speedups
from forecasts.speculation.fit.rows import EvidenceRows
from forecasts.speculation.model.parameters import PARAMETER_NAMES, Prior, UpliftParameters
from forecasts.timeline import FloatArray


@dataclass(frozen=True, kw_only=True)
class Severity:
    """Hyper-parameters: how dear it is to leave the priors, and the log ratio beyond which an error counts linearly."""

    shrinkage: float
    loss_scale: float


def training_rows(rows: EvidenceRows) -> EvidenceRows:
    """What the physics is fitted to: datacentre rows over no speculation whose acceptance was measured."""
    return rows.where(rows.acceptance_known & rows.datacentre & ~rows.over_mtp)


def known_acceptances(rows: EvidenceRows) -> Acceptances:
    """Every row's acceptance as measured; raises nothing, and rows without one are NaN."""
    return Acceptances(first=rows.first, length=rows.length, baseline_first=np.full(rows.count, 0.8))


def fit_parameters(rows: EvidenceRows, priors: Mapping[str, Prior], severity: Severity) -> UpliftParameters:
    """The parameters that minimise soft-L1 of `log(predicted / observed)` plus the squared distance from the priors.

    Distances are in standard deviations of the priors' logarithms, so every parameter stays positive. Deterministic:
    Levenberg and Marquardt's search from the priors. Raises ValueError without any row.
    """
    from scipy.optimize import least_squares

    if rows.count == 0:
        raise ValueError("there is nothing to fit to")
    acceptances = known_acceptances(rows)
    observed = np.log(rows.speedup)
    # Every source weighs one, whatever its number of rows; the priors weigh `shrinkage` a squared standard deviation.
    weights = np.sqrt(balanced_weights(rows.source))
    pull = np.sqrt(severity.shrinkage)

    def residuals(distance: FloatArray) -> FloatArray:
        parameters = parameters_at(distance, priors)
        ratio = (np.log(predict_speedups(rows, acceptances, parameters)) - observed) / severity.loss_scale
        soft = severity.loss_scale * np.sqrt(2.0 * (np.sqrt(1.0 + ratio * ratio) - 1.0))
        return np.concatenate([weights * soft, pull * distance])

    start = np.zeros(len(PARAMETER_NAMES))
    found = least_squares(residuals, start, method="lm", xtol=1e-3, ftol=1e-4)
    return parameters_at(found.x, priors)


def parameters_at(distance: FloatArray, priors: Mapping[str, Prior]) -> UpliftParameters:
    """The parameters a number of prior standard deviations away from the priors, by logarithm."""
    return UpliftParameters.of(
        {
            name: priors[name].value * float(np.exp(priors[name].spread * step))
            for name, step in zip(PARAMETER_NAMES, distance.tolist(), strict=True)
        }
    )
