#!/usr/bin/env python3
"""What else was tried for the uplift model: `python scripts/uplift_alternatives.py` prints the table.

Every line is leave-one-source-out on the datacentre rows with a measured acceptance.
"""

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from forecasts.backtest.scores import weighted_quantile
from forecasts.catalog.measurements import load_speculation_measurements
from forecasts.speculation.fit.fitting import Severity, fit_parameters, training_rows
from forecasts.speculation.fit.rows import EvidenceRows, evidence_rows
from forecasts.speculation.fit.selection import CANDIDATES, fit_with_selection, log_ratios, mean_loss, unseen_log_ratios
from forecasts.speculation.fit.spreads import point_pairs
from forecasts.speculation.model.parameters import Prior, UpliftParameters, load_uplift_priors
from forecasts.timeline import FloatArray

Fitting = Callable[[EvidenceRows], UpliftParameters]

# An earlier fit of the same formulas to the same measurements: it has seen every source.
EARLIER = {
    "knee_tokens_dense": 455.0,
    "knee_tokens_moe": 97.0,
    "expert_time": 1.62,
    "expert_time_exponent": 0.15,
    "expert_tokens": 1.25,
    "request_time_dense": 0.0022,
    "request_time_moe": 0.0040,
    "context_tokens": 4.2e5,
    "draft_overhead": 0.032,
    "draft_token_time": 0.106,
    "draft_size_exponent": 0.31,
    "block_draft_time": 0.34,
    "draft_knee_requests": 226.0,
}
# A lookup whose every step has a draft, however seldom it is kept.
ALWAYS_FOUND = 1e-9


def main() -> int:
    rows = training_rows(evidence_rows(load_speculation_measurements())[0])
    priors = load_uplift_priors()
    shipped = by_selection(priors)
    tried: dict[str, Fitting] = {
        "as shipped": shipped,
        "the priors alone": lambda _: UpliftParameters.of({name: prior.value for name, prior in priors.items()}),
        "the best candidate, not the most shrunk": lambda others: best_candidate(others, priors),
        "shrinkage 1e-4": by_severity(priors, 1e-4, 0.05),
        "shrinkage 0.01": by_severity(priors, 0.01, 0.05),
        "shrinkage 0.1": by_severity(priors, 0.1, 0.05),
        "shrinkage 0.1, least squares": by_severity(priors, 0.1, 100.0),
        "priors of an earlier fit": by_selection(changed(priors, EARLIER)),
        "MoE knee prior 150": by_selection(changed(priors, {"knee_tokens_moe": 150.0})),
        "lookups always verified": by_selection(changed(priors, {"lookup_hit_acceptance": ALWAYS_FOUND})),
        "trees at the cost of chains": by_selection(changed(priors, {"tree_draft_factor": 1.0}, certain=True)),
    }
    sys.stdout.write(f"{'':40s} {'all':>7s} {'B >= 16':>8s} {'n-gram, B >= 64':>16s} {'one point':>10s}\n")
    for name, fitting in tried.items():
        unseen = left_out(rows, fitting)
        error = np.abs(np.expm1(unseen))
        looked_up = (rows.method == "ngram") & (rows.requests >= 64.0)
        figures = (np.median(error), np.median(error[rows.requests >= 16.0]), np.median(error[looked_up]))
        cells = [f"{100.0 * float(figure):.1f} %" for figure in (*figures, through_one_point(rows, unseen))]
        sys.stdout.write(f"{name:40s} {cells[0]:>7s} {cells[1]:>8s} {cells[2]:>16s} {cells[3]:>10s}\n")
    return 0


def by_selection(priors: Mapping[str, Prior]) -> Fitting:
    return lambda others: fit_with_selection(others, priors).parameters


def by_severity(priors: Mapping[str, Prior], shrinkage: float, loss_scale: float) -> Fitting:
    return lambda others: fit_parameters(others, priors, Severity(shrinkage=shrinkage, loss_scale=loss_scale))


def best_candidate(others: EvidenceRows, priors: Mapping[str, Prior]) -> UpliftParameters:
    best = min(CANDIDATES, key=lambda one: mean_loss(others, unseen_log_ratios(others, priors, one))[0])
    return fit_parameters(others, priors, best)


def changed(priors: Mapping[str, Prior], values: Mapping[str, float], *, certain: bool = False) -> dict[str, Prior]:
    """Priors with other values; `certain` ones cannot be left."""
    spread = {name: 1e-9 if certain else priors[name].spread for name in values}
    return dict(priors) | {
        name: replace(priors[name], value=value, spread=spread[name]) for name, value in values.items()
    }


def left_out(rows: EvidenceRows, fitting: Fitting) -> FloatArray:
    """`log(predicted / observed)` of each source by a fit to the others, shape `[rows]`."""
    unseen = np.empty(rows.count)
    for source in rows.sources:
        chosen = rows.source == source
        unseen[chosen] = log_ratios(rows.where(chosen), fitting(rows.where(~chosen)))
    return unseen


def through_one_point(rows: EvidenceRows, unseen: FloatArray) -> float:
    """The median error through every other point of a deployment in turn, predicted rows of equal weight."""
    through, of = point_pairs(rows.series).T
    weights = 1.0 / np.bincount(of, minlength=rows.count)[of]
    return weighted_quantile(np.abs(np.expm1(unseen[of] - unseen[through])), weights, 0.5)


if __name__ == "__main__":
    sys.exit(main())
