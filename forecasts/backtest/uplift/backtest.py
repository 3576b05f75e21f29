"""Runs the backtest: leave-one-source-out on the packaged evidence, or the shipped parameters on other measurements."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from forecasts.backtest.uplift.cases import Case, uplift_cases
from forecasts.backtest.uplift.predictions import Progress, predict_left_out, predict_with
from forecasts.catalog.measurements import SpeculationMeasurement, load_speculation_measurements
from forecasts.speculation.fit.acceptance import acceptance_points
from forecasts.speculation.fit.rows import evidence_rows
from forecasts.speculation.model.parameters import load_uplift_parameters, load_uplift_priors
from forecasts.speculation.model.spread import load_uplift_spreads


@dataclass(frozen=True, kw_only=True)
class UpliftBacktest:
    """`left_out` counts measurements that cannot be predicted, by what they lack; `seen` names sources of the fit."""

    cases: tuple[Case, ...]
    left_out: Mapping[str, int]
    seen: tuple[str, ...] = ()


def backtest_packaged_evidence(progress: Progress) -> UpliftBacktest:
    """Every source of the packaged evidence by what the others teach; takes some seconds."""
    measurements = load_speculation_measurements()
    rows, left_out = evidence_rows(measurements)
    made = predict_left_out(rows, acceptance_points(measurements), load_uplift_priors(), progress)
    return UpliftBacktest(cases=uplift_cases(rows, made), left_out=left_out)


def backtest_measurements(measurements: Iterable[SpeculationMeasurement]) -> UpliftBacktest:
    """The shipped parameters, acceptance ranges and spreads on other measurements; no case where none can be scored."""
    evidence = load_speculation_measurements()
    evidence_of_fit, _ = evidence_rows(evidence)
    rows, left_out = evidence_rows(measurements)
    if rows.count == 0:
        return UpliftBacktest(cases=(), left_out=left_out)
    made = predict_with(
        rows,
        load_uplift_parameters(),
        load_uplift_spreads(),
        points=acceptance_points(evidence),
        evidence=evidence_of_fit,
    )
    known = set(evidence_of_fit.sources)
    return UpliftBacktest(
        cases=uplift_cases(rows, made),
        left_out=left_out,
        seen=tuple(source for source in rows.sources if source in known),
    )
