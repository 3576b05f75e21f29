"""Declared demand: growth from the base month, literal seasons, dated steps, and noise of mean 1."""

import math
from typing import Any

import numpy as np
import pytest

from forecasts.demand import request_paths
from forecasts.draws import Draws
from forecasts.timeline import FloatArray
from tests.forecasts.estates import a_plan, a_workload, read

COUNT = 40_000


def paths(*, first_month: str = "2027-01", months: int = 12, draws: int = 32, **demand: Any) -> FloatArray:
    """Requests by month and draw of a workload of a million a month."""
    plan = read(a_plan(a_workload(**demand), horizon={"first_month": first_month, "months": months}, draws=draws))
    return request_paths(plan.workloads[0], plan.timeline, Draws(seed=7, count=draws), plan.correlations)


def test_certain_growth_compounds_from_the_base_month() -> None:
    np.testing.assert_allclose(paths(monthly_growth=0.03)[:, 0], [1e6 * 1.03**month for month in range(12)])
    later = paths(monthly_growth=0.03, base_month="2026-07")[:, 0]
    np.testing.assert_allclose(later, [1e6 * 1.03 ** (6 + month) for month in range(12)])


def test_growth_runs_backwards_before_the_base_month() -> None:
    np.testing.assert_allclose(
        paths(monthly_growth=0.25, base_month="2027-03", months=4)[:, 0], [640_000, 800_000, 1e6, 1_250_000]
    )


def test_uncertain_growth_is_one_rate_for_each_path() -> None:
    growth = {"low": -0.05, "mode": 0.02, "high": 0.2}
    requests = paths(monthly_growth=growth, draws=COUNT, months=5)
    rate = requests[1] / requests[0] - 1
    for month in range(2, 5):
        np.testing.assert_allclose(requests[month], 1e6 * (1 + rate) ** month, rtol=1e-9)
    assert (requests[0] == 1e6).all()
    mean = (-0.05 + 4 * 0.02 + 0.2) / 6
    assert abs(rate.mean() - mean) <= 4 * np.sqrt((mean + 0.05) * (0.2 - mean) / 7 / COUNT)
    assert rate.min() >= -0.05
    assert rate.max() <= 0.2


def test_seasons_are_read_by_calendar_month() -> None:
    seasonality = [0.4 + 0.1 * month for month in range(13) if month != 6]
    assert math.isclose(sum(seasonality), 12)
    summer = paths(seasonality=seasonality, first_month="2027-06", months=12)[:, 0]
    np.testing.assert_allclose(summer, [1e6 * seasonality[(5 + month) % 12] for month in range(12)])


def test_steps_stay_and_multiply() -> None:
    steps = [{"from": "2027-03", "factor": 1.3}, {"from": "2027-05-01", "factor": 0.5}]
    np.testing.assert_allclose(paths(steps=steps, months=6)[:, 0], [1e6, 1e6, 1.3e6, 1.3e6, 0.65e6, 0.65e6])


def test_a_step_up_to_the_base_month_is_in_its_volume_already() -> None:
    steps = [{"from": "2026-06", "factor": 3}, {"from": "2027-01", "factor": 2}]
    np.testing.assert_allclose(paths(steps=steps, months=2)[:, 0], [1e6, 1e6])


def test_a_month_is_a_month_however_long() -> None:
    assert set(paths(months=12)[:, 0].tolist()) == {1e6}


@pytest.mark.parametrize("autocorrelation", [0.0, 0.6, 0.9])
@pytest.mark.parametrize("base_month", ["2026-07", "2027-04", "2027-12"])
def test_noise_has_mean_1_and_the_stated_deviation_and_autocorrelation(autocorrelation: float, base_month: str) -> None:
    """Before, at and after the base month; 4 standard errors of each figure on independent paths."""
    sd = 0.3
    requests = paths(
        noise_fraction=sd, noise_autocorrelation=autocorrelation, base_month=base_month, months=8, draws=COUNT
    )
    logs = np.log(requests / 1e6)
    # The mean of a lognormal of mean 1 has a standard error of sqrt((exp(sd^2) - 1) / n).
    assert np.abs(requests.mean(axis=1) / 1e6 - 1).max() <= 4 * np.sqrt(math.expm1(sd**2) / COUNT)
    assert np.abs(logs.mean(axis=1) + sd**2 / 2).max() <= 4 * sd / np.sqrt(COUNT)
    assert np.abs(logs.std(axis=1) - sd).max() <= 4 * sd / np.sqrt(2 * COUNT)
    correlations = np.corrcoef(logs)
    for lag in range(1, 8):
        expected = autocorrelation**lag
        found = np.diag(correlations, lag)
        assert np.abs(found - expected).max() <= 4.5 * (1 - expected**2) / np.sqrt(COUNT)


def test_noise_belongs_to_calendar_months() -> None:
    """The same months differ from others, and not with the month in which the horizon starts."""
    whole = paths(noise_fraction=0.3, months=12)
    np.testing.assert_allclose(paths(noise_fraction=0.3, months=6, first_month="2027-07"), whole[6:], rtol=1e-12)
    np.testing.assert_allclose(paths(noise_fraction=0.3, months=1, first_month="2027-05"), whole[4:5], rtol=1e-12)
    assert np.unique(whole[:, 0]).size == 12


def test_noise_before_the_base_month_is_the_same_whether_the_horizon_reaches_it() -> None:
    early = paths(noise_fraction=0.3, base_month="2027-06", months=4)
    whole = paths(noise_fraction=0.3, base_month="2027-06", months=12)
    np.testing.assert_allclose(early, whole[:4], rtol=1e-12)


def test_half_the_noise_is_the_same_noise() -> None:
    strong, weak = (np.log(paths(noise_fraction=sd) / 1e6) + sd**2 / 2 for sd in (0.4, 0.2))
    np.testing.assert_allclose(strong, 2 * weak, rtol=1e-9, atol=1e-12)


def test_no_volume_stays_none() -> None:
    assert not paths(requests_per_month=0, noise_fraction=0.5, monthly_growth=0.5).any()


def test_the_mean_of_a_histogram_is_that_of_its_ranges() -> None:
    """A half of 0 to 100, three tenths of 100 to 500 and a fifth of 500 to 2,000."""
    histogram = [[0, 100, 0.5], [100, 500, 0.3], [500, 2000, 0.2]]
    demand = read(a_plan(a_workload(output_tokens_per_request={"histogram": histogram}))).workloads[0].demand
    assert demand.output_tokens == pytest.approx(0.5 * 50 + 0.3 * 300 + 0.2 * 1250)


def test_a_histogram_that_adds_to_nearly_1_keeps_its_mean() -> None:
    """Rounded thirds: two ranges of equal share have the mean of their middles."""
    histogram = [[0, 200, 0.4997], [200, 400, 0.4997]]
    demand = read(a_plan(a_workload(output_tokens_per_request={"histogram": histogram}))).workloads[0].demand
    assert demand.output_tokens == pytest.approx(200)


@pytest.mark.parametrize("peak", [1.0, 1.5, 2.2, 6.0])
def test_a_week_known_by_its_peak_has_that_peak_and_mean_1(peak: float) -> None:
    weights = read(a_plan(a_workload(hourly_profile={"peak_to_mean": peak}))).workloads[0].demand.hourly_weights
    assert weights.shape == (168,)
    assert weights.mean() == pytest.approx(1)
    assert weights.max() == pytest.approx(peak, rel=1e-6)
    assert weights.min() >= 0


def test_a_day_of_24_weights_is_every_day_of_the_week() -> None:
    weights = read(a_plan(a_workload(hourly_profile=[2.0] * 12 + [4.0] * 12))).workloads[0].demand.hourly_weights
    np.testing.assert_allclose(weights, np.tile(np.repeat([2 / 3, 4 / 3], 12), 7))
