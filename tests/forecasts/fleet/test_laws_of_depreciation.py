"""Laws of depreciation: whatever the method, an asset's cost is its depreciation and its residual."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.fleet.assets.depreciation import Schedule, age_at_end, written_off_by_use, written_off_fraction
from forecasts.fleet.costs.terms import Convention
from tests.forecasts.estates import law

CONVENTIONS = st.sampled_from(["full_month", "mid_month"])


@st.composite
def schedules(draw: st.DrawFn, *, convention: Convention | None = None) -> Schedule:
    method = draw(st.sampled_from(["straight_line", "declining_balance", "sum_of_years_digits"]))
    years = method == "sum_of_years_digits"
    return Schedule(
        method=method,
        useful_life_months=draw(st.integers(1, 10)) * 12 if years else draw(st.integers(1, 120)),
        residual_fraction=draw(st.integers(0, 100)) / 100,
        convention=convention or draw(CONVENTIONS),
        declining_balance_factor=draw(st.sampled_from([1.0, 1.5, 2.0, 3.0])),
    )


def through_life(schedule: Schedule) -> np.ndarray:
    """Written off at the start of the month of service and at the end of each month, one past the life."""
    since_service = np.arange(-1.0, schedule.useful_life_months + 2)
    return written_off_fraction(schedule, age_at_end(schedule, since_service))


@law
@given(schedules())
def test_depreciation_and_residual_are_the_cost(schedule: Schedule) -> None:
    written_off = through_life(schedule)
    assert written_off[0] == 0.0
    assert np.diff(written_off).sum() + schedule.residual_fraction == pytest.approx(1.0, abs=1e-12)
    assert written_off[-1] == written_off[-2]


@law
@given(schedules())
def test_book_value_never_rises_and_never_falls_below_the_residual(schedule: Schedule) -> None:
    book_value = 1.0 - through_life(schedule)
    assert (np.diff(book_value) <= 1e-12).all()
    assert (book_value >= schedule.residual_fraction - 1e-12).all()


@law
@given(schedules(convention="full_month"))
def test_months_add_to_years(schedule: Schedule) -> None:
    """The twelve months of a year of life bear what the year bears, each the same part of it."""
    monthly = np.diff(through_life(schedule))
    yearly = np.diff(written_off_fraction(schedule, np.arange(0.0, schedule.useful_life_months + 1, 12)))
    for year, amount in enumerate(yearly):
        of_year = monthly[12 * year : 12 * year + 12]
        assert of_year.sum() == pytest.approx(amount, abs=1e-12)
        assert of_year == pytest.approx(np.full(12, amount / 12), abs=1e-12)


@law
@given(schedules(convention="mid_month"))
def test_a_mid_month_lies_halfway_between_full_months(schedule: Schedule) -> None:
    """Half a month later everywhere: each end of a month is the mean of the ends around it, within a year of life."""
    full = through_life(
        Schedule(
            method=schedule.method,
            useful_life_months=schedule.useful_life_months,
            residual_fraction=schedule.residual_fraction,
            declining_balance_factor=schedule.declining_balance_factor,
        )
    )
    assert through_life(schedule)[1:] == pytest.approx((full[1:] + full[:-1]) / 2, abs=1e-12)


@law
@given(schedules(), st.integers(0, 100))
def test_a_later_month_of_service_moves_the_schedule_and_nothing_else(schedule: Schedule, months: int) -> None:
    since = np.arange(0.0, 140.0)
    moved = written_off_fraction(schedule, age_at_end(schedule, since - months))
    assert (moved[:months] == 0.0).all()
    assert (moved[months:] == written_off_fraction(schedule, age_at_end(schedule, since))[: 140 - months]).all()


@law
@given(
    st.lists(st.integers(0, 1000), min_size=1, max_size=24),
    st.integers(1, 5000),
    st.integers(0, 100).map(lambda hundredths: hundredths / 100),
)
def test_use_never_writes_off_more_than_there_is_and_is_trued_up_at_the_end(
    units: list[int], total: int, residual: float
) -> None:
    ended = np.zeros(len(units))
    ended[-1] = 1.0
    written_off = written_off_by_use(residual, np.cumsum(units).astype(np.float64), float(total), ended)
    assert (np.diff(written_off) >= 0.0).all()
    assert written_off.max() == written_off[-1] == 1.0 - residual


def test_accelerated_methods_write_off_sooner_than_straight_line() -> None:
    ages = np.arange(1.0, 60.0)
    straight, *faster = (
        written_off_fraction(Schedule(method=method, useful_life_months=60, residual_fraction=0.1), ages)
        for method in ("straight_line", "declining_balance", "sum_of_years_digits")
    )
    assert all((one > straight).all() for one in faster)


def test_units_of_production_cannot_be_read_off_an_age() -> None:
    schedule = Schedule(method="units_of_production", useful_life_months=12, residual_fraction=0.0)
    with pytest.raises(ValueError, match="by use"):
        written_off_fraction(schedule, np.ones(1))
