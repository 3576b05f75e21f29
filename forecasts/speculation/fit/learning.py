"""Everything that is learnt from a set of sources: parameters, acceptance by task, and how far off they are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from forecasts.speculation.fit.acceptance import AcceptancePoints, estimate_acceptance
from forecasts.speculation.fit.fitting import training_rows
from forecasts.speculation.fit.methods import METHODS
from forecasts.speculation.fit.prediction import Acceptances, lengths_at, predict_speedups
from forecasts.speculation.fit.rows import EvidenceRows
from forecasts.speculation.fit.selection import Fit, fit_with_selection
from forecasts.speculation.fit.spreads import one_point_spread, spread_by_source, spread_of
from forecasts.speculation.model.parameters import Prior, UpliftParameters
from forecasts.speculation.model.spread import ACCEPTANCE_KNOWN, ONE_POINT, OTHER_HARDWARE, PRESET_ACCEPTANCE
from forecasts.timeline import FloatArray

_BASELINE = METHODS["mtp-1"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Learned:
    """The sigma by state of knowledge stands in `spreads`."""

    fit: Fit
    spreads: Mapping[str, float]


def learn(rows: EvidenceRows, points: AcceptancePoints, priors: Mapping[str, Prior]) -> Learned:
    """From nothing but these rows and acceptance points. Raises ValueError without a row to fit to."""
    return learn_around(fit_with_selection(training_rows(rows), priors), rows, points)


def learn_around(fit: Fit, rows: EvidenceRows, points: AcceptancePoints) -> Learned:
    """The spreads of a fit to the training rows among `rows`."""
    known = training_rows(rows)
    of_datacentre = rows.where(rows.datacentre)
    return Learned(
        fit=fit,
        spreads={
            PRESET_ACCEPTANCE: spread_by_source(
                preset_log_ratios(of_datacentre, points, fit.parameters), of_datacentre.source
            ),
            ACCEPTANCE_KNOWN: spread_by_source(fit.unseen_log_ratios, known.source),
            OTHER_HARDWARE: _spread_elsewhere(rows.where(~rows.datacentre), points, fit),
            ONE_POINT: one_point_spread(fit.unseen_log_ratios, known),
        },
    )


def _spread_elsewhere(rows: EvidenceRows, points: AcceptancePoints, fit: Fit) -> float:
    """Of rows that are told their acceptance where it was measured; without any row that of the datacentre."""
    if rows.count == 0:
        return spread_of(fit.unseen_log_ratios, np.ones(len(fit.unseen_log_ratios)))
    return spread_by_source(_log_ratios(rows, points, fit.parameters, told=True), rows.source)


def preset_log_ratios(rows: EvidenceRows, points: AcceptancePoints, parameters: UpliftParameters) -> FloatArray:
    """`log(predicted / observed)` with each source's acceptance taken from the other sources, shape `[rows]`."""
    return _log_ratios(rows, points, parameters, told=False)


def _log_ratios(
    rows: EvidenceRows, points: AcceptancePoints, parameters: UpliftParameters, *, told: bool
) -> FloatArray:
    ratios = np.empty(rows.count)
    for source in rows.sources:
        chosen = rows.source == source
        of_source = rows.where(chosen)
        acceptances = preset_acceptances(of_source, points.without(source))
        if told:
            acceptances = measured_acceptances(of_source, acceptances)
        ratios[chosen] = np.log(predict_speedups(of_source, acceptances, parameters) / of_source.speedup)
    return ratios


def measured_acceptances(rows: EvidenceRows, otherwise: Acceptances) -> Acceptances:
    """What was measured, and `otherwise` where nothing was."""
    known = rows.acceptance_known
    return Acceptances(
        first=np.where(known, rows.first, otherwise.first),
        length=np.where(known, rows.length, otherwise.length),
        baseline_first=otherwise.baseline_first,
    )


def preset_acceptances(
    rows: EvidenceRows, points: AcceptancePoints, end: Literal["low", "mode", "high"] = "mode"
) -> Acceptances:
    """What the estimates by method and task give for each row, whatever was measured there; arrays `[rows]`.

    `end` takes the P10 or P90 of acceptance instead of the most likely one; the baseline keeps its most likely one.
    """
    first = np.empty(rows.count)
    baseline = np.empty(rows.count)
    kinds = list(zip(rows.family.tolist(), rows.preset.tolist(), rows.task.tolist(), strict=True))
    for family, preset, task in dict.fromkeys(kinds):
        chosen = np.array([kind == (family, preset, task) for kind in kinds], dtype=bool)
        own = estimate_acceptance(points, family=family, preset=preset, task=task).acceptance
        below = estimate_acceptance(points, family=_BASELINE.family, preset=_BASELINE.preset, task=task).acceptance
        first[chosen], baseline[chosen] = getattr(own, end), below.mode
    return Acceptances(first=first, length=lengths_at(first, rows), baseline_first=baseline)
