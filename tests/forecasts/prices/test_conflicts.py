"""Sources that contradict each other are both shown; one is used, and nothing is averaged."""

from typing import Any

from tests.forecasts.estates import LARGE, a_plan, a_price, a_workload, answer

HORIZON = {"horizon": {"first_month": "2027-01", "months": 1}}


def warnings_of(*prices: dict[str, Any]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = answer(a_plan(prices=list(prices), **HORIZON))["warnings"]
    return [one for one in found if one["type"] == "conflicting_prices"]


def test_two_sources_of_one_price_are_both_named_and_the_last_recorded_is_used() -> None:
    page = a_price(rate="2", source="provider page")
    dataset = a_price(rate="2.5", source="a data set", recorded_at="2026-02-01T00:00:00Z")
    plan = a_plan(prices=[page, dataset], **HORIZON)
    assert answer(plan)["total"]["effective"]["mean"] == "1250.00"
    [warning] = warnings_of(page, dataset)
    assert warning["pointer"] == "/workloads/0/routes/0/to/0/model"
    assert "used 2.5 USD per 1,000,000 (a data set" in warning["detail"]
    assert "not used 2 USD per 1,000,000 (provider page" in warning["detail"]


def test_sources_that_agree_are_no_conflict_however_they_spell_it() -> None:
    assert warnings_of(
        a_price(rate="2", source="provider page"), a_price(rate="0.0020", per_tokens=1000, source="a data set")
    ) == []  # fmt: skip


def test_a_correction_by_the_same_source_is_no_conflict() -> None:
    assert warnings_of(a_price(rate="2"), a_price(rate="3", recorded_at="2026-02-01T00:00:00Z")) == []


def test_a_negotiated_rate_does_not_contradict_the_list_price() -> None:
    assert warnings_of(a_price(rate="2"), a_price(rate="1", status="negotiated", source="our contract")) == []


def test_a_conflict_that_was_over_before_the_horizon_is_not_told() -> None:
    old = [a_price(rate=rate, source=source) for rate, source in (("1", "a"), ("2", "b"))]
    assert warnings_of(*old, a_price(rate="3", effective_from="2026-06-01T00:00:00Z")) == []
    assert len(warnings_of(*old)) == 1


def test_one_conflict_is_told_once_however_many_workloads_pay_the_price() -> None:
    prices = [a_price(rate=rate, source=source) for rate, source in (("1", "a"), ("2", "b"))]
    workloads = [a_workload(name, to=[{"model": LARGE, "share": 1}]) for name in ("a", "b")]
    assert len(answer(a_plan(*workloads, prices=prices, **HORIZON))["warnings"]) == 1
