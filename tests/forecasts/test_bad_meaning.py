"""What a plan cannot mean is told field by field: one problem for each, by its JSON pointer, all at once."""

from math import inf, nan
from typing import Any

import pytest

from tests.forecasts.estates import (
    a_fleet,
    a_plan,
    a_price,
    a_workload,
    headline,
    pointers,
    problems,
    to_fleet,
    to_model,
    with_fleet,
)

DEMAND = "/workloads/0/demand"


def with_demand(**demand: Any) -> dict[str, Any]:
    return a_plan(a_workload(**demand))


def with_routes(*routes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return a_plan(a_workload() | {"routes": list(routes)}, **fields)


@pytest.mark.parametrize(
    "document",
    [
        a_plan(),
        a_plan(a_workload(to=[to_fleet()]), fleets=[a_fleet(decoder=headline(1.67))]),
        with_demand(requests_per_month=0),
        a_plan(workloads=[]),
        a_plan(horizon={"first_month": "2027-01", "months": 60}),
    ],
)
def test_a_plan_in_order_has_no_problem(document: dict[str, Any]) -> None:
    assert problems(document) == []


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (with_routes({"to": [to_model("north/unheard-of")]}), "/workloads/0/routes/0/to/0/model"),
        (with_routes({"to": [to_model("large")]}), "/workloads/0/routes/0/to/0/model"),
        (with_routes({"to": [to_fleet("unheard-of")]}), "/workloads/0/routes/0/to/0/fleet"),
        (with_routes({"to": [to_model(), to_model("north/unheard-of", 0)]}), "/workloads/0/routes/0/to/1/model"),
        (a_plan(a_workload() | {"compare_to": {"model": "north/unheard-of"}}), "/workloads/0/compare_to/model"),
        (with_fleet(overflow_to={"model": "north/unheard-of"}), "/fleets/0/overflow_to/model"),
        (with_fleet(accelerator="abacus"), "/fleets/0/accelerator"),
        (with_demand(hourly_profile="never"), f"{DEMAND}/hourly_profile"),
        (with_routes({"to": [{"share": 1}]}), "/workloads/0/routes/0/to/0"),
        (with_routes({"to": [to_model() | to_fleet()]}, fleets=[a_fleet()]), "/workloads/0/routes/0/to/0"),
    ],
)
def test_a_name_that_is_not_known_is_a_problem_of_its_field(document: dict[str, Any], pointer: str) -> None:
    assert pointers(document) == [pointer]


def test_an_unknown_name_is_told_what_is_known() -> None:
    [(_, detail)] = problems(with_routes({"to": [to_model("north/unheard-of")]}))
    assert detail == "'north/unheard-of' is no known model; known are north/large"


@pytest.mark.parametrize("value", [-1, nan, inf, -inf])
@pytest.mark.parametrize(
    "field",
    [
        "requests_per_month",
        "input_tokens_per_request",
        "output_tokens_per_request",
        "cached_input_fraction",
        "cache_write_fraction",
        "reasoning_fraction",
        "noise_fraction",
        "noise_autocorrelation",
        "monthly_growth",
    ],
)
def test_a_number_of_demand_that_is_none_is_a_problem_of_its_field(field: str, value: float) -> None:
    assert pointers(with_demand(**{field: value})) == [f"{DEMAND}/{field}"]


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (with_demand(cached_input_fraction=1.01), f"{DEMAND}/cached_input_fraction"),
        (with_demand(cached_input_fraction=0.6, cache_write_fraction=0.5), f"{DEMAND}/cache_write_fraction"),
        (with_demand(cached_input_fraction=nan, cache_write_fraction=0.5), f"{DEMAND}/cached_input_fraction"),
        (with_demand(output_tokens_per_request={"mean": -1}), f"{DEMAND}/output_tokens_per_request/mean"),
        (with_demand(output_tokens_per_request={}), f"{DEMAND}/output_tokens_per_request/mean"),
        (
            with_demand(output_tokens_per_request={"mean": 9, "p50": 8, "p90": 7}),
            f"{DEMAND}/output_tokens_per_request/p90",
        ),
        (
            with_demand(output_tokens_per_request={"histogram": [[0, 100, 0.5], [100, 500, 0.4]]}),
            f"{DEMAND}/output_tokens_per_request/histogram",
        ),
        (
            with_demand(output_tokens_per_request={"histogram": [[0, 100, 0.5], [500, 100, 0.5]]}),
            f"{DEMAND}/output_tokens_per_request/histogram/1",
        ),
        (
            with_demand(output_tokens_per_request={"histogram": [[0, 100, nan]]}),
            f"{DEMAND}/output_tokens_per_request/histogram/0/2",
        ),
        (with_demand(monthly_growth={"low": 0, "mode": nan, "high": 0.1}), f"{DEMAND}/monthly_growth/mode"),
        (with_demand(monthly_growth={"low": 0.2, "mode": 0.1, "high": 0.3}), f"{DEMAND}/monthly_growth"),
        (with_demand(monthly_growth=-1), f"{DEMAND}/monthly_growth"),
        (with_demand(seasonality=[1.0] * 11), f"{DEMAND}/seasonality"),
        (with_demand(seasonality=[1.1] * 12), f"{DEMAND}/seasonality"),
        (with_demand(seasonality=[1.0] * 6 + [nan] + [1.0] * 5), f"{DEMAND}/seasonality/6"),
        (with_demand(seasonality=[-1.0] + [13 / 11] * 11), f"{DEMAND}/seasonality/0"),
        (with_demand(hourly_profile=[1.0] * 23), f"{DEMAND}/hourly_profile"),
        (with_demand(hourly_profile=[0.0] * 24), f"{DEMAND}/hourly_profile"),
        (with_demand(hourly_profile=[1.0] * 23 + [-1.0]), f"{DEMAND}/hourly_profile/23"),
        (with_demand(hourly_profile={"peak_to_mean": 0.9}), f"{DEMAND}/hourly_profile/peak_to_mean"),
        (with_demand(hourly_profile={"peak_to_mean": nan}), f"{DEMAND}/hourly_profile/peak_to_mean"),
        (with_demand(steps=[{"from": "2027-02", "factor": -1}]), f"{DEMAND}/steps/0/factor"),
        (with_demand(steps=[{"from": "2027-02-02", "factor": 1}]), f"{DEMAND}/steps/0/from"),
        (a_plan(a_workload() | {"temperature": -0.1}), "/workloads/0/temperature"),
        (a_plan(a_workload() | {"top_p": nan}), "/workloads/0/top_p"),
        (
            a_plan(a_workload() | {"waiting": {"loaded_hourly_rate": "-1", "people_waiting_fraction": 0.5}}),
            "/workloads/0/waiting/loaded_hourly_rate",
        ),
    ],
)
def test_demand_that_cannot_be_is_a_problem_of_its_field(document: dict[str, Any], pointer: str) -> None:
    assert pointers(document) == [pointer]


@pytest.mark.parametrize(
    ("routes", "found"),
    [
        ([{"to": [to_model(share=0.9)]}], ["/workloads/0/routes/0/to"]),
        ([{"to": [to_model(share=0.6), to_model("south/small", 0.5)]}], ["/workloads/0/routes/0/to"]),
        ([{"to": [to_model()]}, {"from": "2027-02", "to": [to_model(share=0.5)]}], ["/workloads/0/routes/1/to"]),
        ([{"to": [to_model(share=nan)]}], ["/workloads/0/routes/0/to/0/share"]),
        ([{"from": "2027-02", "to": [to_model()]}], ["/workloads/0/routes/0/from"]),
        ([{"from": "2030-01", "to": [to_model()]}], ["/workloads/0/routes/0/from"]),
        ([{"to": [to_model()]}, {"to": [to_model()]}], ["/workloads/0/routes/1/from"]),
        (
            [{"to": [to_model()]}, {"from": "2027-03", "to": [to_model()]}, {"from": "2027-02", "to": [to_model()]}],
            ["/workloads/0/routes/2/from"],
        ),
        ([{"to": [to_model()]}, {"from": "2027-02-15", "to": [to_model()]}], ["/workloads/0/routes/1/from"]),
        ([{"to": [to_model()]}, {"from": "soon", "to": [to_model()]}], ["/workloads/0/routes/1/from"]),
    ],
)
def test_routes_that_lead_nowhere_are_problems_of_their_set(routes: list[dict[str, Any]], found: list[str]) -> None:
    assert pointers(with_routes(*routes)) == found


@pytest.mark.parametrize(
    ("demand", "field"),
    [
        ({"monthly_growth": 10}, "monthly_growth"),
        ({"monthly_growth": {"low": 0, "mode": 0.1, "high": 9}}, "monthly_growth"),
        ({"monthly_growth": -0.9, "base_month": "2028-03"}, "monthly_growth"),
        ({"requests_per_month": 1e13, "output_tokens_per_request": 1e5}, "requests_per_month"),
    ],
)
def test_growth_beyond_any_estate_is_a_problem_of_demand(demand: dict[str, Any], field: str) -> None:
    document = with_demand(**demand) | {"horizon": {"first_month": "2027-01", "months": 60}}
    assert pointers(document) == [f"{DEMAND}/{field}"]


@pytest.mark.parametrize("requests", [0, 1e6])
@pytest.mark.parametrize("month", ["1970-01", "2177-01"])
def test_a_base_month_in_another_age_is_refused_whatever_the_volume(month: str, requests: float) -> None:
    document = with_demand(base_month=month, requests_per_month=requests, noise_fraction=0.1)
    assert pointers(document) == [f"{DEMAND}/base_month"]


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        (a_plan(prices=[a_price(currency="EUR")]), "/workloads/0/routes/0/to/0/model"),
        (with_fleet(currency="EUR"), "/fleets/0/currency"),
        (
            a_plan(
                prices=[a_price(currency="EUR")],
                exchange_rates=[{"currency": "EUR", "per": "USD", "rate": "0.9", "from": "2027-02-01"}],
            ),
            "/workloads/0/routes/0/to/0/model",
        ),
        (
            a_plan(exchange_rates=[{"currency": "EUR", "per": "EUR", "rate": "1", "from": "2026-01-01"}]),
            "/exchange_rates/0/per",
        ),
        *(
            (
                a_plan(exchange_rates=[{"currency": "EUR", "per": "USD", "rate": rate, "from": "2026-01-01"}]),
                "/exchange_rates/0/rate",
            )
            for rate in ("0", "-1", "1e-400", "NaN")
        ),
    ],
)
def test_a_currency_without_a_rate_is_a_problem_of_what_is_priced_in_it(document: dict[str, Any], pointer: str) -> None:
    assert pointers(document) == [pointer]


def test_a_currency_without_a_rate_is_named_with_its_month() -> None:
    [(_, detail)] = problems(a_plan(prices=[a_price(currency="EUR")]))
    assert detail == "there is no exchange rate from EUR to USD for 2027-01"


@pytest.mark.parametrize(
    ("document", "pointer", "detail"),
    [
        (
            a_plan(prices=[a_price(effective_from="2027-02-01T00:00:00Z")]),
            "/workloads/0/routes/0/to/0/model",
            "2027-01 is before any known price of north/large for output: the first is from 2027-02-01",
        ),
        (
            a_plan(prices=[a_price(meter="input")]),
            "/workloads/0/routes/0/to/0/model",
            "no standard price of north/large for output is known; tiers: ['standard']",
        ),
        (
            a_plan(prices=[a_price(recorded_at="2026-11-24T00:00:00Z")]),
            "/workloads/0/routes/0/to/0/model",
            "no price of north/large was known on 2026-11-23",
        ),
        (
            a_plan(
                a_workload(to=[to_fleet()]),
                fleets=[a_fleet(overflow_to={"model": "north/large"})],
                prices=[a_price(effective_from="2027-02-01T00:00:00Z")],
            ),
            "/fleets/0/overflow_to/model",
            "2027-01 is before any known price of north/large for output: the first is from 2027-02-01",
        ),
    ],
)
def test_a_month_without_a_known_price_is_a_problem_of_the_route(
    document: dict[str, Any], pointer: str, detail: str
) -> None:
    assert problems(document) == [(pointer, detail)]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"horizon": {"first_month": "2027-01", "months": 61}}, "/horizon/months"),
        ({"horizon": {"first_month": "2027-01", "months": 0}}, "/horizon/months"),
        ({"horizon": {"first_month": "2027-13"}}, "/horizon/first_month"),
        ({"horizon": {"first_month": "January"}}, "/horizon/first_month"),
        ({"horizon": {"first_month": "9999-12"}}, "/horizon/first_month"),
        ({"as_of": "2026-02-30"}, "/as_of"),
        ({"as_of": "9999-12-31"}, "/as_of"),
        ({"as_of": "yesterday"}, "/as_of"),
        ({"fiscal_year_start_month": 0}, "/fiscal_year_start_month"),
        ({"fiscal_year_start_month": 13}, "/fiscal_year_start_month"),
        ({"draws": 0}, "/draws"),
        ({"draws": 10**9}, "/draws"),
        ({"confidence": 0}, "/confidence"),
        ({"confidence": 1}, "/confidence"),
        ({"confidence": nan}, "/confidence"),
        ({"correlations": {"growth": 1.5}}, "/correlations/growth"),
        ({"contracts": [{"provider": "north"}]}, "/contracts/0"),
        ({"outlooks": [{"outlook": "hold", "probability": 2}]}, "/outlooks/0/probability"),
        (
            {"outlooks": [{"outlook": "projected_cut", "window": ["2027-01-01", "2027-01-01"]}]},
            "/outlooks/0/window/1",
        ),
        ({"outlooks": [{"outlook": "projected_cut", "window": ["2027-01-41", "2027-12-01"]}]}, "/outlooks/0/window/0"),
        ({"outlooks": [{"outlook": "projected_cut", "size": 1.01}]}, "/outlooks/0/size"),
        (
            {"outlooks": [{"outlook": "projected_cut", "size": {"low": 0.3, "mode": 0.2, "high": 0.4}}]},
            "/outlooks/0/size",
        ),
    ],
)
def test_terms_that_cannot_be_are_problems_of_their_field(fields: dict[str, Any], pointer: str) -> None:
    assert pointers(a_plan(**fields)) == [pointer]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"rate": "-0.01"}, "/prices/0/rate"),
        ({"rate": "NaN"}, "/prices/0/rate"),
        ({"rate": "Infinity"}, "/prices/0/rate"),
        ({"effective_from": "2026-01-01"}, "/prices/0/effective_from"),
        ({"effective_from": "9999-12-31T23:59:59-05:00"}, "/prices/0/effective_from"),
        ({"effective_to": "2025-01-01T00:00:00Z"}, "/prices/0/effective_to"),
        ({"recorded_at": "then"}, "/prices/0/recorded_at"),
        ({"provider": "north/east"}, "/prices/0/provider"),
    ],
)
def test_a_price_that_cannot_be_is_a_problem_of_its_field(fields: dict[str, Any], pointer: str) -> None:
    document = a_plan()
    first, *others = document["prices"]
    assert pointers(document | {"prices": [first | fields, *others]}) == [pointer]


def test_names_are_given_once() -> None:
    document = a_plan(a_workload(), a_workload(), a_workload("other"), fleets=[a_fleet(), a_fleet("other"), a_fleet()])
    assert pointers(document) == ["/fleets/2/name", "/workloads/1/name"]


def test_everything_wrong_is_told_at_once() -> None:
    document = a_plan(
        a_workload(requests_per_month=-1, base_month="2027-00", to=[to_model(share=0.5)]),
        a_workload("other", noise_fraction=nan),
        a_workload("other"),
        horizon={"first_month": "2027-01", "months": 61},
        confidence=1,
        fleets=[a_fleet(nodes=-1, accelerator="abacus")],
        prices=[a_price(rate="-1")],
    )
    assert sorted(pointers(document)) == [
        "/confidence",
        "/fleets/0/accelerator",
        "/fleets/0/nodes",
        "/horizon/months",
        "/prices/0/rate",
        "/workloads/0/demand/base_month",
        "/workloads/0/demand/requests_per_month",
        "/workloads/0/routes/0/to",
        "/workloads/1/demand/noise_fraction",
        "/workloads/2/name",
    ]


def test_everything_that_does_not_fit_together_is_told_at_once() -> None:
    document = a_plan(
        a_workload(to=[to_fleet("unheard-of", 0.5), to_model("north/unheard-of", 0.5)]),
        a_workload("other", to=[to_model("south/small")], base_month="1970-01"),
        fleets=[a_fleet(currency="EUR", overflow_to={"model": "west/unheard-of"})],
    )
    assert sorted(pointers(document)) == [
        "/fleets/0/currency",
        "/fleets/0/overflow_to/model",
        "/workloads/0/routes/0/to/0/fleet",
        "/workloads/0/routes/0/to/1/model",
        "/workloads/1/demand/base_month",
    ]
