"""Laws of self-hosted fleets: what is offered is served or lost, and nothing is saved that is not paid."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.forecasts.estates import (
    LARGE,
    a_fleet,
    a_plan,
    a_workload,
    answer,
    budget_of,
    headline,
    law,
    to_fleet,
    to_model,
)
from tests.forecasts.generated import fleets, plans, ranges


def total(document: dict[str, Any], basis: str = "effective") -> dict[str, Decimal]:
    return {name: Decimal(figure) for name, figure in answer(document)["total"][basis].items()}


def with_fleet(document: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return document | {"fleets": [document["fleets"][0] | fields]}


@law
@given(plans(), ranges(500, 3000), st.integers(0, 1000))
def test_a_higher_speedup_never_raises_the_cost(document: dict[str, Any], speedup: dict[str, float], more: int) -> None:
    """Nodes that are ordered ahead can turn out to be too few, and what then overflows may cost more than a node.

    And nodes that wear by the tokens they serve wear more where they can serve more, so they wear by hours here.
    """
    scaling, cost = document["fleets"][0]["scaling"], document["fleets"][0]["cost"]
    if scaling["policy"] == "monthly":
        document = with_fleet(document, scaling=scaling | {"lead_time_months": 0})
    if "production" in cost:
        document = with_fleet(document, cost=cost | {"production": cost["production"] | {"unit": "busy_node_hours"}})
    quicker = {name: value + more / 1000 for name, value in speedup.items()}
    before, after = (
        total(with_fleet(document, decoder={"preset": "headline", "speedup": one})) for one in (speedup, quicker)
    )
    # The odd cents of overflow lines may round either way.
    assert all(after[name] <= before[name] + Decimal("0.05") for name in before)


@law
@given(plans())
def test_a_spare_node_never_lowers_the_cost(document: dict[str, Any]) -> None:
    """Of nodes that are kept: one that is sold for more than its book value pays for itself.

    And of what is invoiced, where nodes wear by use: a spare takes its part of the wear off the others then.
    """
    fleet = document["fleets"][0]
    document = with_fleet(document, cost={name: term for name, term in fleet["cost"].items() if name != "disposal"})
    scaling = fleet["scaling"]
    one_more = with_fleet(document, scaling=scaling | {"spare_nodes": scaling["spare_nodes"] + 1})
    for basis in ("billed",) if "production" in fleet["cost"] else ("billed", "effective"):
        before, after = total(document, basis), total(one_more, basis)
        assert all(after[name] >= before[name] for name in before)


@law
@given(plans())
def test_one_more_node_never_loses_more_tokens(document: dict[str, Any]) -> None:
    before = answer(document)["fleets"][0]["months"]
    after = answer(with_fleet(document, nodes=document["fleets"][0]["nodes"] + 1))["fleets"][0]["months"]
    for fewer, more in zip(before, after, strict=True):
        assert more["tokens_served"] >= fewer["tokens_served"]
        assert more["unserved_tokens"] + more["overflow_tokens"] <= fewer["unserved_tokens"] + fewer["overflow_tokens"]


@law
@given(plans())
def test_what_is_served_and_what_overflows_is_what_was_offered(document: dict[str, Any]) -> None:
    """The same workloads on a fleet too large to lose anything tell how much is offered."""
    large_fleet = {"nodes": 1_000_000, "scaling": {"policy": "fixed"}}
    offered = answer(with_fleet(document, cost={"kind": "rented", "rate_per_node_hour": "1"}, **large_fleet))
    for fleet, large in zip(answer(document)["fleets"], offered["fleets"], strict=True):
        for month, of_large in zip(fleet["months"], large["months"], strict=True):
            assert of_large["overflow_tokens"] == of_large["unserved_tokens"] == 0
            lost = month["overflow_tokens"] + month["unserved_tokens"]
            assert month["tokens_served"] + lost == pytest.approx(of_large["tokens_served"], rel=1e-9, abs=2)


@law
@given(plans())
def test_overflow_is_billed_for_the_tokens_that_found_no_capacity(document: dict[str, Any]) -> None:
    budget = budget_of(with_fleet(document, overflow_to={"model": LARGE}))
    overflowing = sum(
        series.quantity.sum()
        for series in budget.lines.series
        if series.kind == "overflow" and series.meter == "output"
    )
    assert overflowing * 1e6 == pytest.approx(budget.fleets[0].overflow_tokens.sum(), rel=1e-9, abs=1e-3)
    assert budget.fleets[0].unserved_tokens.sum() == 0


@law
@given(plans())
def test_a_fleets_months_add_to_its_cost_and_its_lines(document: dict[str, Any]) -> None:
    for fleet in answer(document)["fleets"]:
        for basis in ("billed", "effective"):
            assert sum(Decimal(month[basis]) for month in fleet["months"]) == Decimal(fleet[basis]["mean"])


@law
@given(plans(), fleets("other"))
def test_a_fleet_no_workload_uses_adds_its_own_cost_alone(document: dict[str, Any], other: dict[str, Any]) -> None:
    other = other | {"decoder": {"preset": "none"}}
    alone = answer(document | {"workloads": [a_workload()], "fleets": [other]})
    before, after = answer(document), answer(document | {"fleets": [*document["fleets"], other]})
    assert after["workloads"] == before["workloads"]
    assert after["fleets"][0] == before["fleets"][0]
    assert after["fleets"][1] == alone["fleets"][0]
    assert all(month["tokens_served"] == 0 for month in after["fleets"][1]["months"])


@law
@given(plans())
def test_utilisation_is_a_fraction_and_headroom_is_never_negative(document: dict[str, Any]) -> None:
    for month in answer(document)["fleets"][0]["months"]:
        assert 0 <= month["utilization_fraction"] <= document["fleets"][0]["target_utilization_fraction"]
        assert month["headroom_tokens"] >= 0


@law
@given(plans())
def test_the_saving_is_what_the_same_plan_costs_more_without_the_decoder(document: dict[str, Any]) -> None:
    """And without the training that the decoder needs, which is told by its GPU-hours."""
    decoded = with_fleet(document, decoder=headline(0.9, 1.4, 2.1))
    saving = answer(decoded)["fleets"][0]["decoder"]["saving"]
    others = [one for one in document["fleets"][0]["one_offs"] if "gpu_hours" not in one]
    plain = with_fleet(document, decoder={"preset": "none"}, one_offs=others)
    difference = total(plain)["mean"] - total(decoded)["mean"]
    assert abs(difference - Decimal(saving["mean"])) <= Decimal("0.10")


def test_a_load_of_twice_the_capacity_overflows_by_half() -> None:
    """4,000 tokens a second for 720 hours are 10,368 million tokens; 20,736 million are offered."""
    fleet = a_fleet(overflow_to={"model": LARGE})
    plan = a_plan(
        a_workload(to=[to_fleet()], requests_per_month=20_736_000, output_tokens_per_request=1000), fleets=[fleet]
    )
    forecast = answer(plan)
    month = forecast["fleets"][0]["months"][0]
    assert (month["tokens_served"], month["overflow_tokens"], month["utilization_fraction"]) == (10.368e9, 10.368e9, 1)
    # 720 hours at 25.00, and 10,368 million tokens at 2.00 per million.
    assert forecast["monthly"][0]["effective"]["mean"] == f"{18_000 + 20_736:.2f}"
    assert forecast["providers"][0]["effective"]["mean"] == f"{3 * 20_736:.2f}"


def test_what_finds_no_capacity_and_no_other_route_is_reported_unserved() -> None:
    plan = a_plan(
        a_workload(to=[to_fleet()], requests_per_month=20_736_000, output_tokens_per_request=1000), fleets=[a_fleet()]
    )
    forecast = answer(plan)
    assert [month["unserved_tokens"] for month in forecast["fleets"][0]["months"]] == [10.368e9] * 3
    assert [(one["type"], one["pointer"]) for one in forecast["warnings"]] == [
        ("unserved_tokens", "/fleets/0/overflow_to")
    ]
    assert forecast["total"]["effective"]["mean"] == "54000.00"


def test_hours_above_capacity_lose_tokens_though_the_mean_would_fit() -> None:
    """Twelve hours a day at 1.5 of the mean and twelve at 0.5: a node 80 % busy on average is 120 % busy by day."""
    profile = [0.5] * 12 + [1.5] * 12
    tokens = 0.8 * 10.368e9
    plan = a_plan(
        a_workload(to=[to_fleet()], requests_per_month=tokens, output_tokens_per_request=1, hourly_profile=profile),
        fleets=[a_fleet()],
    )
    month = answer(plan)["fleets"][0]["months"][0]
    # Of the mean load 0.75 falls by day, where 1/1.2 of it is served; the rest falls by night.
    assert month["tokens_served"] == pytest.approx(tokens * (0.25 + 0.75 / 1.2), abs=1)
    assert month["utilization_fraction"] == pytest.approx((1.0 + 0.4) / 2, abs=1e-6)


def test_profiles_that_peak_at_other_hours_fit_together() -> None:
    night = [1.5] * 12 + [0.5] * 12
    day = [0.5] * 12 + [1.5] * 12
    workloads = [
        a_workload(name, to=[to_fleet()], requests_per_month=5e9, output_tokens_per_request=1, hourly_profile=profile)
        for name, profile in (("night", night), ("day", day))
    ]
    month = answer(a_plan(*workloads, fleets=[a_fleet()]))["fleets"][0]["months"][0]
    assert month["tokens_served"] == 1e10


@law
@given(st.lists(st.tuples(st.integers(1, 100), st.integers(1, 100)), min_size=24, max_size=24))
def test_nothing_is_lost_where_every_hour_has_room(hours: list[tuple[int, int]]) -> None:
    """Two workloads whose busiest common hour fills the node, though their own peaks together would not fit."""
    one, other = ([float(weight) for weight in profile] for profile in zip(*hours, strict=True))
    busiest = max(a * 24 / sum(one) + b * 24 / sum(other) for a, b in hours)
    workloads = [
        a_workload(
            name,
            to=[to_fleet()],
            requests_per_month=10.368e9 / busiest * (1 - 1e-9),
            output_tokens_per_request=1,
            hourly_profile=profile,
        )
        for name, profile in (("one", one), ("other", other))
    ]
    forecast = answer(a_plan(*workloads, fleets=[a_fleet(overflow_to={"model": LARGE})]))
    assert [group["name"] for group in forecast["providers"]] == []
    unserved = answer(a_plan(*workloads, fleets=[a_fleet()]))
    assert unserved["warnings"] == []


def test_bursts_and_the_target_utilisation_leave_room() -> None:
    """Nodes may be filled to 0.6 of 1/1.2: half of 10,368 million tokens."""
    fleet = a_fleet(target_utilization_fraction=0.6, burst_factor=1.2)
    plan = a_plan(a_workload(to=[to_fleet()], requests_per_month=1e10, output_tokens_per_request=1), fleets=[fleet])
    month = answer(plan)["fleets"][0]["months"][0]
    assert month["tokens_served"] == pytest.approx(0.5 * 10.368e9, abs=1)
    assert month["headroom_tokens"] == pytest.approx(0.5 * 10.368e9, abs=1)


def test_input_is_work_apart_that_a_decoder_does_not_quicken() -> None:
    """Of 2,000 input tokens 500 are cached: 1,500 at 30,000 a second, and 500 output at 4,000 x 2 a second."""
    fleet = a_fleet(
        nodes=10,
        throughput={"output_tokens_per_second": 4000, "input_tokens_per_second": 30_000},
        decoder=headline(2.0),
    )
    demand: dict[str, Any] = {
        "input_tokens_per_request": 2000,
        "cached_input_fraction": 0.25,
        "requests_per_month": 36e6,
    }
    month = answer(a_plan(a_workload(to=[to_fleet()], **demand), fleets=[fleet]))["fleets"][0]["months"][0]
    seconds = 36e6 * (1500 / 30_000 + 500 / 8000)
    assert month["utilization_fraction"] == pytest.approx(seconds / (720 * 3600 * 10), abs=1e-6)
    # At this mix of work, 500 output tokens take 0.1125 s of a node.
    assert float(month["usd_per_mtok_full_load"]) == pytest.approx(25 / 3600 * 0.1125 / 500 * 1e6, abs=5e-5)


def test_input_that_includes_cached_tokens_counts_them_all() -> None:
    fleet = a_fleet(
        throughput={
            "output_tokens_per_second": 4000,
            "input_tokens_per_second": 30_000,
            "input_includes_cached": True,
        }
    )
    demand: dict[str, Any] = {"input_tokens_per_request": 2000, "cached_input_fraction": 0.25}
    month = answer(a_plan(a_workload(to=[to_fleet()], **demand), fleets=[fleet]))["fleets"][0]["months"][0]
    assert month["utilization_fraction"] == pytest.approx(1e6 * (2000 / 30_000 + 500 / 4000) / (720 * 3600), abs=1e-6)


def test_cost_follows_the_work_that_each_workload_causes_and_idle_stands_alone() -> None:
    """Loads of 30 % and 20 % of a node, beside a spare one: 15 %, 10 % and 75 % of what is paid."""
    workloads = [
        a_workload(name, to=[to_fleet()], requests_per_month=share * 10.368e9, output_tokens_per_request=1)
        for name, share in (("one", 0.3), ("other", 0.2))
    ]
    fleet = a_fleet(scaling={"policy": "fixed", "spare_nodes": 1})
    budget = budget_of(a_plan(*workloads, fleets=[fleet]))
    cells = {
        series.workload: row for series, row in zip(budget.lines.series, budget.lines.effective.tolist(), strict=True)
    }
    # Two nodes at 25.00 for 720 hours are 36,000.00.
    assert cells == {"one": [540_000] * 3, "other": [360_000] * 3, None: [2_700_000] * 3}


def test_an_overflow_that_shrinks_is_a_saving() -> None:
    """Without the decoder half of 20,736 million tokens overflow at 2.00; at a speedup of 1.5 a quarter does."""
    fleet = a_fleet(overflow_to={"model": LARGE}, decoder=headline(1.5))
    plan = a_plan(
        a_workload(to=[to_fleet()], requests_per_month=20_736_000, output_tokens_per_request=1000), fleets=[fleet]
    )
    forecast = answer(plan)
    decoder = forecast["fleets"][0]["decoder"]
    saved = dict.fromkeys(("mean", "p10", "p50", "p90"), f"{3 * 5184 * 2:.2f}")
    assert (decoder["saving"], decoder["probability_of_saving"], decoder["reasons"]) == (saved, 1.0, [])
    assert forecast["verdicts"][0]["saving"] == saved
    assert [(one["workload"], one["verdict"], one["reasons"]) for one in forecast["verdicts"]] == [("chat", "pays", [])]


def test_a_decoder_quickens_from_its_month_on() -> None:
    fleet = a_fleet(decoder=headline(1.6, since="2027-02"))
    months = answer(a_plan(a_workload(to=[to_fleet()]), fleets=[fleet]))["fleets"][0]["months"]
    assert [month["speedup"]["mean"] for month in months] == [1.0, 1.6, 1.6]
    assert [month["usd_per_mtok_full_load"] for month in months] == ["1.7361", "1.0851", "1.0851"]
    # At 5e8 tokens a month on a node of 10,368 million.
    assert [month["utilization_fraction"] for month in months] == [0.048225, 0.030141, 0.030141]


def test_a_rate_that_changes_in_a_month_counts_by_its_hours() -> None:
    """25.00 until 2027-02-15 and 20.00 from then on: half of February's 28 days each."""
    rates = [{"from": "2026-01-01", "rate_per_node_hour": "25.00"}, {"from": "2027-02-15", "rate_per_node_hour": "20"}]
    plan = a_plan(fleets=[a_fleet(cost={"kind": "rented", "rates": rates})], workloads=[], calendar="actual")
    months = [month["effective"]["mean"] for month in answer(plan)["monthly"]]
    assert months == [f"{744 * 25:.2f}", f"{336 * 25 + 336 * 20:.2f}", f"{744 * 20:.2f}"]


def test_a_one_off_falls_in_its_month_and_on_no_workload() -> None:
    one_offs = [
        {"month": "2027-02", "amount": "1200.50", "what": "retraining"},
        {"month": "2028-02", "amount": "9", "what": "beyond the horizon"},
    ]
    plan = a_plan(a_workload(to=[to_fleet()]), fleets=[a_fleet(one_offs=one_offs, gl_accounts={"other": "6490"})])
    budget = budget_of(plan)
    one_off = [
        (series.workload, series.cost_center, series.gl_account, row)
        for series, row in zip(budget.lines.series, budget.lines.billed.tolist(), strict=True)
        if series.kind == "one_off"
    ]
    assert one_off == [(None, "4200", "6490", [0, 120_050, 0])]


def test_a_fleet_without_nodes_serves_nothing_and_costs_nothing() -> None:
    fleet = a_fleet(nodes=0, overflow_to={"model": LARGE})
    empty, direct = (
        answer(a_plan(a_workload(to=[to]), fleets=[fleet]))["total"]["effective"] for to in (to_fleet(), to_model())
    )
    assert empty == direct


def test_a_fleet_that_serves_nothing_has_no_unit_cost_of_tokens_served() -> None:
    month = answer(a_plan(fleets=[a_fleet()]))["fleets"][0]["months"][0]
    assert month["usd_per_mtok_served"] is None
    assert month["usd_per_mtok_full_load"] == "1.7361"
