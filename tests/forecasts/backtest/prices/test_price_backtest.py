"""The backtest sees only what was known, scores by published formulas, and bears out what the documentation says."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.backtest.prices.methods import METHODS, Forecaster
from forecasts.backtest.prices.origins import Origin, case_at, rolling_cases
from forecasts.backtest.prices.run import ScoredCase, backtest_prices
from forecasts.backtest.prices.scoring import pinball_loss, score
from forecasts.backtest.prices.since import CLAIMED_ON, OBSERVED_ON, moves_between
from forecasts.catalog.outlook_scores import load_outlook_scores
from forecasts.catalog.price_series import load_series
from forecasts.prices.history.series import PriceSeries
from forecasts.timeline import Month
from tests.forecasts.estates import law

MODEL = Path(__file__).resolve().parents[4] / "docs" / "model.md"


def hours(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() / 3600.0


def a_series(
    *steps: tuple[date, float],
    provider: str = "north",
    kind: str = "sku",
    recorded: dict[date, date] | None = None,
    until: date = date(2026, 1, 1),
) -> PriceSeries:
    return PriceSeries(
        provider=provider,
        name="large",
        kind=kind,
        starts=np.array([hours(day) for day, _ in steps]),
        recorded=np.array([hours((recorded or {}).get(day, day)) for day, _ in steps]),
        rates=np.array([rate for _, rate in steps]),
        observed_until=hours(until),
    )


@pytest.fixture(scope="module")
def scored() -> dict[str, ScoredCase]:
    cases = backtest_prices(load_series("models"), load_series("tiers"))
    return {case.case: case for case in cases}


def test_the_target_is_the_mean_of_the_twelve_months_after_the_origins_own() -> None:
    """At 1 until the end of July 2025 and at 2 from then on: seven of the year's twelve months, 212 of 365 days."""
    series = a_series((date(2024, 6, 1), 1.0), (date(2025, 8, 1), 2.0))
    case = case_at(series, Origin.of(Month(2024, 12)))
    assert case is not None
    assert case.origin.as_of == date(2024, 12, 1)
    assert case.log_ratio == pytest.approx(np.log((212 + 2 * 153) / 365))
    assert not case.changed_before


def test_origins_run_from_the_month_after_the_start_to_the_last_whole_horizon() -> None:
    series = a_series((date(2024, 6, 15), 1.0))
    origins = [case.origin.as_of for case in rolling_cases([series])]
    # The horizon of December 2024 ends with 2025, the last day observed.
    assert origins == [date(2024, month, 1) for month in range(7, 13)]


def test_a_step_counts_as_known_from_the_day_it_was_recorded() -> None:
    steps = ((date(2024, 1, 1), 1.0), (date(2024, 9, 1), 3.0))
    ahead = a_series(*steps, recorded={date(2024, 9, 1): date(2024, 7, 20)})
    for series, months_known in ((ahead, 8), (a_series(*steps), 9)):
        for month in (7, 8, 9):
            case = case_at(series, Origin.of(Month(2024, month)))
            assert case is not None
            assert case.changed_before == (month >= 9)
            assert (case.known_path > 1.0).any() == (months_known <= month < 9)


@law
@given(
    st.lists(st.integers(1, 900), min_size=1, max_size=8, unique=True),
    st.lists(st.sampled_from([0.5, 1.0, 2.0, 3.0]), min_size=9, max_size=9),
    st.integers(1, 30),
)
def test_nothing_after_the_origin_changes_a_forecast(days: list[int], rates: list[float], months: int) -> None:
    """A series and the same series that forgets everything after the origin are forecast alike by every method."""
    first = date(2022, 1, 1)
    steps = [
        (first, rates[0]),
        *((first + timedelta(days=day), rate) for day, rate in zip(sorted(days), rates[1:], strict=False)),
    ]
    origin = Origin.of(Month(2022, 1).plus(months))
    whole = a_series(*steps, until=date(2030, 1, 1))
    cut = a_series(*[step for step in steps if step[0] <= origin.as_of], until=date(2030, 1, 1))
    for method in METHODS:
        one, other = (
            Forecaster([series]).quantiles(case, method)
            for series in (whole, cut)
            if (case := case_at(series, origin)) is not None
        )
        np.testing.assert_array_equal(one, other)


def test_pinball_is_the_published_loss() -> None:
    """Koenker and Bassett: an outcome above the quantile costs the level of the distance, one below the rest of it."""
    quantiles = np.array([[-0.4, 0.0, 0.3]])
    assert pinball_loss(quantiles, np.array([0.2])) == pytest.approx((0.1 * 0.6 + 0.5 * 0.2 + 0.1 * 0.1) / 3)
    assert pinball_loss(np.zeros((2, 3)), np.array([0.6, -0.2])) == pytest.approx(0.5 * (0.6 + 0.2) / 2)


def test_errors_are_of_the_median_and_coverage_is_of_the_interval() -> None:
    quantiles = np.log(np.array([[0.5, 1.0, 1.0], [0.5, 1.0, 2.0], [0.9, 1.0, 1.1]]))
    scores = score(quantiles, np.log(np.array([1.0, 2.0, 0.5])))
    assert (scores.median_error, scores.mean_error) == pytest.approx((0.5, 0.5))
    assert scores.bias == pytest.approx((0 - 0.5 + 1.0) / 3)
    assert scores.coverage == pytest.approx(2 / 3)
    assert score(np.zeros((1, 3)), np.zeros(1)).coverage is None


@pytest.mark.parametrize(
    ("case", "method", "pinball"),
    [
        ("all", "flat", 0.064),
        ("all", "history", 0.065),
        ("all", "planning_haircut", 0.171),
        ("tiers", "flat", 0.257),
        ("tiers", "history", 0.212),
    ],
)
def test_an_earlier_study_of_the_same_history_is_reproduced_within_a_tenth(
    scored: dict[str, ScoredCase], case: str, method: str, pinball: float
) -> None:
    assert scored[case].methods[method].pinball == pytest.approx(pinball, rel=0.1)


@pytest.mark.parametrize("case", ["changed_before", "tiers", "tiers_changed_before"])
def test_history_beats_a_held_price_where_prices_move(scored: dict[str, ScoredCase], case: str) -> None:
    assert scored[case].methods["history"].pinball < scored[case].methods["flat"].pinball


def test_a_held_price_beats_every_outlook_on_names_that_stay_with_one_model(scored: dict[str, ScoredCase]) -> None:
    for case in ("all", "skus"):
        losses = {name: scores.pinball for name, scores in scored[case].methods.items()}
        assert min(losses.values()) == losses["flat"]


def test_the_packaged_scores_are_what_the_backtest_finds(scored: dict[str, ScoredCase]) -> None:
    packaged = {(row.case, row.outlook): row for row in load_outlook_scores()}
    assert set(packaged) == {(case.case, name) for case in scored.values() for name in case.methods}
    for case in scored.values():
        for name, found in case.methods.items():
            row = packaged[case.case, name]
            assert (row.rows, row.series) == (case.rows, case.series)
            assert row.pinball == pytest.approx(found.pinball, abs=6e-5)
            assert row.median_error == pytest.approx(found.median_error, abs=6e-5)


def test_the_documentation_shows_what_the_backtest_finds(scored: dict[str, ScoredCase]) -> None:
    text = MODEL.read_text(encoding="utf-8")
    shown = ("flat", "history", "projected_cut", "planning_haircut", "exponential")
    for case in scored.values():
        [line] = [line for line in text.splitlines() if line.startswith(f"| `{case.case}`")]
        figures = [f"{case.methods[name].pinball:.3f}" for name in shown]
        assert [cell.strip() for cell in line.strip("|").split("|")][1:] == [f"{case.rows}, {case.series}", *figures]


def test_what_became_of_the_claimed_cuts_is_as_documented() -> None:
    moves = moves_between(load_series("models"), CLAIMED_ON, OBSERVED_ON)
    assert (moves.models, moves.unchanged, moves.higher, moves.lower, moves.lower_as_claimed) == (86, 77, 3, 6, 0)
    text = MODEL.read_text(encoding="utf-8")
    assert f"Of {moves.models} models" in text
    assert f"{moves.unchanged} are unchanged" in text
