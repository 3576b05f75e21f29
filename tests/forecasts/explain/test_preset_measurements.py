"""What is measured of a preset without a fleet: whose points count, and what the paper's curves say."""

import pytest

from forecasts.catalog.measurements import load_speculation_measurements
from forecasts.explain.preset_measurements import PresetPoint, preset_measurements
from forecasts.speculation.measurement import Measurement
from forecasts.speculation.presets import find_preset, preset_names


def points(name: str, *own: Measurement) -> tuple[PresetPoint, ...]:
    return preset_measurements(find_preset(name), own).points


def own(**changes: object) -> Measurement:
    terms = {"fleet": "pool", "method": "mtp-3", "concurrency": 8.0, "input_tokens": 100.0, "output_tokens": 100.0}
    return Measurement(**{**terms, "num_speculative_tokens": 3, "speedup": 1.5, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", preset_names())
def test_every_preset_has_points_in_bounds_or_none(name: str) -> None:
    for point in points(name):
        assert 0.0 < point.lowest <= point.speedup <= point.highest
        assert point.concurrency > 0.0
        assert not point.own


def test_a_draft_of_another_length_is_another_decoder() -> None:
    assert {point.num_speculative_tokens for point in points("mtp-1")} <= {None, 1}
    assert {point.num_speculative_tokens for point in points("mtp-3")} <= {None, 2, 3, 4, 5}


def test_a_preset_of_one_model_shows_that_models_points_alone() -> None:
    assert points("dspark-v4-pro")
    for point in points("dspark-v4-pro"):
        assert point.case.lower().startswith("deepseek-v4-pro")


def test_the_speed_of_a_user_is_the_measured_one_or_the_total_over_the_requests() -> None:
    rows = [row for row in load_speculation_measurements() if row.source_id == "dspark-paper-prod"]
    told = {
        (row.requests, row.tokens_per_second / row.requests): row.speedup
        for row in rows
        if row.requests and row.tokens_per_second and row.target_model == "DeepSeek-V4-Flash" and row.speedup
    }
    assert told
    shown = {
        (point.concurrency, point.tokens_per_second_per_user): point.speedup
        for point in points("dspark-v4-flash")
        if point.source == "dspark-paper-prod"
    }
    assert shown.items() >= {key: told[key] for key in shown}.items()
    assert len(shown) >= 5


def test_the_papers_curves_say_what_it_reports_at_moderate_speeds() -> None:
    """At 80 tok/s a user (V4-Flash) and 35 (V4-Pro) the paper reports 51 and 52 % more throughput."""
    for name, speed, gain in (("dspark-v4-flash", 80.0, 1.51), ("dspark-v4-pro", 35.0, 1.52)):
        curve = preset_measurements(find_preset(name)).by_user_speed
        assert curve is not None
        nearest = min(zip(curve.at, curve.speedup, strict=True), key=lambda one: abs(one[0] - speed))
        assert nearest[1] == pytest.approx(gain, abs=0.03)
        assert max(curve.speedup) <= 3.0


def test_ones_own_points_count_for_their_method_and_all_of_them_for_the_measured_preset() -> None:
    mine = (own(), own(method="eagle3", speedup=1.2), own(speedup=None, acceptance_length=2.4))
    assert [point.speedup for point in points("mtp-3", *mine) if point.own] == [1.5]
    assert [point.speedup for point in points("measured", *mine)] == [1.5, 1.2]
    assert preset_measurements(find_preset("mtp-3"), mine).own_without_speedup == 1
