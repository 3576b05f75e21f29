"""What an agreement with a provider does to a budget: discounts, locks, a commitment, volume tiers, credits."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forecasts.estates import (
    LARGE,
    SMALL,
    a_fleet,
    a_plan,
    a_price,
    a_workload,
    answer,
    budget_of,
    known_prices,
    law,
    pointers,
    to_fleet,
    to_model,
)

CUT = [{"outlook": "projected_cut", "window": ["2026-12-01", "2026-12-31"], "size": 0.25}]
RISE = a_price(rate="3.00", effective_from="2027-02-01T00:00:00Z", recorded_at="2026-06-01T00:00:00Z")


def contract(**terms: Any) -> dict[str, Any]:
    return {"provider": "north", "from": "2027-01-01", "cost_center": "4300"} | terms


def monthly(*contracts: dict[str, Any], basis: str = "effective", **plan: Any) -> list[str]:
    """The mean of each month; one million requests of 500 output tokens at 2.00 cost 1000.00."""
    forecast = answer(a_plan(**plan, contracts=list(contracts)))
    return [month[basis]["mean"] for month in forecast["monthly"]]


def lines(*contracts: dict[str, Any], **plan: Any) -> dict[str, list[tuple[int, int]]]:
    """Billed and effective cents by month of the lines of contracts, by kind."""
    budget = budget_of(a_plan(**plan, contracts=list(contracts)))
    return {
        series.kind: list(zip(budget.lines.billed[index].tolist(), budget.lines.effective[index].tolist(), strict=True))
        for index, series in enumerate(budget.lines.series)
        if series.route.startswith("contract:")
    }


def test_a_discount_is_off_the_meters_that_it_names() -> None:
    workload = a_workload(input_tokens_per_request=1000)
    assert monthly(workloads=[workload]) == ["1500.00"] * 3
    assert monthly(contract(discount_fraction="0.10", meters=["output"]), workloads=[workload]) == ["1400.00"] * 3
    assert monthly(contract(discount_fraction=0.1), workloads=[workload]) == ["1350.00"] * 3
    both = contract(discount_fraction="0.10", discounts=[{"fraction": "0.50", "meters": ["input"]}])
    assert monthly(both, workloads=[workload]) == ["1150.00"] * 3


def test_a_discount_counts_from_the_contract_s_first_day_to_its_last() -> None:
    """14 of February's 28 days at a fifth less, and nothing in March."""
    assert monthly(contract(discount_fraction="0.2", to="2027-02-15")) == ["800.00", "900.00", "1000.00"]


def test_only_the_models_that_a_contract_names_are_discounted() -> None:
    workload = a_workload(to=[to_model(LARGE, 0.5), to_model(SMALL, 0.5)])
    prices = [*known_prices(), a_price("north/other", rate="5")]
    full = Decimal(monthly(workloads=[workload], prices=prices)[0])
    half_off = monthly(contract(model="large*", discount_fraction="0.5"), workloads=[workload], prices=prices)
    assert full - Decimal(half_off[0]) == Decimal(250)
    assert monthly(contract(model="other", discount_fraction="0.5"), prices=prices) == ["1000.00"] * 3


def test_a_negotiated_rate_is_net_already() -> None:
    ours = a_price(rate="1.50", status="negotiated")
    assert monthly(contract(discount_fraction="0.2"), prices=[*known_prices(), ours]) == ["750.00"] * 3


def test_a_fixed_lock_keeps_the_first_day_s_price_against_rises_and_cuts() -> None:
    prices = [*known_prices(), RISE]
    lock = contract(price_lock_until="2027-03-01")
    assert monthly(prices=prices) == ["1000.00", "1500.00", "1500.00"]
    assert monthly(lock, prices=prices) == ["1000.00", "1000.00", "1500.00"]
    assert monthly(outlooks=CUT) == ["750.00"] * 3
    assert monthly(lock, outlooks=CUT) == ["1000.00", "1000.00", "750.00"]


def test_a_ceiling_keeps_rises_out_and_lets_cuts_through() -> None:
    prices = [*known_prices(), RISE]
    ceiling = contract(price_lock_until="2027-03-01", price_lock="ceiling")
    assert monthly(ceiling, prices=prices) == ["1000.00", "1000.00", "1500.00"]
    assert monthly(ceiling, outlooks=CUT) == ["750.00"] * 3
    # Three quarters of 3.00 are 2.25, which the ceiling of 2.00 still holds down.
    assert monthly(ceiling, prices=prices, outlooks=CUT) == ["750.00", "1000.00", "1125.00"]


def test_a_lock_that_ends_within_a_month_counts_by_its_days() -> None:
    lock = contract(price_lock_until="2027-02-15")
    assert monthly(lock, prices=[*known_prices(), RISE])[1] == "1250.00"


def test_the_shortfall_of_a_commitment_is_a_line_of_its_own() -> None:
    """5,000 committed and 3,000 used over the quarter: 2,000 are billed at its end and accrue month by month."""
    owed = contract(committed_spend="5000", to="2027-04-01")
    assert lines(owed) == {"shortfall": [(0, 66667), (0, 66666), (200000, 66667)]}
    assert monthly(owed, basis="billed") == ["1000.00", "1000.00", "3000.00"]
    forecast = answer(a_plan(contracts=[owed]))
    assert forecast["total"]["effective"]["mean"] == forecast["total"]["billed"]["mean"] == "5000.00"
    assert {one["name"]: one["effective"]["mean"] for one in forecast["providers"]} == {"north": "5000.00"}
    assert {one["name"]: one["effective"]["mean"] for one in forecast["cost_centers"]} == {
        "4100": "3000.00",
        "4300": "2000.00",
    }


def test_a_commitment_that_is_met_costs_nothing_more() -> None:
    assert lines(contract(committed_spend="2999.99", to="2027-04-01"))["shortfall"] == [(0, 0)] * 3


def test_a_commitment_by_month_is_due_each_month() -> None:
    steps = [{"from": "2027-02", "factor": 2.0}]
    plan = {"workloads": [a_workload(steps=steps)]}
    owed = contract(committed_spend="1500", commitment_period="month")
    assert lines(owed, **plan) == {"shortfall": [(50000, 50000), (0, 0), (0, 0)]}


def test_a_year_that_ends_after_the_horizon_bears_its_part() -> None:
    """Three of twelve months: 3,000 of 12,000 due and 1,000 a month used; nothing is billed before the year ends."""
    owed = contract(committed_spend="24000", commitment_period="year")
    assert lines(owed) == {"shortfall": [(0, 100000)] * 3}


def test_what_was_spent_before_the_horizon_counts() -> None:
    """Of six months three are past: 9,000 less 4,500 are due, 3,000 are used."""
    owed = contract(**{"from": "2026-10-01"}, to="2027-04-01", committed_spend="9000", spent_before="4500")
    assert lines(owed)["shortfall"][2] == (150000, 50000)
    on_course = contract(**{"from": "2026-10-01"}, to="2027-04-01", committed_spend="9000")
    assert lines(on_course)["shortfall"][2] == (150000, 50000)
    ahead = contract(**{"from": "2026-10-01"}, to="2027-04-01", committed_spend="9000", spent_before="9500")
    assert lines(ahead)["shortfall"] == [(0, 0)] * 3


def test_a_commitment_counts_all_workloads_together_and_after_discounts() -> None:
    workloads = [a_workload("a"), a_workload("b")]
    owed = contract(committed_spend="6000", to="2027-04-01", discount_fraction="0.5")
    assert lines(owed, workloads=workloads)["shortfall"][2] == (300000, 100000)


def test_the_shortfall_is_of_paths_not_of_means() -> None:
    """Where half of the paths fall short and half do not, the expected shortfall is above zero."""
    workload = a_workload(noise_fraction=0.3)
    owed = contract(committed_spend="3000", to="2027-04-01")
    shortfall = sum(effective for _, effective in lines(owed, workloads=[workload], draws=512)["shortfall"])
    assert shortfall > 10_000


def test_volume_tiers_discount_the_part_above_each_threshold() -> None:
    """500 million tokens at 2.00: 200 million above 200 at a tenth off, 100 million above 400 at a fifth."""
    tiers = [
        {"from_tokens_per_month": "200e6", "fraction": "0.1"},
        {"from_tokens_per_month": "400e6", "fraction": "0.2"},
    ]
    expected = -(200 * Decimal("0.2") + 100 * Decimal("0.4"))
    assert lines(contract(volume_tiers=tiers)) == {"volume_discount": [(int(expected * 100),) * 2] * 3}
    inputs_only = contract(volume_tiers=tiers, volume_meters=["input"])
    assert lines(inputs_only) == {"volume_discount": [(0, 0)] * 3}


def test_a_credit_pays_until_it_is_used_up_or_expires() -> None:
    assert monthly(contract(credits=[{"amount": "1500"}])) == ["0.00", "500.00", "1000.00"]
    expiring = [{"amount": "9000", "expires": "2027-02-01"}, {"amount": "300", "from": "2027-02-01"}]
    assert monthly(contract(credits=expiring)) == ["0.00", "700.00", "1000.00"]


def test_the_credit_that_expires_first_is_used_first() -> None:
    credits_ = [{"amount": "1000"}, {"amount": "400", "expires": "2027-02-01"}]
    assert monthly(contract(credits=credits_)) == ["0.00", "600.00", "1000.00"]


def test_amounts_in_another_currency_are_converted() -> None:
    """4,000 euro at 0.80 euro a dollar are 5,000 dollars."""
    rates = [{"currency": "EUR", "per": "USD", "rate": "0.80", "from": "2026-01-01"}]
    owed = contract(committed_spend="4000", currency="EUR", to="2027-04-01")
    assert lines(owed, exchange_rates=rates)["shortfall"][2][0] == 200000


def test_other_outlooks_are_settled_by_their_own_spend() -> None:
    """A commitment of what is spent today makes a projected cut worthless, and both outlooks cost the same."""
    owed = contract(committed_spend="3000", to="2027-04-01")
    totals = {one["name"]: one["total"]["mean"] for one in answer(a_plan(outlooks=CUT, contracts=[owed]))["outlooks"]}
    assert totals["projected_cut"] == totals["hold"] == "3000.00"


def test_overflow_of_a_fleet_is_under_the_contract_as_well() -> None:
    fleet = a_fleet(overflow_to={"model": LARGE}, throughput={"output_tokens_per_second": 1}, nodes=1)
    plan = {"workloads": [a_workload(to=[to_fleet()])], "fleets": [fleet]}
    full, off = (
        Decimal(answer(a_plan(**plan, contracts=terms))["providers"][0]["effective"]["mean"])
        for terms in ([], [contract(discount_fraction="0.5")])
    )
    assert abs(off * 2 - full) <= Decimal("0.01")


@law
@given(
    st.one_of(
        st.integers(0, 9000).map(lambda committed: {"committed_spend": str(committed)}),
        st.integers(1, 4000).map(lambda credit: {"credits": [{"amount": str(credit)}]}),
    ),
    st.integers(0, 100),
    st.lists(st.integers(0, 100), max_size=3),
)
def test_a_higher_price_never_lowers_the_cost(amounts: dict[str, Any], discount: int, tiers: list[int]) -> None:
    """But for a commitment beside a credit: what the credit pays counts as spent, and it pays for usage alone."""
    terms = contract(
        **amounts,
        to="2027-04-01",
        discount_fraction=f"{discount / 100}",
        volume_tiers=[
            {"from_tokens_per_month": str(index * 10**8), "fraction": f"{fraction / 100}"}
            for index, fraction in enumerate(sorted(tiers))
        ],
    )
    cheap, dear = (
        Decimal(answer(a_plan(prices=[a_price(rate=rate)], contracts=[terms]))["total"]["effective"]["mean"])
        for rate in ("2.00", "2.50")
    )
    assert dear >= cheap - Decimal("0.02")


@pytest.mark.parametrize(
    ("terms", "pointer"),
    [
        ({"discount_fraction": "1.01"}, "/discount_fraction"),
        ({"discount_fraction": "NaN"}, "/discount_fraction"),
        ({"discounts": [{"fraction": "-0.1"}]}, "/discounts/0/fraction"),
        ({"meters": ["output"]}, "/meters"),
        ({"discount_fraction": "0.1", "to": "2026-12-31"}, "/to"),
        ({"discount_fraction": "0.1", "from": "soon"}, "/from"),
        ({"price_lock_until": "2026-12-31"}, "/price_lock_until"),
        ({"committed_spend": "100"}, "/to"),
        ({"committed_spend": "-1", "to": "2028-01-01"}, "/committed_spend"),
        ({"spent_before": "1", "discount_fraction": "0.1"}, "/spent_before"),
        ({"credits": [{"amount": "-1"}]}, "/credits/0/amount"),
        ({"credits": [{"amount": "1", "expires": "2026-01-01"}]}, "/credits/0/expires"),
        ({"volume_tiers": [{"from_tokens_per_month": "NaN", "fraction": "0.1"}]},
         "/volume_tiers/0/from_tokens_per_month"),
        ({"volume_tiers": [{"from_tokens_per_month": "5", "fraction": "0.1"}] * 2},
         "/volume_tiers/1/from_tokens_per_month"),
        ({"volume_meters": ["image"], "discount_fraction": "0.1"}, "/volume_meters/0"),
        ({"discount_fraction": "0.1", "provider": "nroth"}, "/provider"),
        ({"credits": [{"amount": "1"}], "currency": "EUR"}, "/currency"),
        ({}, ""),
    ],
)  # fmt: skip
def test_terms_that_make_no_sense_are_told_by_their_field(terms: dict[str, Any], pointer: str) -> None:
    assert pointers(a_plan(contracts=[contract(**terms)])) == [f"/contracts/0{pointer}"]


def test_two_contracts_for_one_route_at_one_time_are_refused() -> None:
    first = contract(name="old", discount_fraction="0.1", to="2027-02-01")
    second = contract(name="new", discount_fraction="0.2", model="l*")
    assert pointers(a_plan(contracts=[first, second])) == ["/contracts/1/from"]
    assert monthly(first, second | {"from": "2027-02-01"}) == ["900.00", "800.00", "800.00"]
    assert pointers(a_plan(contracts=[first, second | {"model": "other"}])) == []
    assert pointers(a_plan(contracts=[first, first | {"from": "2027-03-01", "to": None}])) == ["/contracts/1/name"]
    nameless = [{name: value for name, value in one.items() if name != "name"} for one in (first, second)]
    assert monthly(nameless[0], nameless[1] | {"from": "2027-02-01"}) == ["900.00", "800.00", "800.00"]
