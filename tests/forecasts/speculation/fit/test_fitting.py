"""The fit: it finds what made the data, stays at its priors without data, and is not led astray by one source."""

from dataclasses import asdict, replace

import numpy as np
import pytest

from forecasts.catalog.measurements import load_speculation_measurements
from forecasts.speculation.fit.acceptance import acceptance_points
from forecasts.speculation.fit.fitting import Severity, fit_parameters, known_acceptances, training_rows
from forecasts.speculation.fit.learning import learn
from forecasts.speculation.fit.prediction import predict_speedups
from forecasts.speculation.fit.rows import EvidenceRows, evidence_rows
from forecasts.speculation.fit.selection import CANDIDATES, fit_with_selection
from forecasts.speculation.fit.spreads import one_point_spread, spread_by_source
from forecasts.speculation.model.parameters import UpliftParameters, load_uplift_parameters, load_uplift_priors
from forecasts.speculation.model.spread import P90_NORMAL, load_uplift_spreads, spread_after_points
from tests.forecasts.speculation.fit.measured import a_measurement

FAITHFUL = Severity(shrinkage=1e-4, loss_scale=0.1)


def designed(sources: tuple[str, ...] = ("north", "east", "south", "west"), **truth: float) -> EvidenceRows:
    """Rows over loads, depths and sizes whose speedups are exactly those of the priors with some values changed."""
    rows, _ = evidence_rows(
        a_measurement(
            source,
            requests=load,
            draft_tokens=depth,
            acceptance_length=1.0 + 0.6 * depth,
            active_params_b=size,
            total_params_b=size,
        )
        for source in sources
        for load in (1.0, 16.0, 128.0, 512.0)
        for depth in (1, 3, 6)
        for size in (8.0, 70.0)
    )
    values = {name: prior.value for name, prior in load_uplift_priors().items()} | truth
    speedups = predict_speedups(rows, known_acceptances(rows), UpliftParameters.of(values))
    return replace(rows, speedup=speedups)


def test_it_finds_the_values_that_made_the_data() -> None:
    found = fit_parameters(designed(knee_tokens_dense=200.0, draft_token_time=0.15), load_uplift_priors(), FAITHFUL)
    assert found.knee_tokens_dense == pytest.approx(200.0, rel=0.1)
    assert found.draft_token_time == pytest.approx(0.15, rel=0.1)


def test_without_dense_models_the_dense_knee_stays_at_its_prior() -> None:
    rows, _ = evidence_rows([a_measurement(active_params_b=5.0, total_params_b=100.0, speedup=1.1)] * 4)
    found = fit_parameters(rows, load_uplift_priors(), FAITHFUL)
    assert found.knee_tokens_dense == load_uplift_priors()["knee_tokens_dense"].value
    assert found.expert_time != load_uplift_priors()["expert_time"].value


def test_one_absurd_source_moves_a_robust_fit_less_than_a_trusting_one() -> None:
    rows = designed(knee_tokens_dense=300.0)
    spoilt = replace(rows, speedup=np.where(rows.source == "west", 3.0 * rows.speedup, rows.speedup))
    robust, trusting = (
        fit_parameters(spoilt, load_uplift_priors(), Severity(shrinkage=0.01, loss_scale=scale))
        for scale in (0.02, 10.0)
    )
    assert abs(np.log(robust.knee_tokens_dense / 300.0)) < 0.5 * abs(np.log(trusting.knee_tokens_dense / 300.0))


def test_a_source_with_more_rows_weighs_no_more() -> None:
    rows = designed(("north", "east"))
    split = replace(rows, speedup=np.where(rows.source == "north", 1.1 * rows.speedup, rows.speedup))
    crowded = np.concatenate([np.arange(rows.count), *[np.flatnonzero(rows.source == "north")] * 3])
    once = fit_parameters(split, load_uplift_priors(), FAITHFUL)
    often = fit_parameters(split.where(crowded), load_uplift_priors(), FAITHFUL)  # type: ignore[arg-type]
    assert often.draft_token_time == pytest.approx(once.draft_token_time, rel=1e-6)


def test_it_is_the_same_every_time_and_chosen_among_the_candidates() -> None:
    rows = designed(("north", "east", "south"), knee_tokens_dense=250.0)
    first, second = (fit_with_selection(rows, load_uplift_priors()) for _ in range(2))
    assert first.parameters == second.parameters
    assert first.severity in CANDIDATES
    assert first.unseen_log_ratios.tolist() == second.unseen_log_ratios.tolist()


def test_where_the_priors_already_explain_all_it_stays_closest_to_them() -> None:
    fit = fit_with_selection(designed(), load_uplift_priors())
    assert fit.severity.shrinkage == max(candidate.shrinkage for candidate in CANDIDATES)
    assert fit.parameters.knee_tokens_dense == pytest.approx(load_uplift_priors()["knee_tokens_dense"].value, rel=1e-6)


def test_where_every_source_contradicts_the_priors_it_leaves_them() -> None:
    fit = fit_with_selection(designed(knee_tokens_dense=60.0, draft_token_time=0.3), load_uplift_priors())
    assert fit.severity.shrinkage < max(candidate.shrinkage for candidate in CANDIDATES)
    assert fit.parameters.knee_tokens_dense < 150.0


def test_it_is_fitted_to_datacentre_rows_with_a_measured_acceptance_over_nothing() -> None:
    rows, _ = evidence_rows(
        [
            a_measurement(),
            a_measurement(hw_class="consumer"),
            a_measurement(baseline="mtp-1"),
            a_measurement(acceptance_length=None),
        ]
    )
    assert training_rows(rows).count == 1


def test_nothing_to_fit_to_is_an_error() -> None:
    rows, _ = evidence_rows([])
    with pytest.raises(ValueError, match="nothing"):
        fit_parameters(rows, load_uplift_priors(), FAITHFUL)


def test_a_spread_holds_80_percent_of_normal_errors() -> None:
    normals = np.random.default_rng(7).normal(0.0, 0.2, 20_000)
    sigma = spread_by_source(normals, np.full(20_000, "north"))
    assert sigma == pytest.approx(0.2, rel=0.03)
    assert np.mean(np.abs(normals) < P90_NORMAL * sigma) == pytest.approx(0.8, abs=0.001)


def test_one_point_removes_what_a_deployment_has_of_its_own() -> None:
    rows = designed()
    own = np.where(rows.source == "north", 0.5, -0.4)
    scatter = np.random.default_rng(7).normal(0.0, 0.05, rows.count)
    assert one_point_spread(own + scatter, rows) == pytest.approx(0.05 * np.sqrt(2.0), rel=0.25)


def test_more_points_narrow_the_spread_down_to_the_scatter_of_one_figure() -> None:
    spreads = [spread_after_points(0.12, points) for points in (1, 2, 4, 1000)]
    assert spreads == sorted(spreads, reverse=True)
    assert spreads[0] == pytest.approx(0.12)
    assert spreads[-1] == pytest.approx(0.12 / np.sqrt(2.0), rel=1e-3)
    with pytest.raises(ValueError, match="at least one"):
        spread_after_points(0.12, 0)


def test_what_is_packaged_is_what_the_fit_makes_of_the_packaged_evidence() -> None:
    measurements = load_speculation_measurements()
    rows, _ = evidence_rows(measurements)
    learned = learn(rows, acceptance_points(measurements), load_uplift_priors())
    assert asdict(load_uplift_parameters()) == pytest.approx(asdict(learned.fit.parameters), rel=1e-3)
    assert load_uplift_spreads() == pytest.approx(learned.spreads, rel=1e-3)
