"""The backtest: no source sees itself, cases are those of their names, and other files are scored as shipped."""

from dataclasses import replace

import numpy as np
import pytest

from forecasts.backtest.uplift.backtest import backtest_measurements
from forecasts.backtest.uplift.cases import OURS, uplift_cases
from forecasts.backtest.uplift.predictions import UpliftPredictions, predict_left_out
from forecasts.catalog.measurements import SpeculationMeasurement
from forecasts.speculation.fit.acceptance import acceptance_points
from forecasts.speculation.fit.rows import evidence_rows
from forecasts.speculation.model.parameters import load_uplift_priors
from tests.forecasts.speculation.fit.measured import a_measurement

SPEEDUPS = {"north": 1.9, "east": 1.5, "south": 1.7, "west": 2.2}


def small_evidence(**speedups: float) -> list[SpeculationMeasurement]:
    return [
        a_measurement(
            source,
            requests=load,
            acceptance_length=length,
            speedup=speedup * length / 2.5 * (1.0 - 0.1 * np.log10(load)),
        )
        for source, speedup in (SPEEDUPS | speedups).items()
        for load in (1.0, 32.0)
        for length in (2.2, 2.8)
    ]


def left_out(measurements: list[SpeculationMeasurement]) -> UpliftPredictions:
    rows, _ = evidence_rows(measurements)
    return predict_left_out(rows, acceptance_points(measurements), load_uplift_priors(), lambda _done, _of: None)


def test_what_a_source_measured_changes_nothing_that_is_said_of_it_and_something_of_others() -> None:
    """A leak of any kind (parameters, spread, acceptance range, median) would move its own predictions."""
    before, after = left_out(small_evidence()), left_out(small_evidence(north=4.0))
    of_north = np.array([row.source_id == "north" for row in small_evidence()])
    for name in ("known", "known_low", "known_high", "preset", "preset_low", "preset_high", "flat_by_method"):
        own, own_after = getattr(before, name)[of_north], getattr(after, name)[of_north]
        assert own.tolist() == own_after.tolist(), name
    assert not np.allclose(before.known[~of_north], after.known[~of_north], rtol=1e-9)
    assert not np.allclose(before.flat_by_method[~of_north], after.flat_by_method[~of_north])


def test_its_acceptance_tells_a_source_nothing_about_its_preset() -> None:
    measurements = small_evidence()
    longer = [replace(row, acceptance_length=3.5) if row.source_id == "north" else row for row in measurements]
    of_north = np.array([row.source_id == "north" for row in measurements])
    before, after = left_out(measurements), left_out(longer)
    assert before.preset[of_north].tolist() == after.preset[of_north].tolist()
    assert not np.allclose(before.preset[~of_north], after.preset[~of_north])
    assert not np.allclose(before.known[of_north], after.known[of_north])


def test_progress_is_told_from_none_to_all() -> None:
    rows, _ = evidence_rows(small_evidence())
    told: list[tuple[int, int]] = []
    predict_left_out(
        rows, acceptance_points(small_evidence()), load_uplift_priors(), lambda done, of: told.append((done, of))
    )
    assert told == [(done, 4) for done in range(5)]


def test_rows_are_in_the_cases_that_their_names_say() -> None:
    measurements = [
        a_measurement(requests=1.0),
        a_measurement(requests=16.0),
        a_measurement(requests=64.0, acceptance_length=None),
        a_measurement(requests=16.0, hw_class="consumer"),
        a_measurement(requests=32.0, baseline="mtp-1", method="dspark", acceptance_length=None),
    ]
    cases = {case.case: case.rows for case in backtest_measurements(measurements).cases}
    assert cases["all"] == 4
    assert cases["concurrency>=16"] == 3
    assert cases["acceptance known"] == 2
    assert cases["acceptance known, concurrency>=16"] == 1
    assert cases["preset acceptance"] == 4
    assert (cases["concurrency=1"], cases["concurrency=16-63"], cases["concurrency>=64"]) == (1, 2, 1)
    assert (cases["method=eagle3"], cases["method=dspark"], cases["baseline=mtp-1"]) == (3, 1, 1)
    assert cases["other hardware"] == 1
    assert cases["one measured point"] == 2
    assert "concurrency=2-15" not in cases


def test_a_deployment_that_is_off_by_a_factor_is_right_once_one_point_is_measured() -> None:
    rows, _ = evidence_rows(small_evidence())
    shipped = left_out(small_evidence())
    off = replace(rows, speedup=0.6 * shipped.known)
    cases = {case.case: case.methods[OURS] for case in uplift_cases(off, shipped)}
    assert cases["all"].median_error == pytest.approx(1 / 0.6 - 1)
    assert cases["one measured point"].median_error == pytest.approx(0.0, abs=1e-12)
    assert cases["several measured points"].p90_error == pytest.approx(0.0, abs=1e-12)


def test_balanced_cases_give_a_small_source_the_weight_of_a_large_one() -> None:
    measurements = [a_measurement("north", speedup=1.67)] * 9 + [a_measurement("east", speedup=3.34)]
    cases = {case.case: case.methods["flat-1.67"] for case in backtest_measurements(measurements).cases}
    assert cases["all"].mean_error == pytest.approx(0.05)
    assert cases["all, source-balanced"].mean_error == pytest.approx(0.25)


def test_the_rival_that_trusts_the_acceptance_length_predicts_it() -> None:
    cases = {case.case: case.methods for case in backtest_measurements([a_measurement(speedup=2.0)]).cases}
    assert cases["acceptance known"]["acceptance-length"].median_error == pytest.approx(0.25)
    assert cases["acceptance known"]["acceptance-length"].coverage is None


def test_nothing_to_score_is_no_case_and_says_what_was_lacking() -> None:
    result = backtest_measurements([a_measurement(requests=None)])
    assert result.cases == ()
    assert result.left_out == {"no concurrency": 1}


def test_sources_of_the_fit_are_named() -> None:
    result = backtest_measurements([a_measurement("specforge-bundle"), a_measurement("somebody-new")])
    assert result.seen == ("specforge-bundle",)
