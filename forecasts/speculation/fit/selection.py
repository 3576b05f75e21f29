"""Chooses the fit's hyper-parameters inside the training sources, and keeps what each source looked like unseen."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasts.speculation.fit.fitting import Severity, fit_parameters, known_acceptances
from forecasts.speculation.fit.prediction import predict_speedups
from forecasts.speculation.fit.rows import EvidenceRows
from forecasts.speculation.model.parameters import Prior, UpliftParameters
from forecasts.timeline import FloatArray

CANDIDATES = tuple(
    Severity(shrinkage=shrinkage, loss_scale=scale)
    for shrinkage in (0.01, 0.03, 0.1, 0.3, 1.0)
    for scale in (0.05, 0.15)
)
_FOLDS = 4


@dataclass(frozen=True, kw_only=True, eq=False)
class Fit:
    """A fit, the hyper-parameters chosen for it, and `log(predicted / observed)` of its rows as unseen, `[rows]`."""

    parameters: UpliftParameters
    severity: Severity
    unseen_log_ratios: FloatArray


def fit_with_selection(rows: EvidenceRows, priors: Mapping[str, Prior]) -> Fit:
    """Chooses by the mean absolute log ratio of sources that a fit has not seen, then fits to all rows.

    Of the candidates within one standard error of the best, the most shrunk (Breiman et al. 1984, section 3.4.3): a
    dozen sources cannot tell the others apart, and what is noise in them should not move the parameters.
    """
    tried = [(severity, unseen_log_ratios(rows, priors, severity)) for severity in CANDIDATES]
    losses = [mean_loss(rows, unseen) for _, unseen in tried]
    best, error = min(losses)
    within = [one for one, (loss, _) in zip(tried, losses, strict=True) if loss <= best + error]
    most = max(severity.shrinkage for severity, _ in within)
    severity, unseen = min((one for one in within if one[0].shrinkage == most), key=lambda one: mean_loss(rows, one[1]))
    return Fit(parameters=fit_parameters(rows, priors, severity), severity=severity, unseen_log_ratios=unseen)


def unseen_log_ratios(rows: EvidenceRows, priors: Mapping[str, Prior], severity: Severity) -> FloatArray:
    """`log(predicted / observed)` of each fold of sources by a fit to the other folds, shape `[rows]`."""
    folds = _folds(rows)
    unseen = np.empty(rows.count)
    for fold in np.unique(folds):
        held_out = folds == fold
        parameters = fit_parameters(rows.where(~held_out), priors, severity)
        unseen[held_out] = log_ratios(rows.where(held_out), parameters)
    return unseen


def mean_loss(rows: EvidenceRows, unseen: FloatArray) -> tuple[float, float]:
    """The mean over sources of their mean absolute log ratio, and its standard error."""
    by_source = np.array([np.abs(unseen[rows.source == source]).mean() for source in rows.sources])
    return float(by_source.mean()), float(by_source.std() / np.sqrt(len(by_source)))


def log_ratios(rows: EvidenceRows, parameters: UpliftParameters) -> FloatArray:
    """`log(predicted / observed)` with the acceptance as measured, shape `[rows]`."""
    ratios: FloatArray = np.log(predict_speedups(rows, known_acceptances(rows), parameters) / rows.speedup)
    return ratios


def _folds(rows: EvidenceRows) -> FloatArray:
    """Whole sources dealt out by size, largest first, so that folds are alike and always the same."""
    names, inverse, counts = np.unique(rows.source, return_inverse=True, return_counts=True)
    dealt = np.empty(len(names))
    dealt[np.argsort(-counts, kind="stable")] = np.arange(len(names)) % min(_FOLDS, max(len(names), 1))
    return dealt[inverse]
