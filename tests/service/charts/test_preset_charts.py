"""`preset-by-...`: points and curves of a decoder without a fleet."""

import pytest

from tests.service.charts.documents import Json, drawn, own_point, preset, rows_with, svg_of

FLASH = preset("dspark-v4-flash", own_point(), own_point(speedup=None, acceptance_length=3.1))


def series(spec: Json) -> set[str]:
    return {row["series"] for row in rows_with(spec, "series")}


def test_points_are_told_apart_by_what_they_are_a_speedup_over() -> None:
    spec = drawn("preset-by-concurrency", FLASH)
    assert {"Measured, over mtp-1", "Your own points"} <= series(spec)
    [own] = [row for row in rows_with(spec, "series") if row["series"] == "Your own points"]
    assert (own["concurrency"], own["speedup"], own["case"]) == (48.0, 1.45, "fleet pool")
    assert "1 of your points give an acceptance length and no speedup." in spec["description"]


def test_a_point_without_a_users_speed_is_in_the_other_chart_alone() -> None:
    spec = drawn("preset-by-user-speed", FLASH)
    assert "Your own points" not in series(spec)
    assert all(row["tokens_per_second_per_user"] for row in rows_with(spec, "series"))


@pytest.mark.parametrize("name", ["preset-by-concurrency", "preset-by-user-speed"])
def test_a_preset_given_as_a_speedup_shows_its_range(name: str) -> None:
    [band] = rows_with(drawn(name, FLASH), "high", "mode")
    assert (band["speedup"], band["mode"], band["high"]) == (1.17, 1.51, 1.72)
    assert not rows_with(drawn(name, preset("mtp-3")), "high", "mode")


def test_a_preset_that_nobody_has_measured_says_so() -> None:
    words = "".join(svg_of(drawn("preset-by-concurrency", preset("unsloth-mtp"))).itertext())
    assert "Nothing is measured of this decoder yet." in words
