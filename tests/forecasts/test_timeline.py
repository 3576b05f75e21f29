"""Months as half-open periods: their hours, their fiscal years, and what part of them a period covers."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.timeline import Month, Timeline
from tests.forecasts.estates import law


def timeline(first: Month, months: int = 12, **fields: object) -> Timeline:
    return Timeline(first=first, months=months, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(("year", "hours"), [(2027, 8760), (2028, 8784), (2100, 8760)])
def test_a_year_has_its_own_hours(year: int, hours: int) -> None:
    assert timeline(Month(year, 1)).hours.sum() == hours


def test_a_month_has_its_own_hours() -> None:
    assert timeline(Month(2028, 1)).hours[:4].tolist() == [744, 696, 744, 720]


def test_a_30_360_month_has_720_hours() -> None:
    assert timeline(Month(2028, 1), calendar="30/360").hours.tolist() == [720.0] * 12


@pytest.mark.parametrize(
    ("starts", "month", "year"),
    [
        (1, Month(2027, 1), 2027),
        (1, Month(2027, 12), 2027),
        (4, Month(2027, 3), 2027),
        (4, Month(2027, 4), 2028),
        (10, Month(2026, 9), 2026),
        (10, Month(2026, 10), 2027),
        (2, Month(2027, 1), 2027),
        (2, Month(2027, 2), 2028),
        (12, Month(2027, 11), 2027),
        (12, Month(2027, 12), 2028),
    ],
)
def test_a_fiscal_year_is_named_by_the_calendar_year_in_which_it_ends(starts: int, month: Month, year: int) -> None:
    assert timeline(month, 1, fiscal_year_start_month=starts).fiscal_years.tolist() == [year]


@law
@given(st.integers(1, 12), st.integers(2020 * 12, 2040 * 12))
def test_a_fiscal_year_is_twelve_months_from_its_start(starts: int, index: int) -> None:
    years = timeline(Month.from_index(index), 36, fiscal_year_start_month=starts)
    changes = [
        month.month
        for month, year, before in zip(
            years.labels[1:], years.fiscal_years[1:].tolist(), years.fiscal_years[:-1].tolist(), strict=True
        )
        if year != before
    ]
    assert changes == [starts] * 3 or (changes == [starts] * 2 and years.first.month == starts)


@law
@given(st.integers(0, 20_000 * 12))
def test_an_index_and_its_month_are_one(index: int) -> None:
    month = Month.from_index(index)
    assert month.index == index
    assert month.plus(1).index == index + 1
    assert month < month.plus(1)


@pytest.mark.parametrize(
    "text", ["2027", "2027-13", "2027-00", "2027-1", "27-01", "2027-01-01", "", "2027-01 ", "1969-12"]
)
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a month such as 2027-01"):
        Month.parse(text)


def test_a_period_covers_the_part_of_each_month_that_lies_in_it() -> None:
    months = timeline(Month(2027, 1), 3)
    starts, ends = datetime(2027, 1, 22, tzinfo=UTC), datetime(2027, 3, 1, 12, tzinfo=UTC)
    assert months.share_of_months(starts, ends).tolist() == [10 / 31, 1, 12 / 744]
    assert months.share_of_months(None, starts).tolist() == [21 / 31, 0, 0]
    assert months.share_of_months(ends, None).tolist() == [0, 0, 732 / 744]
    assert months.share_of_months(ends, starts).tolist() == [0, 0, 0]
