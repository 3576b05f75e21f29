"""Predictions of measured speedups by our model and its rivals, none of which has seen the predicted source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from forecasts.speculation.fit.acceptance import AcceptancePoints
from forecasts.speculation.fit.fitting import training_rows
from forecasts.speculation.fit.learning import learn, learn_around, measured_acceptances, preset_acceptances
from forecasts.speculation.fit.prediction import predict_speedups
from forecasts.speculation.fit.rows import EvidenceRows
from forecasts.speculation.fit.selection import Fit, fit_with_selection
from forecasts.speculation.model.parameters import Prior, UpliftParameters
from forecasts.speculation.model.spread import ACCEPTANCE_KNOWN, ONE_POINT, OTHER_HARDWARE, P90_NORMAL
from forecasts.timeline import FloatArray

FLAT_SPEEDUP = 1.67
# Called with how many of how many sources are done.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True, eq=False)
class UpliftPredictions:
    """Arrays of shape `[rows]`. What needs a measured acceptance is NaN without; `low` and `high` are P10 and P90."""

    known: FloatArray
    known_low: FloatArray
    known_high: FloatArray
    preset: FloatArray
    preset_low: FloatArray
    preset_high: FloatArray
    one_point_sigma: FloatArray
    flat: FloatArray
    flat_by_method: FloatArray
    acceptance_length: FloatArray


def predict_left_out(
    rows: EvidenceRows, points: AcceptancePoints, priors: Mapping[str, Prior], progress: Progress
) -> UpliftPredictions:
    """Each source by a fit, acceptance ranges, spreads and medians that have not seen it (leave one source out)."""
    made = _Columns(rows.count)
    everything: Fit | None = None
    with_known = set(training_rows(rows).sources)
    for done, source in enumerate(rows.sources):
        progress(done, len(rows.sources))
        chosen = rows.source == source
        others = rows.where(~chosen)
        kept_points = points.without(source)
        if source in with_known:
            learned = learn(others, kept_points, priors)
        else:
            # Its rows teach the physics nothing, so leaving it out changes all but the fit.
            everything = everything or fit_with_selection(training_rows(rows), priors)
            learned = learn_around(everything, others, kept_points)
        made.fill(chosen, rows, learned.fit.parameters, learned.spreads, kept_points, others)
    progress(len(rows.sources), len(rows.sources))
    return made.predictions()


def predict_with(
    rows: EvidenceRows,
    parameters: UpliftParameters,
    spreads: Mapping[str, float],
    *,
    points: AcceptancePoints,
    evidence: EvidenceRows,
) -> UpliftPredictions:
    """All rows by given parameters and spreads; acceptance ranges and medians by method are of the evidence."""
    made = _Columns(rows.count)
    made.fill(np.ones(rows.count, dtype=bool), rows, parameters, spreads, points, evidence)
    return made.predictions()


class _Columns:
    """The arrays while they are filled, source by source."""

    def __init__(self, count: int) -> None:
        names = UpliftPredictions.__dataclass_fields__
        self.columns: dict[str, FloatArray] = {name: np.full(count, np.nan) for name in names}

    def fill(
        self,
        chosen: np.ndarray[tuple[int], np.dtype[np.bool_]],
        rows: EvidenceRows,
        parameters: UpliftParameters,
        spreads: Mapping[str, float],
        points: AcceptancePoints,
        others: EvidenceRows,
    ) -> None:
        of_source = rows.where(chosen)
        preset = preset_acceptances(of_source, points)
        told = of_source.acceptance_known
        measured = measured_acceptances(of_source, preset)
        known = np.where(told, predict_speedups(of_source, measured, parameters), np.nan)
        by_preset = predict_speedups(of_source, preset, parameters)
        # A preset's band holds what its acceptance may be and, independent of that, what the physics may be off.
        sigma = np.where(of_source.datacentre, spreads[ACCEPTANCE_KNOWN], spreads[OTHER_HARDWARE])
        reach = P90_NORMAL * sigma
        lowest, highest = (
            predict_speedups(of_source, preset_acceptances(of_source, points, end), parameters)
            for end in ("low", "high")
        )
        filled: dict[str, FloatArray | float] = {
            "known": known,
            "known_low": known / np.exp(reach),
            "known_high": known * np.exp(reach),
            "preset": by_preset,
            "preset_low": by_preset * np.exp(-np.hypot(np.log(by_preset / lowest), reach)),
            "preset_high": by_preset * np.exp(np.hypot(np.log(highest / by_preset), reach)),
            "one_point_sigma": spreads[ONE_POINT],
            "flat": FLAT_SPEEDUP,
            "flat_by_method": _median_by_method(of_source, others),
            "acceptance_length": measured.length,
        }
        for name, values in filled.items():
            self.columns[name][chosen] = values

    def predictions(self) -> UpliftPredictions:
        return UpliftPredictions(**self.columns)


def _median_by_method(of_source: EvidenceRows, others: EvidenceRows) -> FloatArray:
    """The median speedup of the same method over the same baseline elsewhere, or of all others where there is none."""
    medians = np.empty(of_source.count)
    for row, (method, over_mtp) in enumerate(zip(of_source.method.tolist(), of_source.over_mtp.tolist(), strict=True)):
        alike = (others.method == method) & (others.over_mtp == over_mtp) & others.datacentre
        medians[row] = np.median(others.speedup[alike if alike.any() else others.datacentre])
    return medians
