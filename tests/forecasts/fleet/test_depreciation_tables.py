"""The four methods give the tables that textbooks print, by year of the asset's life."""

import numpy as np
import pytest

from forecasts.fleet.assets.depreciation import Schedule, written_off_by_use, written_off_fraction
from forecasts.fleet.costs.terms import DepreciationMethod

# Horngren, Harrison and Oliver, Accounting, "Determining asset cost, preparing depreciation schedules (3 methods)": a
# truck for 114,000, five years, residual 12,000, 136,000 miles of which 32,000 in each of four years and 8,000 in the
# fifth. The book rounds declining-balance amounts to dollars.
TRUCK_STRAIGHT_LINE = [20_400, 20_400, 20_400, 20_400, 20_400]
TRUCK_MILES = [32_000, 32_000, 32_000, 32_000, 8_000]
TRUCK_BY_USE = [24_000, 24_000, 24_000, 24_000, 6_000]
TRUCK_DECLINING = [45_600, 27_360, 16_416, 9_850, 2_774]

# Blank and Tarquin, Engineering Economy (7th edition), chapter 16: 10,000 over five years without salvage, double
# declining balance "with switching to SL". Park, Contemporary Engineering Economics, has the same example.
SWITCHED = [4_000, 2_400, 1_440, 1_080, 1_080]

# Park, Contemporary Engineering Economics, problem 9.6 (b): 46,000 over five years with salvage of 10,000. The book
# value reaches the salvage in the third year and stays there.
STOPPED_AT_SALVAGE = [18_400, 11_040, 6_560, 0, 0]

# Sullivan, Wicks and Koelling, Engineering Economy: 4,000 over ten years without salvage, 200 % declining balance. The
# sixth amount is 262.14, leaves 1,048.58, and straight line takes over for the last four years.
SULLIVAN_SIXTH, SULLIVAN_BOOK_VALUE = 262.14, 1_048.58

# CliffsNotes, Accounting Principles I, "Sum-of-the-Years'-Digits Depreciation": a truck for 90,000 with salvage of
# 10,000 after five years, in whole dollars.
DIGITS = [26_667, 21_333, 16_000, 10_667, 5_333]

# Newnan, Eschenbach and Lavelle, Engineering Economic Analysis, chapter 11: 900 with salvage of 70 after five years.
NEWNAN_DIGITS = [277, 221, 166, 111, 55]


def by_year(method: DepreciationMethod, cost: float, salvage: float, years: int) -> list[float]:
    schedule = Schedule(method=method, useful_life_months=12 * years, residual_fraction=salvage / cost)
    written_off = cost * written_off_fraction(schedule, np.arange(0.0, 12 * years + 1, 12))
    return np.diff(written_off).tolist()


def test_straight_line_charges_every_year_alike() -> None:
    assert by_year("straight_line", 114_000, 12_000, 5) == pytest.approx(TRUCK_STRAIGHT_LINE)


@pytest.mark.parametrize(
    ("cost", "salvage", "table", "rounded_to"),
    [
        (114_000, 12_000, TRUCK_DECLINING, 1),
        (10_000, 0, SWITCHED, 0),
        (46_000, 10_000, STOPPED_AT_SALVAGE, 0),
    ],
)
def test_declining_balance_switches_to_straight_line_and_stops_at_the_salvage(
    cost: float, salvage: float, table: list[float], rounded_to: int
) -> None:
    assert by_year("declining_balance", cost, salvage, 5) == pytest.approx(table, abs=rounded_to / 2 + 1e-6)


def test_declining_balance_over_ten_years_ends_at_nothing_by_its_switch() -> None:
    amounts = by_year("declining_balance", 4_000, 0, 10)
    assert amounts[5] == pytest.approx(SULLIVAN_SIXTH, abs=0.005)
    assert sum(amounts[6:]) == pytest.approx(SULLIVAN_BOOK_VALUE, abs=0.005)
    assert amounts[6:] == pytest.approx([SULLIVAN_BOOK_VALUE / 4] * 4, abs=0.005)


@pytest.mark.parametrize(("cost", "salvage", "table"), [(90_000, 10_000, DIGITS), (900, 70, NEWNAN_DIGITS)])
def test_sum_of_years_digits_falls_by_equal_steps(cost: float, salvage: float, table: list[float]) -> None:
    # The books print whole dollars.
    assert by_year("sum_of_years_digits", cost, salvage, 5) == pytest.approx(table, abs=0.5)


def test_units_of_production_charge_by_the_mile() -> None:
    driven = np.cumsum([0, *TRUCK_MILES]).astype(np.float64)
    written_off = 114_000 * written_off_by_use(12_000 / 114_000, driven, 136_000, np.zeros(6))
    assert np.diff(written_off).tolist() == pytest.approx(TRUCK_BY_USE)
