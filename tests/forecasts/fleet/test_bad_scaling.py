"""What a scaling policy, a replica or an hourly profile cannot mean is told field by field."""

from math import inf, nan
from typing import Any

import pytest

from tests.forecasts.estates import a_fleet, a_plan, a_workload, pointers, problems, to_fleet, with_fleet

OWNED = {
    "kind": "owned",
    "purchase_price_per_node": "370000",
    "purchased": "2027-01-01",
    "in_service": "2027-01-01",
    "useful_life_months": 36,
}


def scaled(policy: str, **fields: Any) -> dict[str, Any]:
    return with_fleet(scaling={"policy": policy} | fields)


def profiled(profile: Any) -> dict[str, Any]:
    return a_plan(a_workload(to=[to_fleet()], hourly_profile=profile), fleets=[a_fleet()])


@pytest.mark.parametrize(
    "document",
    [
        scaled("fixed", spare_nodes=2),
        scaled("monthly"),
        scaled("monthly", min_nodes=2, max_nodes=2, lead_time_months=3, hysteresis_fraction=1, spare_nodes=1),
        scaled("monthly", lead_time_months=0),
        scaled("hourly", min_nodes=0, max_nodes=9, spare_nodes=1),
        with_fleet(replica={"weights_gb": 800, "kv_bytes_per_token": 70_000}),
    ],
)
def test_a_policy_in_order_has_no_problem(document: dict[str, Any]) -> None:
    assert pointers(document) == []


@pytest.mark.parametrize(
    ("document", "field"),
    [
        (scaled("fixed", spare_nodes=-1), "scaling/spare_nodes"),
        (scaled("fixed", max_nodes=3), "scaling/max_nodes"),
        (scaled("fixed", min_nodes=0), "scaling/min_nodes"),
        (scaled("fixed", lead_time_months=0), "scaling/lead_time_months"),
        (scaled("fixed", hysteresis_fraction=0.1), "scaling/hysteresis_fraction"),
        (scaled("hourly", lead_time_months=1), "scaling/lead_time_months"),
        (scaled("hourly", hysteresis_fraction=0.1), "scaling/hysteresis_fraction"),
        (scaled("hourly", min_nodes=3, max_nodes=2), "scaling/min_nodes"),
        (scaled("hourly", max_nodes=-1), "scaling/max_nodes"),
        (scaled("hourly", max_nodes=0), "scaling/max_nodes"),
        (scaled("monthly", min_nodes=-1), "scaling/min_nodes"),
        (scaled("monthly", min_nodes=3, max_nodes=2), "scaling/min_nodes"),
        (scaled("monthly", max_nodes=2_000_000), "scaling/max_nodes"),
        (scaled("monthly", lead_time_months=-1), "scaling/lead_time_months"),
        (scaled("monthly", lead_time_months=4), "scaling/lead_time_months"),
        (scaled("monthly", lead_time_months=10**9), "scaling/lead_time_months"),
        (scaled("monthly", hysteresis_fraction=-0.1), "scaling/hysteresis_fraction"),
        (scaled("monthly", hysteresis_fraction=1.1), "scaling/hysteresis_fraction"),
        (scaled("monthly", hysteresis_fraction=nan), "scaling/hysteresis_fraction"),
        (with_fleet(scaling={"policy": "hourly"}, cost=OWNED), "scaling/policy"),
        (with_fleet(serves="deepseek-v4-pro", scaling={"policy": "hourly", "max_nodes": 1}), "scaling/max_nodes"),
        (with_fleet(replica={"weights_gb": -1}), "replica/weights_gb"),
        (with_fleet(replica={"kv_bytes_per_token": inf}), "replica/kv_bytes_per_token"),
    ],
)
def test_a_policy_that_cannot_be_is_a_problem_of_its_field(document: dict[str, Any], field: str) -> None:
    assert pointers(document) == [f"/fleets/0/{field}"]


def test_each_of_several_bad_fields_is_told() -> None:
    document = scaled("monthly", min_nodes=5, max_nodes=2, lead_time_months=-2, hysteresis_fraction=7, spare_nodes=-1)
    names = ("spare_nodes", "min_nodes", "lead_time_months", "hysteresis_fraction")
    assert sorted(pointers(document)) == sorted(f"/fleets/0/scaling/{name}" for name in names)


@pytest.mark.parametrize(
    ("profile", "pointer"),
    [
        ([1.0] * 167, ""),
        ([0.0] * 168, ""),
        ([1.0] * 23 + [-1.0], "/23"),
        ("unheard-of", ""),
        ({"peak_to_mean": 0.9}, "/peak_to_mean"),
    ],
)
def test_an_hourly_profile_that_cannot_be_is_a_problem(profile: Any, pointer: str) -> None:
    assert pointers(profiled(profile)) == [f"/workloads/0/demand/hourly_profile{pointer}"]


def test_a_problem_says_what_would_be_accepted() -> None:
    assert problems(scaled("hourly", min_nodes=3, max_nodes=2)) == [
        ("/fleets/0/scaling/min_nodes", "must be at most max_nodes (2), not 3")
    ]
    assert problems(scaled("monthly", lead_time_months=4)) == [
        ("/fleets/0/scaling/lead_time_months", "must be within the horizon of 3 months, not 4")
    ]
