"""Laws of what usage costs: monotone in price and volume, free of scale, and indifferent to how it is written."""

from datetime import date
from decimal import Decimal
from typing import Any

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
    document_bytes,
    law,
    to_fleet,
    to_model,
)
from tests.forecasts.generated import HUNDREDTHS, demands, plans, ranges


def figures(document: dict[str, Any]) -> dict[str, Decimal]:
    return {name: Decimal(figure) for name, figure in answer(document)["total"]["effective"].items()}


def edited(document: dict[str, Any], **demand: Any) -> dict[str, Any]:
    """The document with the first workload's demand changed."""
    first, *others = document["workloads"]
    return document | {"workloads": [first | {"demand": first["demand"] | demand}, *others]}


@law
@given(plans(), st.sampled_from(["input", "cached_input", "output"]), st.sampled_from(["1.01", "1.5", "9"]))
def test_a_higher_price_never_lowers_any_figure(document: dict[str, Any], meter: str, times: str) -> None:
    dearer = [
        row | {"rate": str(Decimal(row["rate"]) * Decimal(times))} if row["meter"] == meter else row
        for row in document["prices"]
    ]
    before, after = figures(document), figures(document | {"prices": dearer})
    assert all(after[name] >= before[name] for name in before)


@law
@given(plans(), st.integers(1, 500_000))
def test_a_higher_volume_never_lowers_any_figure(document: dict[str, Any], more: int) -> None:
    requests = document["workloads"][0]["demand"]["requests_per_month"]
    before, after = figures(document), figures(edited(document, requests_per_month=requests + more))
    # On a fleet the odd cent of a schedule may move between its members, never out of the total.
    assert all(after[name] >= before[name] - Decimal("0.01") for name in before)


@law
@given(plans(with_fleet=False), st.sampled_from([2, 10, 1000]))
def test_k_times_the_volume_costs_k_times_as_much_up_to_rounding(document: dict[str, Any], times: int) -> None:
    budget = budget_of(document)
    larger = document | {
        "workloads": [
            workload
            | {"demand": workload["demand"] | {"requests_per_month": workload["demand"]["requests_per_month"] * times}}
            for workload in document["workloads"]
        ]
    }
    grown = budget_of(larger)
    for name in ("p10", "p50", "p90"):
        difference = getattr(grown.total.effective, name) - times * getattr(budget.total.effective, name)
        assert abs(difference) <= 0.5 + 0.5 * times + 0.01
    lines = len(budget.lines.series)
    assert abs(grown.total.effective.mean - times * budget.total.effective.mean) <= lines * (0.5 + 0.5 * times) + 0.01


@law
@given(plans(), st.sampled_from([1, 1000, 1_000_000_000]))
def test_the_unit_a_price_is_quoted_in_changes_nothing(document: dict[str, Any], per_tokens: int) -> None:
    requoted = [
        row | {"rate": str(Decimal(row["rate"]) * per_tokens / 1_000_000), "per_tokens": per_tokens}
        for row in document["prices"]
    ]
    before, after = figures(document), figures(document | {"prices": requoted})
    assert all(abs(after[name] - before[name]) <= Decimal("0.01") for name in before)


@law
@given(demands(), st.sampled_from([2, 5]))
def test_fewer_requests_of_as_many_more_tokens_cost_the_same(demand: dict[str, Any], times: int) -> None:
    """Only tokens are billed: half the requests of twice the length are the same bill."""
    longer = {name: demand[name] * times for name in ("input_tokens_per_request", "output_tokens_per_request")} | {
        "requests_per_month": demand["requests_per_month"] / times
    }
    one, other = figures(a_plan(a_workload(**demand))), figures(a_plan(a_workload(**demand | longer)))
    assert all(abs(one[name] - other[name]) <= Decimal("0.01") for name in one)


@law
@given(plans())
def test_a_share_split_in_two_equal_entries_changes_no_byte(document: dict[str, Any]) -> None:
    def halves(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [entry | {"share": entry["share"] / 2} for entry in entries for _ in range(2)]

    split = [
        workload | {"routes": [{"to": halves(routes["to"])} for routes in workload["routes"]]}
        for workload in document["workloads"]
    ]
    assert document_bytes(document | {"workloads": split}) == document_bytes(document)


def test_a_share_of_the_requests_is_a_share_of_the_bill() -> None:
    """500 million tokens a month: a quarter at 2.00 and three quarters at 0.37 per million."""
    shared = answer(a_plan(a_workload(to=[to_model(LARGE, 0.25), to_model(SMALL, 0.75)])))
    expected = Decimal(500) * (Decimal("0.25") * 2 + Decimal("0.75") * Decimal("0.37"))
    assert expected == Decimal("388.75")
    assert [month["effective"]["mean"] for month in shared["monthly"]] == ["388.75"] * 3


def test_each_set_of_routes_holds_until_the_next() -> None:
    workload = a_workload() | {
        "routes": [
            {"to": [to_model()]},
            {"from": "2027-02", "to": [to_model(SMALL)]},
            {"from": "2027-04-01", "to": [to_model()]},
        ]
    }
    shared = answer(a_plan(workload, horizon={"first_month": "2027-01", "months": 4}))
    assert [month["effective"]["mean"] for month in shared["monthly"]] == ["1000.00", "185.00", "185.00", "1000.00"]


def test_every_meter_is_billed_for_its_own_tokens() -> None:
    """Of 1,000 input tokens 600 are read from the cache; south/small has no price of its own for those."""
    demand: dict[str, Any] = {
        "input_tokens_per_request": 1000,
        "cached_input_fraction": 0.6,
        "cache_write_fraction": 0.1,
    }
    large, small = (
        answer(a_plan(a_workload(to=[to_model(model)], **demand)))["monthly"][0]["effective"]["mean"]
        for model in (LARGE, SMALL)
    )
    # In millions of tokens: 300 plain input, 600 cached, 100 written (at the price of input), 500 output.
    assert Decimal(large) == 400 * Decimal("0.50") + 600 * Decimal("0.05") + 500 * Decimal("2.00")
    assert Decimal(small) == 1000 * Decimal("0.10") + 500 * Decimal("0.37")


def test_reasoning_is_output() -> None:
    assert figures(a_plan(a_workload(reasoning_fraction=0.9))) == figures(a_plan(a_workload()))


def cut(**fields: Any) -> list[dict[str, Any]]:
    return [{"outlook": "projected_cut", "window": ["2027-01-01", "2027-03-01"]} | fields]


@law
@given(plans(with_fleet=False), ranges(0, 900))
def test_a_cut_that_never_happens_is_hold(document: dict[str, Any], size: dict[str, float]) -> None:
    held = answer(document | {"outlooks": [{"outlook": "hold"}]})
    never = answer(document | {"outlooks": cut(probability=0, size=size)})
    for part in ("total", "annual", "monthly", "workloads", "providers", "cost_centers"):
        assert never[part] == held[part]


@law
@given(plans(with_fleet=False), HUNDREDTHS, HUNDREDTHS)
def test_a_likelier_cut_never_costs_more(document: dict[str, Any], one: float, other: float) -> None:
    lower, higher = (
        figures(document | {"outlooks": cut(probability=probability)}) for probability in sorted((one, other))
    )
    assert all(higher[name] <= lower[name] for name in lower)


@law
@given(
    plans(with_fleet=False),
    st.lists(st.dates(min_value=date(2026, 1, 1), max_value=date(2028, 6, 1)), min_size=3, max_size=3, unique=True),
)
def test_an_earlier_window_never_costs_more(document: dict[str, Any], days: list[date]) -> None:
    first, second, third = (day.isoformat() for day in sorted(days))
    early, wide, late = (
        figures(document | {"outlooks": cut(window=window)})
        for window in ([first, second], [first, third], [second, third])
    )
    assert all(early[name] <= wide[name] <= late[name] for name in early)


@law
@given(plans(with_fleet=False), ranges(0, 400), st.integers(0, 500))
def test_a_deeper_cut_never_costs_more(document: dict[str, Any], size: dict[str, float], deeper: int) -> None:
    deep = {name: value + deeper / 1000 for name, value in size.items()}
    shallow_cost, deep_cost = (figures(document | {"outlooks": cut(size=of_size)}) for of_size in (size, deep))
    assert all(deep_cost[name] <= shallow_cost[name] + Decimal("0.01") for name in shallow_cost)


def test_a_cut_before_the_horizon_holds_throughout_and_one_after_it_never() -> None:
    before = answer(a_plan(outlooks=cut(window=["2026-06-01", "2026-12-01"], size=0.25)))
    after = answer(a_plan(outlooks=cut(window=["2027-04-01", "2027-05-01"], size=0.25)))
    assert [month["effective"]["p10"] for month in before["monthly"]] == ["750.00"] * 3
    assert [month["effective"]["p90"] for month in before["monthly"]] == ["750.00"] * 3
    assert [month["effective"]["p10"] for month in after["monthly"]] == ["1000.00"] * 3


def test_the_mean_of_a_cut_in_its_window_is_half_of_it() -> None:
    """Over a window that is January, the cut's date is uniform in it: its mean effect there is half its size."""
    document = a_plan(outlooks=cut(window=["2027-01-01", "2027-02-01"], size=0.30), draws=4096)
    months = [Decimal(month["effective"]["mean"]) for month in answer(document)["monthly"]]
    # A uniform share has a standard deviation of 1/sqrt(12): on 300 and 4,096 draws a standard error of 1.35.
    assert abs(months[0] - 850) < 4 * Decimal("1.36")
    assert months[1:] == [Decimal(700)] * 2


def test_a_cut_touches_the_meters_and_providers_it_names() -> None:
    outlooks = [
        {"provider": "south", "outlook": "hold"},
        {"outlook": "projected_cut", "window": ["2026-01-01", "2026-02-01"], "size": 0.5, "meters": ["input"]},
    ]
    routed = [to_model(LARGE, 0.5), to_model(SMALL, 0.5)]
    forecast = answer(a_plan(a_workload(to=routed, input_tokens_per_request=1000), outlooks=outlooks))
    assert {group["name"]: group["effective"]["mean"] for group in forecast["providers"]} == {
        # In a month: 500 million input tokens at half of 0.50, and 250 million output tokens at 2.00.
        "north": f"{3 * (500 * 0.25 + 250 * 2.00):.2f}",
        "south": f"{3 * (500 * 0.10 + 250 * 0.37):.2f}",
    }


def test_a_fleets_bill_does_not_follow_provider_prices() -> None:
    plan = a_plan(a_workload(to=[to_fleet()]), fleets=[a_fleet()], outlooks=cut(size=0.9))
    assert figures(plan)["mean"] == Decimal("54000.00")
    dearer = plan | {"prices": [a_price(rate="200")]}
    assert figures(dearer)["mean"] == Decimal("54000.00")


def test_hold_and_history_are_answered_beside_a_chosen_cut_on_the_same_draws() -> None:
    outlooks = answer(a_plan(outlooks=cut(window=["2026-01-01", "2026-02-01"], size=0.25)))["outlooks"]
    assert [(one["name"], one["chosen"]) for one in outlooks] == [
        ("projected_cut", True),
        ("hold", False),
        ("history", False),
    ]
    assert [one["total"]["mean"] for one in outlooks[:2]] == ["2250.00", "3000.00"]
    chosen = answer(a_plan(outlooks=[{"outlook": "history"}]))
    assert [(one["name"], one["chosen"]) for one in chosen["outlooks"]] == [("history", True), ("hold", False)]
    assert chosen["total"]["effective"] == outlooks[2]["total"]
