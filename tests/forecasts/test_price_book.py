"""Known prices: dated, conditional, in any currency, and weighted by the time for which they hold."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.catalog.prices import price_rows_known_at
from forecasts.catalog.windows import load_utc_windows
from forecasts.prices.book import NoPrice, PriceBook
from forecasts.timeline import FloatArray, Month, Timeline
from forecasts.workload import ApiRoute
from tests.forecasts.estates import LARGE, a_plan, a_price, a_workload, answer, law

FLASH = ApiRoute(provider="deepseek", model="deepseek-v4-flash")
FLAT = np.ones(168)
JANUARY = {"calendar": "actual", "horizon": {"first_month": "2027-01", "months": 1}}


def catalogue_rate(month: Month, weights: FloatArray = FLAT, route: ApiRoute = FLASH, meter: str = "output") -> float:
    """Per million tokens, by the packaged catalogue as of 2026-11-23."""
    book = PriceBook(
        price_rows_known_at(datetime(2026, 11, 23, tzinfo=UTC)),
        windows=load_utc_windows(),
        exchange_rates=(),
        currency="USD",
        as_of=datetime(2026, 11, 23, tzinfo=UTC).date(),
        timeline=Timeline(first=month, months=1),
    )
    per_token: float = book.rate_path(route, meter, prompt_tokens=0, hourly_weights=weights).per_token[0]
    return per_token * 1e6


def month_cost(*prices: dict[str, Any], **fields: Any) -> str:
    """January's cost of 500 million output tokens."""
    demand = fields.pop("demand", {})
    cost: str = answer(a_plan(a_workload(**demand), prices=list(prices), **JANUARY | fields))["monthly"][0][
        "effective"
    ]["mean"]
    return cost


def test_a_flat_week_of_v4_flash_blends_peak_and_off_peak() -> None:
    """Seven hours of five days are peak at 1.20, 35 of 168; the rest are off-peak at 0.60."""
    expected = (Decimal(35) * Decimal("1.20") + 133 * Decimal("0.60")) / 168
    assert expected == Decimal("0.725")
    assert catalogue_rate(Month(2026, 10)) == pytest.approx(0.725, rel=1e-12)
    assert catalogue_rate(Month(2027, 6)) == pytest.approx(0.725, rel=1e-12)


def test_a_workload_of_weekends_or_of_peak_hours_pays_one_rate_alone() -> None:
    weekend = np.repeat([0.0, 3.5], [120, 48])
    mornings = np.tile(np.repeat([0.0, 24 / 3, 0.0], [6, 3, 15]), 7) * np.repeat([1.0, 0.0], [120, 48])
    assert catalogue_rate(Month(2027, 1), weekend) == pytest.approx(0.60, rel=1e-12)
    assert catalogue_rate(Month(2027, 1), mornings) == pytest.approx(1.20, rel=1e-12)


def test_until_september_the_peak_was_daily() -> None:
    """From 16 August, 16:00 to 10 September: 1.32 in 49 hours of the week and 0.66 in the other 119."""
    before = (Decimal(49) * Decimal("1.32") + 119 * Decimal("0.66")) / 168
    hours = Decimal(9 * 24)
    september = (hours * before + (720 - hours) * Decimal("0.725")) / 720
    assert catalogue_rate(Month(2026, 9)) == pytest.approx(float(september), rel=1e-12)


def test_an_all_hours_price_ends_where_windows_begin() -> None:
    """August 2026: 15 days and 16 hours at 0.28, then the first peak prices."""
    before = Decimal(15 * 24 + 16)
    after = (Decimal(49) * Decimal("1.32") + 119 * Decimal("0.66")) / 168
    august = (before * Decimal("0.28") + (744 - before) * after) / 744
    assert catalogue_rate(Month(2026, 8)) == pytest.approx(float(august), rel=1e-12)


def test_windows_give_way_to_an_all_hours_price_again() -> None:
    windows = [a_price("deepseek/deepseek-v4-flash", rate=rate, utc_window=name, effective_from="2026-09-10T00:00:00Z")
               for name, rate in (("peak", "1.20"), ("off_peak", "0.60"))]  # fmt: skip
    again = a_price("deepseek/deepseek-v4-flash", rate="0.50", effective_from="2027-01-01T00:00:00Z")
    demand = {"to": [{"model": "deepseek/deepseek-v4-flash", "share": 1}]}
    assert month_cost(*windows, demand=demand) == f"{500 * Decimal('0.725'):.2f}" == "362.50"
    assert month_cost(*windows, again, demand=demand) == "250.00"


def test_a_model_without_known_peak_hours_cannot_be_priced_by_them() -> None:
    document = a_plan(prices=[a_price(utc_window="peak"), a_price(utc_window="off_peak")])
    with pytest.raises(ValueError, match="its peak hours are not known"):
        answer(document)


@law
@given(
    st.integers(0, 744 * 60),
    st.integers(0, 10**6).map(lambda rate: Decimal(rate) / 10**4),
    st.integers(0, 10**6).map(lambda rate: Decimal(rate) / 10**4),
)
def test_a_price_that_changes_within_a_month_counts_by_its_time(minute: int, before: Decimal, after: Decimal) -> None:
    changes = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
    cost = month_cost(a_price(rate=str(before)), a_price(rate=str(after), effective_from=changes.isoformat()))
    share_before = Decimal(minute) / (744 * 60)
    exact = 500 * (share_before * before + (1 - share_before) * after)
    assert abs(Decimal(cost) - exact) <= Decimal("0.00501")


def test_eleven_days_and_a_half_at_two_and_the_rest_at_one() -> None:
    exact = Decimal(500) * (276 * Decimal(2) + 468 * Decimal(1)) / 744
    assert month_cost(a_price(rate="2"), a_price(rate="1", effective_from="2027-01-12T12:00:00Z")) == f"{exact:.2f}"


def test_the_calendar_of_hours_does_not_move_a_price_change() -> None:
    """In 30/360 months too, a change on the 15th of February leaves half of its days on each side."""
    feb = {"horizon": {"first_month": "2027-02", "months": 1}, "calendar": "30/360"}
    rows = (a_price(rate="2"), a_price(rate="1", effective_from="2027-02-15T00:00:00Z"))
    assert month_cost(*rows, **feb) == "750.00"


def test_an_end_without_a_successor_leaves_a_month_without_a_price() -> None:
    with pytest.raises(ValueError, match="for all of 2027-01"):
        month_cost(a_price(effective_to="2027-01-20T00:00:00Z"))


def test_a_later_record_corrects_the_row_of_the_same_start() -> None:
    rows = (a_price(rate="3", recorded_at="2026-05-01T00:00:00Z"), a_price(rate="2"))
    assert month_cost(*rows) == month_cost(*reversed(rows)) == "1500.00"


def test_a_cancelled_announcement_never_comes_into_force() -> None:
    announced = a_price(rate="9", effective_from="2027-01-01T00:00:00Z", recorded_at="2026-06-01T00:00:00Z")
    cancelled = announced | {"status": "cancelled", "recorded_at": "2026-07-01T00:00:00Z"}
    assert month_cost(a_price(), announced | {"status": "scheduled"}) == "4500.00"
    assert month_cost(a_price(), announced | {"status": "scheduled"}, cancelled) == "1000.00"
    unheard = cancelled | {"recorded_at": "2026-12-01T00:00:00Z"}
    assert month_cost(a_price(), announced | {"status": "scheduled"}, unheard) == "4500.00"


def test_rates_are_quoted_per_any_number_of_tokens() -> None:
    assert month_cost(a_price(rate="0.002", per_tokens=1000)) == "1000.00"


@pytest.mark.parametrize(("prompt_tokens", "cost"), [(0, "1000.00"), (199_999, "1000.00"), (200_000, "1500.00")])
def test_prompts_are_billed_in_the_band_they_reach(prompt_tokens: int, cost: str) -> None:
    rows = [a_price(), a_price(rate="3", prompt_tokens_from=200_000), a_price(LARGE, "input", "0")]
    assert month_cost(*rows, demand={"input_tokens_per_request": prompt_tokens}) == cost


def test_a_band_counts_only_while_it_is_in_force() -> None:
    rows = [
        a_price(),
        a_price(rate="3", prompt_tokens_from=200_000, effective_to="2026-06-01T00:00:00Z"),
        a_price(LARGE, "input", "0"),
    ]
    assert month_cost(*rows, demand={"input_tokens_per_request": 300_000}) == "1000.00"


def test_a_band_that_starts_within_the_month_leaves_the_time_before_it_to_the_lower_one() -> None:
    rows = [
        a_price(),
        a_price(rate="3", prompt_tokens_from=200_000, effective_from="2027-01-16T12:00:00Z"),
        a_price(LARGE, "input", "0"),
    ]
    assert month_cost(*rows, demand={"input_tokens_per_request": 300_000}) == "1250.00"


def test_service_tiers_have_prices_of_their_own() -> None:
    demand = {"to": [{"model": LARGE, "share": 1, "service_tier": "batch"}]}
    assert month_cost(a_price(), a_price(rate="1", service_tier="batch"), demand=demand) == "500.00"
    with pytest.raises(ValueError, match=r"no batch price of north/large .* tiers: \['standard'\]"):
        month_cost(a_price(), demand=demand)


def test_a_regional_price_is_not_the_price_everywhere() -> None:
    assert month_cost(a_price(), a_price(rate="9", region="eu")) == "1000.00"


EUR_PER_USD = {"currency": "EUR", "per": "USD", "rate": "0.80", "from": "2026-11-01"}


def test_a_price_is_converted_at_the_rate_of_its_month() -> None:
    """0.80 euro buy a dollar, so 2.00 euro are 2.50 dollars."""
    assert month_cost(a_price(currency="EUR"), exchange_rates=[EUR_PER_USD]) == "1250.00"


def test_the_same_rate_converts_the_other_way() -> None:
    assert month_cost(a_price(), currency="EUR", exchange_rates=[EUR_PER_USD]) == "800.00"


def test_a_rate_that_changes_within_a_month_counts_by_its_time() -> None:
    """On 16 January at noon would be half; rates change with days, so 15 of 31 days are at 0.80 and 16 at 1.00."""
    later = {"currency": "EUR", "per": "USD", "rate": "1.00", "from": "2027-01-16"}
    exact = Decimal(500) * 2 * (15 / Decimal("0.80") + 16) / 31
    assert month_cost(a_price(currency="EUR"), exchange_rates=[EUR_PER_USD, later]) == f"{exact:.2f}"


def test_a_route_needs_a_price_only_while_it_is_used() -> None:
    """One model is replaced in the month in which it is withdrawn, by one that is not yet on sale before."""
    old = a_price("north/old", effective_to="2027-02-01T00:00:00Z")
    new = a_price("north/new", rate="3", effective_from="2027-02-01T00:00:00Z")
    workload = a_workload() | {
        "routes": [
            {"to": [{"model": "north/old", "share": 1}]},
            {"from": "2027-02", "to": [{"model": "north/new", "share": 1}]},
        ]
    }
    forecast = answer(a_plan(workload, prices=[old, new], horizon={"first_month": "2027-01", "months": 2}))
    assert [month["effective"]["mean"] for month in forecast["monthly"]] == ["1000.00", "1500.00"]


def test_a_rate_path_names_what_is_missing() -> None:
    with pytest.raises(NoPrice, match="2026-03 is before any known price"):
        catalogue_rate(Month(2026, 3))
