"""Benchmark series: measured points stay as measured, what lies between is between, and the ends are held."""

import math
import statistics
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.catalog.benchmarks import Benchmark, load_benchmarks
from forecasts.hardware.series import BenchmarkSeries, series_of
from tests.forecasts.estates import law

SERIES = series_of(load_benchmarks())
LONG_ENOUGH = [series for series in SERIES if len(series.points) >= 3 and series.states_speed]


def one_series(**fields: object) -> BenchmarkSeries:
    found = [series for series in SERIES if all(getattr(series, name) == value for name, value in fields.items())]
    assert len(found) == 1, found
    return found[0]


# MI355X, SGLang, FP8 with MTP, 8,192 in and 1,024 out, 2026-05-21: output per GPU and speed at 4 to 64 requests.
MI355X = one_series(
    model="deepseek-r1-0528",
    accelerator="mi355x-288gb",
    engine="sglang",
    precision="fp8",
    spec_decode="mtp",
    input_tokens=8192,
)
MEASURED = [(4, 59.46, 149.97), (8, 89.51, 102.35), (16, 128.11, 70.61), (32, 180.72, 49.7), (64, 238.16, 32.61)]


@pytest.mark.parametrize(("concurrency", "output", "speed"), MEASURED)
def test_a_measured_point_is_given_back_as_it_was_measured(concurrency: int, output: float, speed: float) -> None:
    point = MI355X.at_concurrency(concurrency)
    assert (point.output_tokens_per_second_per_gpu, point.tokens_per_second_per_user) == (output, speed)
    assert (point.basis, point.note) == ("measured", "")
    assert point.input_share == pytest.approx(8 / 9, abs=0.002)


def test_between_two_measured_points_it_is_said_to_be_interpolated() -> None:
    point = MI355X.at_concurrency(24)
    assert point.basis == "interpolated"
    assert point.note == "interpolated between 16 and 32 concurrent requests"
    assert [row.concurrency for row in point.rows] == [16, 32]
    assert 128.11 < point.output_tokens_per_second_per_gpu < 180.72
    assert point.tokens_per_second_per_user is not None
    assert 49.7 < point.tokens_per_second_per_user < 70.61


def test_above_the_measured_range_throughput_is_held_and_users_share_it() -> None:
    point = MI355X.at_concurrency(128)
    assert point.basis == "held"
    assert point.output_tokens_per_second_per_gpu == 238.16
    assert point.tokens_per_second_per_user == pytest.approx(32.61 / 2)
    assert "outside the measured 4 to 64" in point.note


def test_below_the_measured_range_the_speed_of_a_user_is_held() -> None:
    point = MI355X.at_concurrency(1)
    assert point.tokens_per_second_per_user == 149.97
    assert point.output_tokens_per_second_per_gpu == pytest.approx(59.46 / 4)


def test_a_required_speed_is_met_with_as_many_requests_as_possible() -> None:
    exact = MI355X.at_speed(49.7)
    between = MI355X.at_speed(40.0)
    assert exact is not None
    assert exact.concurrency == 32
    assert between is not None
    assert 32 < between.concurrency < 64
    assert between.tokens_per_second_per_user == pytest.approx(40.0)


def test_a_speed_that_nobody_measured_is_not_promised() -> None:
    assert MI355X.at_speed(150.0) is None


def test_a_speed_below_all_measured_ones_stays_at_the_most_requests_measured() -> None:
    point = MI355X.at_speed(5.0)
    assert point is not None
    assert (point.concurrency, point.output_tokens_per_second_per_gpu) == (64, 238.16)
    assert "the most that were measured" in point.note


def test_a_later_measurement_replaces_an_earlier_one_from_its_day_on() -> None:
    # H200, SGLang, FP8, 8,192 in: at 16 requests a slow run of 2026-05-13 (31.46) was put right on 2026-05-17 (93.89).
    def at_16(as_of: date) -> float:
        known = series_of(load_benchmarks(), as_of=as_of)
        [series] = [
            one
            for one in known
            if (one.accelerator, one.engine, one.precision) == ("h200-sxm-141gb", "sglang", "fp8")
            and (one.spec_decode, one.input_tokens, one.gpus) == ("none", 8192, 8)
            and one.source.startswith("InferenceX API")
        ]
        return series.at_concurrency(16).output_tokens_per_second_per_gpu

    assert at_16(date(2026, 5, 13)) == 31.46
    assert at_16(date(2026, 5, 17)) == 93.89


def test_points_that_fewer_requests_beat_are_left_out() -> None:
    # B200, GLM-5 in NVFP4 with MTP: 4,115.5 tokens a second at 128 requests and 4,090.7 at 256.
    series = one_series(model="glm-5", precision="fp4", gpus=4)
    assert [row.concurrency for row in series.left_out] == [256]
    assert series.points[-1].concurrency == 128


def test_every_series_rises_in_throughput_and_falls_in_speed() -> None:
    for series in SERIES:
        outputs = [row.output_tokens_per_second_per_gpu for row in series.points]
        speeds = [row.tokens_per_second_per_user or 0.0 for row in series.points]
        assert outputs == sorted(set(outputs)), series
        assert speeds == sorted(speeds, reverse=True), series


@law
@given(st.sampled_from(LONG_ENOUGH), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_more_requests_never_lower_throughput_nor_raise_speed(
    series: BenchmarkSeries, first: float, second: float
) -> None:
    low, high = (math.log(point.concurrency) for point in (series.points[0], series.points[-1]))
    fewer, more = (series.at_concurrency(math.exp(low + share * (high - low))) for share in sorted((first, second)))
    assert fewer.output_tokens_per_second_per_gpu <= more.output_tokens_per_second_per_gpu * (1 + 1e-12)
    assert fewer.total_tokens_per_second_per_gpu <= more.total_tokens_per_second_per_gpu * (1 + 1e-12)
    assert (fewer.tokens_per_second_per_user or 0) >= (more.tokens_per_second_per_user or 0) * (1 - 1e-12)


@law
@given(st.sampled_from(LONG_ENOUGH), st.floats(1.0, 400.0))
def test_a_met_speed_is_met_and_a_few_more_requests_would_miss_it(series: BenchmarkSeries, speed: float) -> None:
    point = series.at_speed(speed)
    if point is None:
        assert (series.points[0].tokens_per_second_per_user or 0) < speed
        return
    assert (point.tokens_per_second_per_user or 0) >= speed * (1 - 1e-9)
    if point.concurrency < series.points[-1].concurrency:
        assert (series.at_concurrency(point.concurrency * 1.001).tokens_per_second_per_user or 0) < speed


@law
@given(st.floats(1.0, 1e5))
def test_the_unit_of_throughput_does_not_matter(concurrency: float) -> None:
    def thousandfold(row: Benchmark) -> Benchmark:
        return replace(
            row,
            output_tokens_per_second_per_gpu=row.output_tokens_per_second_per_gpu * 1000,
            total_tokens_per_second_per_gpu=row.total_tokens_per_second_per_gpu * 1000,
        )

    [scaled] = series_of(map(thousandfold, MI355X.points))
    plain = MI355X.at_concurrency(concurrency).output_tokens_per_second_per_gpu
    assert scaled.at_concurrency(concurrency).output_tokens_per_second_per_gpu == pytest.approx(plain * 1000)


def test_a_left_out_point_is_met_more_closely_than_by_a_straight_line() -> None:
    ours, straight = [], []
    for series in LONG_ENOUGH:
        for index in range(1, len(series.points) - 1):
            point = series.points[index]
            rest = replace(series, points=series.points[:index] + series.points[index + 1 :])
            known = [(one.concurrency, one.output_tokens_per_second_per_gpu) for one in rest.points]
            measured = point.output_tokens_per_second_per_gpu
            read = rest.at_concurrency(point.concurrency).output_tokens_per_second_per_gpu
            ours.append(abs(read / measured - 1.0))
            straight.append(abs(float(np.interp(point.concurrency, *np.transpose(known))) / measured - 1.0))
    assert len(ours) > 200
    assert statistics.median(ours) < statistics.median(straight) / 2
