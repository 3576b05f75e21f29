"""Negotiation briefs: spend that agrees with the forecast, discounts by arithmetic, alternatives by price rows."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.explain.negotiation.answers import NegotiationBrief
from forecasts.explain.negotiation.brief import NotPaid, negotiation_briefs
from tests.forecasts.estates import (
    LARGE,
    SMALL,
    a_fleet,
    a_plan,
    a_price,
    a_workload,
    budget_of,
    known_prices,
    law,
    read,
    to_fleet,
    to_model,
)

FLASH = "deepseek/deepseek-v4-flash"
ARTICLE = {"outlook": "pass_through", "speedup": 1.67, "window": ["2026-12-01", "2027-12-01"]}


def brief_of(document: dict[str, Any], provider: str = "north") -> NegotiationBrief:
    [brief] = negotiation_briefs(read(document), provider)
    return brief


def flash(rate: str = "1.00", **fields: Any) -> dict[str, Any]:
    return a_price(FLASH, "output", rate, **fields)


@law
@given(growth=st.floats(0.0, 0.1), noise=st.floats(0.0, 0.3), cached=st.floats(0.0, 1.0), seed=st.integers(0, 99))
def test_the_spend_is_the_forecast_s_own_to_the_cent(growth: float, noise: float, cached: float, seed: int) -> None:
    demand = {
        "input_tokens_per_request": 900,
        "cached_input_fraction": cached,
        "monthly_growth": growth,
        "noise_fraction": noise,
    }
    plan = a_plan(
        a_workload("own", to=[to_model(LARGE, 0.5), to_model(SMALL, 0.5)], **demand),
        a_workload("hosted", to=[to_fleet()], requests_per_month=3e7),
        fleets=[a_fleet(overflow_to={"model": LARGE})],
        outlooks=[{"outlook": "projected_cut"}],
        seed=seed,
    )
    brief = brief_of(plan)
    [expected] = [one.effective for one in budget_of(plan).providers if one.name == "north"]
    assert brief.spend == expected
    assert sum(meter.spend.mean for meter in brief.meters) == expected.mean
    assert sum(position.spend.mean for position in brief.positions) == expected.mean


@law
@given(growth=st.floats(0.0, 0.1), noise=st.floats(0.0, 0.3), requests=st.floats(1.0, 1e6), seed=st.integers(0, 99))
def test_at_held_rates_the_spend_and_the_cost_at_known_rates_are_one_amount(
    growth: float, noise: float, requests: float, seed: int
) -> None:
    demand = {
        "requests_per_month": requests,
        "input_tokens_per_request": 901,
        "monthly_growth": growth,
        "noise_fraction": noise,
    }
    plan = a_plan(
        a_workload("chat", to=[to_model(LARGE)], **demand),
        a_workload("more", to=[to_model(LARGE, 0.7), to_model(SMALL, 0.3)], **demand),
        outlooks=[{"outlook": "hold"}],
        seed=seed,
    )
    for position in brief_of(plan).positions:
        assert f"{position.cost_at_known_rates:.2f}" == f"{position.spend.mean / 100:.2f}"


def test_a_provider_that_is_not_paid_is_told_with_those_that_are() -> None:
    with pytest.raises(NotPaid, match="pays nothing to west; it pays north") as unpaid:
        negotiation_briefs(read(a_plan()), "west")
    assert unpaid.value.providers == ("north",)


def test_without_a_decoder_of_its_own_nothing_supports_a_discount() -> None:
    brief = brief_of(a_plan())
    assert brief.ask is None
    assert [(one.support, one.ask) for one in brief.positions] == [(None, None)]


def test_the_article_s_speedup_supports_a_fifth_to_two_fifths_off_output() -> None:
    """1 - 1/1.67 is 40.12 %, and a pass-through of 0.5 to 1.0 gives the article's 20 to 40 %."""
    brief = brief_of(a_plan(outlooks=[ARTICLE]))
    assert brief.ask is not None
    assert brief.ask.low_fraction == pytest.approx(0.5 * (1 - 1 / 1.67), abs=1e-6)
    assert brief.ask.high_fraction == pytest.approx(1 - 1 / 1.67, abs=1e-6)


def test_a_preset_of_the_provider_s_model_supports_what_its_paper_says() -> None:
    brief = brief_of(a_plan(a_workload(to=[to_model(FLASH)]), prices=[flash()]), "deepseek")
    [position] = brief.positions
    assert position.support is not None
    assert (position.support.preset, position.support.speedup_over) == ("dspark-v4-flash", "mtp-1")
    # The paper: +51 % throughput at the same speed of a user.
    assert position.support.cost_cut.mode == pytest.approx(1 - 1 / 1.51)
    assert position.ask is not None
    # 1,500 million output tokens at 1.00 a million.
    assert position.ask.high == round(150_000 * (1 - 1 / 1.51))


def test_a_consumer_preset_supports_nothing() -> None:
    gemma = "google/gemma-4-31b"
    brief = brief_of(a_plan(a_workload(to=[to_model(gemma)]), prices=[a_price(gemma)]), "google")
    assert brief.positions[0].support is None


def test_the_walk_away_price_is_the_cheapest_alternative_at_the_workload_s_own_mix() -> None:
    mix = {"input_tokens_per_request": 1000, "output_tokens_per_request": 500}
    plan = a_plan(a_workload("chat", **mix), a_workload("other", to=[to_model(SMALL)]))
    [position] = brief_of(plan).positions
    assert position.walk_away is not None
    assert position.walk_away.alternative.name == SMALL
    # Per request: 1000 tokens at 0.50 and 500 at 2.00 against 0.10 and 0.37, over three million requests.
    assert position.cost_at_known_rates == pytest.approx(3e6 * (1000 * 0.50 + 500 * 2.00) / 1e6)
    assert position.walk_away.alternative.cost == pytest.approx(3e6 * (1000 * 0.10 + 500 * 0.37) / 1e6)
    assert position.walk_away.alternative.per_mtok_output == pytest.approx((1000 * 0.10 + 500 * 0.37) / 500)
    assert position.walk_away.discount_fraction == pytest.approx(1 - 285 / 1500)
    # Input alone costs 500 here and everything 285 there: free output would not do.
    assert position.walk_away.output_rate is None


def test_what_the_plan_names_for_the_work_itself_is_told_from_what_it_names_for_other_work() -> None:
    own = {**a_workload("chat"), "compare_to": {"model": "west/fair"}}
    prices = [*known_prices(), a_price("west/fair", "output", "1.50")]
    [position] = brief_of(a_plan(own, a_workload("other", to=[to_model(SMALL)]), prices=prices)).positions
    assert {one.name: one.kind for one in position.alternatives} == {
        "west/fair": "named_for_work",
        SMALL: "named_in_plan",
    }
    assert position.walk_away is not None
    assert position.walk_away.alternative.name == SMALL
    assert position.vouched_walk_away is not None
    assert position.vouched_walk_away.alternative.name == "west/fair"
    assert position.vouched_walk_away.discount_fraction == pytest.approx(0.25)


def test_where_a_fleet_overflows_to_is_named_for_its_workloads() -> None:
    plan = a_plan(
        {**a_workload("both", to=[to_fleet(share=0.5), to_model(LARGE, 0.5)])},
        fleets=[a_fleet(overflow_to={"model": SMALL}, serves="another")],
    )
    [position] = brief_of(plan).positions
    assert ("named_for_work", SMALL) in [(one.kind, one.name) for one in position.alternatives]
    assert position.vouched_walk_away is not None
    assert position.vouched_walk_away.alternative.name == SMALL


def test_at_the_walk_away_output_rate_staying_costs_what_leaving_does() -> None:
    plan = a_plan(a_workload("chat", input_tokens_per_request=100), a_workload("other", to=[to_model(SMALL)]))
    [position] = brief_of(plan).positions
    assert position.walk_away is not None
    rate = position.walk_away.output_rate
    assert rate is not None
    repriced = [row for row in known_prices() if (row["provider"], row["meter"]) != ("north", "output")]
    repriced.append(a_price(LARGE, "output", f"{rate:.12f}"))
    [again] = brief_of(plan | {"prices": repriced}).positions
    assert again.cost_at_known_rates == pytest.approx(position.walk_away.alternative.cost)


def test_where_every_alternative_costs_more_the_discount_to_match_is_negative() -> None:
    plan = a_plan(a_workload("chat"), a_workload("other", to=[to_model(SMALL)]))
    [position] = brief_of(plan, "south").positions
    assert position.walk_away is not None
    assert position.walk_away.discount_fraction == pytest.approx(1 - 2.00 / 0.37)


def test_alternatives_are_at_known_rates_whatever_the_outlook() -> None:
    both = (a_workload("chat"), a_workload("other", to=[to_model(SMALL)]))
    held, cut = (brief_of(a_plan(*both, outlooks=[{"outlook": name}])) for name in ("hold", "planning_haircut"))
    assert cut.spend.mean < held.spend.mean
    assert cut.positions[0].alternatives == held.positions[0].alternatives
    assert cut.positions[0].walk_away == held.positions[0].walk_away


def test_the_same_weights_elsewhere_and_a_successor_are_alternatives() -> None:
    elsewhere = "west/deepseek-v4-flash"
    plan = a_plan(a_workload(to=[to_model(FLASH)]), prices=[flash(), a_price(elsewhere, "output", "0.80")])
    [position] = brief_of(plan, "deepseek").positions
    kinds = {one.name: (one.kind, one.same_weights) for one in position.alternatives}
    assert kinds[elsewhere] == ("same_weights", True)
    # The catalogue's newest model of the family, on sale since 2026-09-10.
    assert kinds["deepseek/deepseek-flash"] == ("successor", False)


def test_a_successor_is_unknown_before_it_is_on_sale() -> None:
    plan = a_plan(a_workload(to=[to_model(FLASH)]), prices=[flash()], as_of="2026-08-01")
    [position] = brief_of(plan, "deepseek").positions
    assert position.alternatives == ()
    assert position.walk_away is None


def test_a_batch_price_is_no_alternative_for_live_traffic() -> None:
    prices = [*known_prices(), a_price(SMALL, "output", "0.10", service_tier="batch")]
    batch = [{"model": SMALL, "share": 1.0, "service_tier": "batch"}]
    plan = a_plan(a_workload("live"), a_workload("overnight", to=batch), prices=prices)
    [position] = brief_of(plan).positions
    assert [one.name for one in position.alternatives] == [SMALL]
    assert position.alternatives[0].per_mtok_output == pytest.approx(0.37)


def test_a_fleet_costs_what_its_served_tokens_cost_at_the_utilisation_it_reaches() -> None:
    plan = a_plan(a_workload("bought"), a_workload("own", to=[to_fleet()], requests_per_month=5e6), fleets=[a_fleet()])
    [position] = brief_of(plan).positions
    [fleet] = [one for one in position.alternatives if one.kind == "self_hosting"]
    # One node of 18,000 a month serves 2,500 of the 10,368 million tokens that it could.
    assert fleet.utilization_fraction == pytest.approx(2500 / 10368)
    assert fleet.per_mtok_output == pytest.approx(18000 / 2500)


def test_a_fleet_without_an_input_rate_is_not_compared_for_longer_prompts() -> None:
    plan = a_plan(
        a_workload("bought", input_tokens_per_request=5000),
        a_workload("own", to=[to_fleet()], input_tokens_per_request=500),
        fleets=[a_fleet()],
    )
    [position] = brief_of(plan).positions
    assert position.alternatives == ()
    [(name, why)] = position.left_out
    assert name == "pool"
    assert "holds for 1 uncached input tokens per output token, and these requests have 10" in why


def test_a_route_without_a_price_in_a_month_is_left_out_with_the_reason() -> None:
    late = a_price("west/late", "output", "0.10", effective_from="2027-03-01T00:00:00Z")
    routes = [{"to": [to_model(SMALL)]}, {"from": "2027-03", "to": [to_model("west/late")]}]
    plan = a_plan(a_workload("chat"), {**a_workload("moves"), "routes": routes}, prices=[*known_prices(), late])
    [position] = brief_of(plan).positions
    assert [name for name, _ in position.left_out] == ["west/late"]
    assert "before any known price" in position.left_out[0][1]


def test_every_meter_names_the_rows_in_force_within_the_horizon_and_no_other() -> None:
    rows = [
        a_price(LARGE, "output", "3.00", source="first"),
        a_price(LARGE, "output", "2.00", effective_from="2026-12-01T00:00:00Z", source="second"),
        a_price(LARGE, "output", "1.00", effective_from="2027-02-01T00:00:00Z", source="third"),
        a_price(LARGE, "output", "0.50", effective_from="2028-01-01T00:00:00Z", source="fourth"),
    ]
    [meter] = brief_of(a_plan(prices=rows)).meters
    assert [row.source for row in meter.rows] == ["second", "third"]


def test_history_counts_what_was_known_on_the_day_and_weighs_the_ask() -> None:
    early = brief_of(a_plan(a_workload(to=[to_model(FLASH)]), prices=[flash()], as_of="2026-06-01"), "deepseek")
    late = brief_of(a_plan(a_workload(to=[to_model(FLASH)]), prices=[flash()], as_of="2026-11-23"), "deepseek")
    assert len(early.history.moves) < len(late.history.moves)
    assert all(f"{move.effective_from:%Y-%m-%d}" <= "2026-06-01" for move in early.history.moves)
    assert late.ask is not None
    assert late.ask.weighed_high == pytest.approx(late.ask.high * late.history.chance_of_cut, abs=1.0)


def test_a_provider_without_a_history_has_the_chance_that_all_have_together() -> None:
    unknown, longer = (
        brief_of(a_plan(horizon={"first_month": "2027-01", "months": months})).history for months in (3, 36)
    )
    assert (unknown.series, unknown.moves) == (0, ())
    assert 0.0 < unknown.chance_of_cut < longer.chance_of_cut < 1.0
