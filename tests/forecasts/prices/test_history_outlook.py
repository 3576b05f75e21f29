"""The outlook `history`: a compound Poisson process on the record as it was known."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from forecasts.catalog.price_series import jumps_known_as_of, load_series
from forecasts.draws import Draws
from forecasts.prices.history.jumps import JumpRecord
from forecasts.prices.outlooks.course import Scene
from forecasts.prices.outlooks.courses.history import History
from forecasts.timeline import FloatArray, Month, Timeline
from forecasts.workload import ApiRoute

YEAR = Timeline(first=Month(2027, 1), months=12)


def record(*log_ratios: float, jumps: int = 0, years: float = 0.0) -> JumpRecord:
    """Ten series-years of others, and what the provider `north` has to show for itself."""
    others = len(log_ratios) - jumps
    return JumpRecord(
        jumps={"north": jumps, "others": others},
        series_years={"north": years, "others": 10.0},
        log_ratios=np.sort(np.array(log_ratios)),
    )


def paths(
    known: JumpRecord,
    *,
    timeline: Timeline = YEAR,
    as_of: date = date(2026, 12, 31),
    provider: str = "north",
    count: int = 20_000,
    **course: Any,
) -> FloatArray:
    scene = Scene(timeline=timeline, draws=Draws(seed=7, count=count), as_of=as_of, record_of=lambda _series: known)
    route = ApiRoute(provider=provider, model="any")
    multiplier = History(**course).multiplier(scene, route, "output", lambda _route, _meter: np.ones(timeline.months))
    return np.ones((timeline.months, count)) if multiplier is None else multiplier


def test_without_a_jump_on_record_prices_hold() -> None:
    np.testing.assert_array_equal(paths(record()), 1.0)


def test_jumps_come_at_the_rate_of_the_posterior() -> None:
    """Eight jumps in ten years of others and two in one of its own: a gamma of shape 3 over 1/(10/11) + 1 years."""
    known = record(*[0.7] * 10, jumps=2, years=1.0)
    shape, years = 3, 11 / 10 + 1
    assert known.posterior("north") == pytest.approx((shape, years))
    jumps_in_a_year = np.log(paths(known)[-1] / paths(known)[0]) / 0.7
    never = np.mean(paths(known)[-1] == 1.0)
    # Poisson counts of a gamma rate are negative binomial: none in a year with chance (years/(years + 1))**shape.
    chance = (years / (years + 1)) ** shape
    assert never == pytest.approx(chance, abs=4 * np.sqrt(chance * (1 - chance) / 20_000))
    assert jumps_in_a_year.min() >= -1e-9


def test_a_provider_without_a_history_moves_like_all_others() -> None:
    known = record(*[-0.5] * 5)
    shape, years = known.posterior("unheard of")
    assert shape / years == pytest.approx(known.pooled_rate_per_year) == pytest.approx(0.5)


def test_sizes_are_those_on_record_rises_included() -> None:
    known = record(-0.7, -0.7, 0.4, 0.9)
    # Between two months whose own month had no jump the ratio is that of one whole jump.
    settled = paths(known, count=200_000)
    steps = np.log(settled[2] / settled[0])[(settled[0] == 1.0) & (settled[1] != 1.0) & (settled[2] != 1.0)]
    shares = [np.mean(np.isclose(steps, size)) for size in (-0.7, 0.4, 0.9)]
    assert shares[0] / sum(shares) == pytest.approx(0.5, abs=0.05)
    assert shares[1] / sum(shares) == pytest.approx(0.25, abs=0.05)


def test_a_jump_falls_on_any_day_of_its_month_alike() -> None:
    known = record(-0.7, jumps=0)
    first = paths(known, count=400_000)[0]
    moved = first[first != 1.0]
    before = (moved - np.exp(-0.7)) / (1 - np.exp(-0.7))
    # A uniform share of the month: mean 1/2, standard deviation 1/sqrt(12).
    assert before.mean() == pytest.approx(0.5, abs=4 / np.sqrt(12 * len(before)))
    assert np.quantile(before, 0.25) == pytest.approx(0.25, abs=0.02)


def test_longer_horizons_and_later_starts_keep_every_month_they_share() -> None:
    known = record(-0.7, 0.4, -1.2, jumps=1, years=0.5)
    whole = paths(known, count=500)
    shorter = paths(known, timeline=Timeline(first=Month(2027, 1), months=5), count=500)
    later = paths(known, timeline=Timeline(first=Month(2027, 6), months=7), count=500)
    np.testing.assert_array_equal(shorter, whole[:5])
    np.testing.assert_array_equal(later, whole[5:])


def test_all_models_of_a_provider_jump_together_and_providers_apart() -> None:
    known = record(-0.7, 0.4, -1.2)
    assert History().shared_by(ApiRoute(provider="north", model="one")) == "north"
    correlation = np.corrcoef(paths(known)[-1], paths(known, provider="south")[-1])[0, 1]
    assert abs(correlation) < 4 / np.sqrt(20_000)


def test_nothing_jumps_before_the_plans_day_or_outside_the_window() -> None:
    known = record(-0.7, 0.4)
    from_march = paths(known, as_of=date(2027, 2, 28))
    np.testing.assert_array_equal(from_march[:2], 1.0)
    assert (from_march[2] != 1.0).any()
    within = paths(known, window=(date(2027, 3, 1), date(2027, 4, 1)))
    np.testing.assert_array_equal(within[:2], 1.0)
    np.testing.assert_array_equal(within[4], within[3])
    np.testing.assert_array_equal(paths(known, window=(date(2029, 1, 1), None)), 1.0)


def test_the_record_of_a_day_holds_only_what_was_known_by_its_end() -> None:
    """DeepSeek repriced on 16 August 2026 at 16:00 UTC: unknown the day before, known by the end of that day."""
    before, after = (jumps_known_as_of(date(2026, 8, day), "models") for day in (15, 16))
    assert after.jumps["deepseek"] == before.jumps["deepseek"] + 2
    assert "xiaomi" not in jumps_known_as_of(date(2026, 6, 28), "models").jumps
    assert jumps_known_as_of(date(2021, 1, 1), "models").log_ratios.size == 0


def test_a_changed_peak_price_counts_by_a_flat_week() -> None:
    """V4-Flash went from 0.28 to 0.66 off-peak and 1.32 in 35 of 168 hours on the record's own hours of that day."""
    flash = next(one for one in load_series("models") if one.name == "deepseek-v4-flash")
    assert flash.rates[-1] == pytest.approx(0.725)
    assert flash.rates[0] == 0.28
