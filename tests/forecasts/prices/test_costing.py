"""What the past cost, exactly: tokens by meter, tier, band and hour, by the real calendar."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.catalog.prices import load_price_rows
from forecasts.catalog.windows import load_utc_windows
from forecasts.plan import UtcWindow
from forecasts.prices.book import NoPrice
from forecasts.prices.contracts.contract import Contract, Credit, Discount, VolumeTier
from forecasts.prices.contracts.past import state_month
from forecasts.prices.costing import PastPrices, PastUsage
from forecasts.prices.in_force.week_clock import WeekClock
from forecasts.prices.price import ExchangeRate, Price
from tests.forecasts.estates import a_plan, a_price, a_workload, answer, law

MILLION = Decimal(1_000_000)
JANUARY = datetime(2027, 1, 1, tzinfo=UTC)
FEBRUARY = datetime(2027, 2, 1, tzinfo=UTC)


def row(rate: str = "2", starts: datetime = datetime(2026, 1, 1, tzinfo=UTC), **fields: Any) -> Price:
    given_ = {"meter": "output", "provider": "north", "model": "large"} | fields
    return Price(rate=Decimal(rate), effective_from=starts, recorded_at=datetime(2026, 1, 1, tzinfo=UTC), **given_)


def usage(output: Decimal = 500 * MILLION, **fields: Any) -> PastUsage:
    given_ = {
        "provider": "north",
        "model": "large",
        "starts": JANUARY,
        "ends": FEBRUARY,
        "units": {"output": output},
    } | fields
    return PastUsage(**given_)


def flash(starts: datetime, ends: datetime, **fields: Any) -> Fraction:
    """A million output tokens of V4-Flash by the packaged catalogue."""
    prices = PastPrices(load_price_rows(), windows=load_utc_windows())
    return prices.cost(
        PastUsage(
            provider="deepseek",
            model="deepseek-v4-flash",
            starts=starts,
            ends=ends,
            units={"output": MILLION},
            **fields,
        )
    ).exact


@pytest.mark.parametrize(
    ("hour", "rate"),
    [
        ("2026-07-01T02:00", "0.28"),
        ("2026-08-20T12:00", "0.66"),
        ("2026-08-20T02:00", "1.32"),
        ("2026-08-22T02:00", "1.32"),
        ("2026-09-15T12:00", "0.60"),
        ("2026-09-15T09:00", "1.20"),
        ("2026-09-19T09:00", "0.60"),
        ("2026-08-16T15:00", "0.28"),
        ("2026-08-16T16:00", "0.66"),
    ],
)
def test_an_hour_of_v4_flash_costs_what_was_published(hour: str, rate: str) -> None:
    """Daily peaks in August; from 10 September Saturdays (the 19th) have none."""
    starts = datetime.fromisoformat(hour).replace(tzinfo=UTC)
    assert flash(starts, starts + timedelta(hours=1)) == Fraction(rate)


def test_a_whole_week_of_v4_flash_costs_0_725_and_a_month_what_its_weekdays_make_of_it() -> None:
    """October 2026 has 22 weekdays of 7 peak hours in 744 hours."""
    week = datetime(2026, 10, 5, tzinfo=UTC)
    assert flash(week, week + timedelta(days=7)) == Fraction("0.725")
    october = flash(datetime(2026, 10, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
    assert october == Fraction("0.6") * (1 + Fraction(22 * 7, 744))


def test_a_workload_pays_for_the_hours_that_it_uses() -> None:
    """Everything between 06:00 and 10:00 UTC on weekdays is all peak; nights and weekends are not."""
    mornings = np.tile(np.repeat([0, 1, 0], [6, 4, 14]), 7) * np.repeat([1, 0], [120, 48])
    week = datetime(2026, 10, 5, tzinfo=UTC)
    assert flash(week, week + timedelta(days=7), hourly_weights=mornings.tolist()) == Fraction("1.2")
    assert flash(week, week + timedelta(days=7), hourly_weights=(1 - mornings).tolist()) < Fraction("0.725")


def test_a_holiday_is_off_peak() -> None:
    hours = np.zeros(168, dtype=bool)
    hours[1:4] = True  # Monday 01:00 to 04:00
    monday = datetime(2027, 1, 4, tzinfo=UTC)
    for holidays, peak_hours in (((), 3), ((monday.date(),), 0)):
        window = UtcWindow(
            provider="north", model="*", window="peak", starts=JANUARY.date(), hours=hours, holidays=holidays
        )
        rows = [row(rate, JANUARY, utc_window=name) for rate, name in (("4", "peak"), ("1", "off_peak"))]
        day = usage(24 * MILLION, starts=monday, ends=monday + timedelta(days=1))
        assert PastPrices(rows, windows=(window,)).cost(day).exact == 24 + 3 * peak_hours


def test_tiers_and_bands_share_the_tokens_among_them() -> None:
    """Of 100 million a quarter is batch at 1, the rest standard at 2, of which a tenth comes with long prompts at 4."""
    prices = PastPrices(
        [row(), row("4", prompt_tokens_from=200_000), row("1", service_tier="batch")],
    )
    cost = prices.cost(
        usage(
            100 * MILLION,
            service_tiers={"standard": Decimal("0.75"), "batch": Decimal("0.25")},
            prompt_tokens=[(1000, Decimal("0.9")), (250_000, Decimal("0.1"))],
        )
    )
    assert cost.exact == 25 * 1 + Fraction("67.5") * 2 + Fraction("7.5") * 4
    assert {(part.service_tier, part.prompt_tokens): part.units for part in cost.parts} == {
        ("standard", 1000): 67_500_000,
        ("standard", 250_000): 7_500_000,
        ("batch", 1000): 22_500_000,
        ("batch", 250_000): 2_500_000,
    }


def test_every_meter_is_priced_and_a_change_counts_from_its_second() -> None:
    changes = datetime(2027, 1, 15, 16, 0, 1, tzinfo=UTC)
    prices = PastPrices([row(), row("3", changes), row("1", meter="input"), row("0.01", meter="image", per_tokens=1)])
    cost = prices.cost(usage(units={"input": MILLION, "output": MILLION, "image": Decimal(7), "cached_input": MILLION}))
    seconds = Fraction(int((changes - JANUARY).total_seconds()), 31 * 86_400)
    assert cost.exact == 1 + 1 + Fraction("0.07") + 2 * seconds + 3 * (1 - seconds)


def test_euros_are_worth_what_they_were_in_each_hour() -> None:
    """Ten days at 0.80 euro a dollar and twenty-one at 1.00; the price in euro changes with the second ten days."""
    rates = tuple(
        ExchangeRate(currency="EUR", per="USD", rate=Decimal(rate), starts=datetime(2027, 1, day, tzinfo=UTC))
        for rate, day in (("0.80", 1), ("1.00", 11))
    )
    rows = [row(currency="EUR"), row("4", datetime(2027, 1, 21, tzinfo=UTC), currency="EUR")]
    cost = PastPrices(rows, exchange_rates=rates).cost(usage(31 * MILLION)).exact
    assert cost == 10 * Fraction("2.5") + 10 * 2 + 11 * 4
    with pytest.raises(NoPrice, match="no exchange rate from EUR to USD on 2027-01-01"):
        PastPrices(rows, exchange_rates=rates[1:]).cost(usage())


def test_what_has_no_price_is_refused() -> None:
    with pytest.raises(NoPrice, match="no price of north/large for output"):
        PastPrices([row(starts=datetime(2027, 1, 2, tzinfo=UTC))]).cost(usage())
    with pytest.raises(NoPrice, match="peak hours are not known"):
        PastPrices([row(utc_window="peak")]).cost(usage())


def test_what_was_recorded_later_prices_nothing_as_of_before() -> None:
    corrected = Price(
        provider="north",
        model="large",
        meter="output",
        rate=Decimal(3),
        effective_from=datetime(2026, 1, 1, tzinfo=UTC),
        recorded_at=datetime(2027, 3, 1, tzinfo=UTC),
    )
    as_of = PastPrices([row(), corrected], known_at=FEBRUARY)
    assert as_of.cost(usage(MILLION)).exact == 2
    assert PastPrices([row(), corrected]).cost(usage(MILLION)).exact == 3


@law
@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=4),
    st.lists(st.integers(1, 50), min_size=168, max_size=168),
    st.integers(0, 31 * 24),
)
def test_a_month_split_by_day_adds_up(tokens: list[int], weights: list[int], change: int) -> None:
    """Each day has its part of the month's hours, by the workload's own weights, peak windows and price changes."""
    window = load_utc_windows()[2]
    rows = [
        *(row(rate, utc_window=name, provider=window.provider, starts=datetime(2026, 9, 10, tzinfo=UTC))
          for rate, name in (("4", "peak"), ("1", "off_peak"))),
        row("3", JANUARY + timedelta(hours=change), provider=window.provider),
    ]  # fmt: skip
    anyone = UtcWindow(provider="deepseek", model="*", window="peak", starts=window.starts, hours=window.hours)
    prices = PastPrices(rows, windows=(anyone,))
    clock = WeekClock.of(weights)
    whole = clock.between(JANUARY, FEBRUARY)
    total = sum(tokens)

    def cost(starts: datetime, ends: datetime) -> Fraction:
        share = clock.between(starts, ends) / whole
        one = prices.cost(usage(MILLION, provider="deepseek", starts=starts, ends=ends, hourly_weights=weights)).exact
        return one * share * total

    days = [JANUARY + timedelta(days=day) for day in range(32)]
    assert sum(cost(*pair) for pair in pairwise(days)) == cost(JANUARY, FEBRUARY)


@law
@given(st.integers(0, 10**9), st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_higher_price_never_lowers_the_cost(tokens: int, rate: int, more: int) -> None:
    used = usage(Decimal(tokens))
    cheap, dear = (PastPrices([row(str(one))]).cost(used).exact for one in (rate, rate + more))
    assert dear >= cheap


@law
@given(st.integers(1, 10**6), st.integers(0, 10**5), st.integers(0, 100), st.integers(1, 27))
def test_a_certain_month_costs_the_same_as_paths_and_as_a_past(
    requests: int, rate: int, percent: int, day: int
) -> None:
    """The sampled paths and the exact costing agree to the cent on a month without uncertainty."""
    changed = {"rate": "1.5", "effective_from": f"2027-01-{day:02d}T00:00:00Z"}
    terms = {"provider": "north", "from": "2027-01-01", "discount_fraction": f"{percent / 100}"}
    forecast = answer(
        a_plan(
            a_workload(requests_per_month=requests),
            prices=[a_price(rate=f"{rate / 10_000}"), a_price(**changed)],
            contracts=[terms],
            horizon={"first_month": "2027-01", "months": 1},
        )
    )
    past = PastPrices(
        [row(f"{rate / 10_000}"), row("1.5", datetime(2027, 1, day, tzinfo=UTC))], contracts=(contract(percent),)
    )
    exact = past.cost(usage(Decimal(500 * requests))).exact
    assert abs(Fraction(forecast["total"]["effective"]["mean"]) - exact) <= Fraction("0.005") + Fraction(1, 10**6)


def contract(percent: int = 0, **terms: Any) -> Contract:
    discounts = (Discount(meters=("output",), fraction=Decimal(percent) / 100),)
    return Contract(name="n", provider="north", starts=JANUARY, discounts=discounts, **terms)


def test_locks_hold_in_the_past_as_well() -> None:
    rise = row("3", datetime(2027, 1, 16, tzinfo=UTC))
    half_off = row("1", datetime(2027, 1, 16, tzinfo=UTC))
    until = {"price_lock_until": datetime(2028, 1, 1, tzinfo=UTC)}
    for rows, lock, expected in (
        ([row(), rise], "fixed", 62),
        ([row(), rise], "ceiling", 62),
        ([row(), half_off], "fixed", 62),
        ([row(), half_off], "ceiling", 15 * 2 + 16 * 1),
    ):
        terms = contract(price_lock=lock, **until)
        assert PastPrices(rows, contracts=(terms,)).cost(usage(31 * MILLION)).exact == expected


def test_a_month_s_statement_settles_tiers_commitment_and_credit() -> None:
    """500 million at 2.00 less a tenth are 900, and 45 less by tier; 1,000 were due, and 30 are a credit."""
    terms = contract(
        10,
        volume_tiers=(VolumeTier(from_tokens_per_month=250 * MILLION, fraction=Decimal("0.1")),),
        committed_spend=Decimal(1000),
        commitment_period="month",
        credits=(Credit(amount=Decimal(30), starts=JANUARY),),
    )
    cost = PastPrices([row()], contracts=(terms,)).cost(usage())
    stated = state_month(terms, [cost], period_ends=True, credit_left=Fraction(30))
    assert (stated.usage, stated.volume_discount, stated.shortfall, stated.credit) == (900, 45, 145, 30)
    assert stated.billed == 970
    running = state_month(terms, [cost], period_ends=False)
    assert (running.shortfall, running.billed) == (0, 855)
    with pytest.raises(ValueError, match="the contract is in USD, the usage in EUR"):
        state_month(terms, [PastPrices([row(currency="EUR")], currency="EUR").cost(usage())], period_ends=False)


def test_amounts_are_rounded_once_and_halves_away_from_zero() -> None:
    cost = PastPrices([row("0.005", per_tokens=1)]).cost(usage(Decimal(1)))
    assert (cost.amount(2), cost.amount(4)) == (Decimal("0.01"), Decimal("0.0050"))
