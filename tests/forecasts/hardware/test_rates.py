"""The rate of an accelerator on a day: one row with its date, and the others beside it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.catalog.accelerators import AcceleratorPrice, load_accelerator_prices, load_accelerators
from forecasts.hardware.rates import QUALITIES, TIERS, choose_rate, rate_days, tiers_with_rates
from tests.forecasts.estates import law

TODAY = date(2026, 11, 23)


def a_rate(provider: str, rate: str, day: str | None = "2026-08-01", **fields: str) -> AcceleratorPrice:
    values: dict[str, str] = {"tier": "on-demand", "quality": "live-scrape", "accelerator_basis": "stated"} | fields
    return AcceleratorPrice(
        accelerator="b200-180gb",
        provider=provider,
        effective_from=None if day is None else date.fromisoformat(day),
        usd_per_gpu_hour=Decimal(rate),
        gpu="B200",
        source="a price list",
        date_basis="observed",
        note="",
        **values,
    )


def test_the_middle_of_the_providers_last_rates_is_chosen_and_the_others_are_told() -> None:
    # B200 on demand, 2026-08-22 and before: 14 providers from 3.49 (Prime Intellect) to 16.11 (Google); the seventh
    # cheapest is Lambda.
    chosen = choose_rate("b200-180gb", as_of=TODAY)
    assert chosen is not None
    assert (chosen.row.provider, chosen.row.effective_from) == ("lambda", date(2026, 8, 22))
    assert (chosen.low, chosen.usd_per_gpu_hour, chosen.high) == (Decimal("3.49"), Decimal("6.69"), Decimal("16.11"))
    assert len(chosen.considered) == 14
    assert not chosen.stands_in
    assert chosen.age_days == 93


def test_a_named_providers_rate_is_its_own() -> None:
    chosen = choose_rate("b200-180gb", as_of=TODAY, provider="Nebius")
    assert chosen is not None
    assert (chosen.usd_per_gpu_hour, chosen.row.effective_from) == (Decimal("7.15"), date(2026, 8, 22))


def test_a_provider_that_has_none_gives_none() -> None:
    assert choose_rate("mi355x-288gb", as_of=TODAY, provider="nebius") is None


def test_another_tier_stands_in_and_says_so() -> None:
    chosen = choose_rate("mi355x-288gb", as_of=TODAY)
    assert chosen is not None
    assert (chosen.row.provider, chosen.row.tier, chosen.tier_asked) == ("vultr", "spot", "on-demand")
    assert chosen.stands_in
    assert choose_rate("mi355x-288gb", as_of=TODAY, stand_in=False) is None


def test_a_price_list_comes_before_an_estimate_and_an_estimate_before_a_quote() -> None:
    rows = [
        a_rate("quoted", "1.00", quality="secondary quote"),
        a_rate("estimated", "2.00", "2026-01-01", quality="model estimate"),
        a_rate("listed", "3.00", "2025-06-01"),
    ]
    for expected in ("listed", "estimated", "quoted"):
        chosen = choose_rate("b200-180gb", as_of=TODAY, prices=rows)
        assert chosen is not None
        assert [row.provider for row in chosen.considered] == [expected]
        rows.pop()


def test_no_average_is_taken_of_two_rates() -> None:
    chosen = choose_rate("b200-180gb", as_of=TODAY, prices=[a_rate("a", "2.00"), a_rate("b", "4.00")])
    assert chosen is not None
    assert chosen.usd_per_gpu_hour == Decimal("2.00")
    assert (chosen.low, chosen.high) == (Decimal("2.00"), Decimal("4.00"))


def test_an_offer_that_was_not_seen_for_a_quarter_does_not_count() -> None:
    rows = [a_rate("gone", "1.00", "2026-05-02"), a_rate("there", "4.00"), a_rate("also there", "3.00", "2026-05-03")]
    chosen = choose_rate("b200-180gb", as_of=TODAY, prices=rows)
    assert chosen is not None
    assert [row.provider for row in chosen.considered] == ["also there", "there"]


def test_the_same_provider_in_other_letters_is_one_provider() -> None:
    rows = [a_rate("GCP", "9.00", "2026-06-15"), a_rate("gcp", "8.00")]
    chosen = choose_rate("b200-180gb", as_of=TODAY, prices=rows)
    assert chosen is not None
    assert [str(row.usd_per_gpu_hour) for row in chosen.considered] == ["8.00"]


def test_a_row_without_a_date_counts_only_where_nothing_has_one() -> None:
    undated = a_rate("undated", "1.00", None, quality="undated snapshot")
    alone = choose_rate("b200-180gb", as_of=TODAY, prices=[undated])
    beside = choose_rate("b200-180gb", as_of=TODAY, prices=[undated, a_rate("spot seller", "5.00", tier="spot")])
    assert alone is not None
    assert alone.age_days is None
    assert beside is not None
    assert beside.row.provider == "spot seller"


def test_every_packaged_tier_and_quality_has_its_place() -> None:
    assert {row.tier for row in load_accelerator_prices()} == set(TIERS)
    assert {row.quality for row in load_accelerator_prices()} == set(QUALITIES)


def test_tiers_with_rates_are_those_of_the_accelerator() -> None:
    assert tiers_with_rates("mi355x-288gb") == (
        "spot",
        "rental_3y_25pct_upfront",
        "own_neocloud_4y",
        "own_hyperscaler_4y",
    )


@law
@given(
    st.sampled_from([row.name for row in load_accelerators()]),
    st.sampled_from(TIERS),
    st.sampled_from(rate_days([row.name for row in load_accelerators()], until=TODAY)),
)
def test_what_is_chosen_was_known_by_the_day_and_lies_in_its_spread(accelerator: str, tier: str, day: date) -> None:
    chosen = choose_rate(accelerator, as_of=day, tier=tier)
    if chosen is None:
        return
    assert chosen.row in chosen.considered
    assert all(row.effective_from is None or row.effective_from <= day for row in chosen.considered)
    assert {row.quality for row in chosen.considered} == {chosen.row.quality}
    assert chosen.low <= chosen.usd_per_gpu_hour <= chosen.high
    below = sum(row.usd_per_gpu_hour < chosen.usd_per_gpu_hour for row in chosen.considered)
    above = sum(row.usd_per_gpu_hour > chosen.usd_per_gpu_hour for row in chosen.considered)
    assert max(below, above) <= len(chosen.considered) / 2


def test_the_days_of_change_are_in_order_and_end_with_the_day_asked_for() -> None:
    days = rate_days(["mi355x-288gb"], until=date(2026, 7, 31))
    assert days == (date(2026, 3, 18), date(2026, 7, 18))


@pytest.mark.parametrize("day", ["2026-03-05", "2025-01-01"])
def test_before_anything_was_known_there_is_no_rate(day: str) -> None:
    assert choose_rate("mi355x-288gb", as_of=date.fromisoformat(day)) is None
