"""Figures as people read them."""

from datetime import UTC, datetime

import pytest

from service.web.formatting import compact, moment, money, percent, plain, signed_money, unit, whole_money
from service.wording.months import month_name


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        ("1234.5", "USD", "$1,234.50"),
        ("-0.005", "EUR", "\N{MINUS SIGN}€0.00"),
        ("1000000", "CHF", "1,000,000.00 CHF"),
        (None, "USD", "\N{EN DASH}"),
    ],
)
def test_money_has_its_separators_and_its_currency(amount: str | None, currency: str, said: str) -> None:
    assert money(amount, currency) == said


def test_a_difference_always_has_a_sign_unless_it_is_none() -> None:
    assert [signed_money(amount, "USD") for amount in ("12", "-12", "0")] == [
        "+$12.00",
        "\N{MINUS SIGN}$12.00",
        "$0.00",
    ]


def test_what_is_looked_at_has_no_cents() -> None:
    assert whole_money("1999.6", "USD") == "$2,000"


@pytest.mark.parametrize(
    ("value", "said"),
    [(10_368_000_000, "10.4B"), (999, "999"), (-1500, "\N{MINUS SIGN}1.5k"), (0, "0"), (None, "\N{EN DASH}")],
)
def test_large_numbers_are_three_digits_and_a_letter(value: float | None, said: str) -> None:
    assert compact(value) == said


def test_fractions_months_moments_rates_and_units_read_as_people_say_them() -> None:
    assert percent(0.256) == "25.6 %"
    assert percent(-0.0001) == "0.0 %"
    assert month_name("2027-01") == "Jan 2027"
    assert moment(datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)) == "2027-01-02 03:04 UTC"
    assert [plain(rate) for rate in ("1.9800", "100", "0.000150")] == ["1.98", "100", "0.00015"]
    assert [unit(name) for name in ("1000000 Tokens", "Hours", None)] == ["million tokens", "Hours", ""]
