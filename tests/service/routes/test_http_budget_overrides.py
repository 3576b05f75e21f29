"""An override changes what is budgeted and keeps what was computed; variances are against what is budgeted."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from service.store.budgets import overrides
from tests.service.routes import budgets
from tests.service.routes.api import Api, pointers, slug


def _override(api: Api, budget: dict[str, Any], **sent: Any) -> Any:
    return api.post(f"/v1/budgets/{budget['id']}/overrides", json={"reason": "launch", **sent})


def _variance(api: Api, budget: dict[str, Any], query: str = "") -> dict[str, Any]:
    return dict(api.get(f"/v1/budgets/{budget['id']}/variance{query}").json())


def test_a_month_is_budgeted_at_its_override_and_keeps_its_original(api: Api) -> None:
    draft = budgets.draft(api)
    [_, february, _] = _variance(api, draft)["months"]
    made = _override(api, draft, month="2027-02", amount="5000").json()
    assert (made["original"], made["amount"], made["in_force"]) == (february["original"], "5000.00", True)
    change = Decimal("5000.00") - Decimal(february["original"])
    found = budgets.again(api, draft)
    assert Decimal(found["expected"]) == Decimal(draft["expected"]) + change
    assert Decimal(found["amount"]) == Decimal(draft["amount"]) + change
    assert found["original"] == draft["original"]
    assert found["version"] == 2
    compared = _variance(api, draft)
    assert [one["budget"] for one in compared["months"]][1] == "5000.00"
    assert sum(Decimal(one["budget"]) for one in compared["months"]) == Decimal(found["expected"])
    assert sum(Decimal(one["original"]) for one in compared["months"]) == Decimal(draft["expected"])


def test_a_line_is_budgeted_at_its_override(api: Api) -> None:
    forecast_id = budgets.forecast(api)
    draft = budgets.draft(api, forecast_id)
    line = api.get(f"/v1/forecasts/{forecast_id}").json()["lines"][0]
    made = _override(api, draft, line=line["id"], amount="0").json()
    assert (made["line"], made["month"], made["original"]) == (line["id"], line["month"], line["effective"])
    assert Decimal(budgets.again(api, draft)["expected"]) == Decimal(draft["expected"]) - Decimal(line["effective"])


def test_an_override_of_the_whole_month_stands_over_those_of_its_lines(api: Api) -> None:
    draft = budgets.draft(api)
    _override(api, draft, line="0", amount="1")
    month = _override(api, draft, month="2027-01", amount="77").json()
    assert _variance(api, draft)["months"][0]["budget"] == "77.00"
    api.post(f"/v1/budgets/{draft['id']}/overrides/{month['id']}/withdraw")
    first = _variance(api, draft)["months"][0]
    line = api.get(f"/v1/budgets/{draft['id']}/overrides").json()["items"][0]
    assert Decimal(first["budget"]) == Decimal(first["original"]) - Decimal(line["original"]) + 1


def test_a_second_override_takes_the_place_of_the_first_which_is_kept(api: Api) -> None:
    draft = budgets.draft(api)
    _override(api, draft, month="2027-02", amount="5000")
    _override(api, draft, month="2027-02", amount="6000", reason="more")
    listed = api.get(f"/v1/budgets/{draft['id']}/overrides").json()["items"]
    assert [(one["amount"], one["in_force"]) for one in listed] == [("5000.00", False), ("6000.00", True)]
    assert listed[0]["withdrawn_by"] is not None
    assert _variance(api, draft)["months"][1]["budget"] == "6000.00"


def test_an_override_counts_until_its_last_day_and_what_was_approved_no_longer_moves() -> None:
    last = date(2027, 3, 31)
    moment = datetime(2027, 1, 1, tzinfo=UTC)
    override = overrides.OverrideRecord(
        budget_id=None,  # type: ignore[arg-type]  # nothing looks at it
        month=date(2027, 5, 1),
        line=None,
        original=Decimal("10.00"),
        amount=Decimal("12.00"),
        reason="promotion",
        expires_on=last,
        id=None,  # type: ignore[arg-type]
        created_by="key/1",
        created_at=moment,
        withdrawn_by=None,
        withdrawn_at=None,
    )
    assert override.is_in_force(last)
    assert not override.is_in_force(last + timedelta(days=1))


def test_bad_overrides_are_told_field_by_field(api: Api) -> None:
    draft = budgets.draft(api)
    refused = _override(api, draft, amount="1.005", expires_on="2020-01-01")
    assert (refused.status_code, pointers(refused)) == (422, ["/month", "/amount", "/expires_on"])
    for sent, pointer in (({"month": "2028-01"}, "/month"), ({"line": "999999"}, "/line"), ({"month": "x"}, "/month")):
        refused = _override(api, draft, amount="1", **sent)
        assert (refused.status_code, pointers(refused)) == (422, [pointer])
    assert slug(_override(api, draft, month="2027-01", amount="1", reason="")) == "invalid-shape"
    assert budgets.again(api, draft) == draft


def test_the_newest_forecast_that_covers_the_budget_is_compared(api: Api) -> None:
    budget = budgets.approved(api)
    own = _variance(api, budget)
    assert own["forecast_id"] == budget["forecast_id"]
    assert {one["variance"] for one in own["months"]} == {"0.00"}
    twice = budgets.forecast(api, requests=2_000_000)
    # Neither one of other months nor one without the budget's workload can say anything about it.
    budgets.forecast(api, horizon={"first_month": "2028-01", "months": 3})
    budgets.forecast(api, workloads=[])
    found = _variance(api, budget)
    assert found["forecast_id"] == twice
    assert Decimal(found["total"]["variance"]) == pytest.approx(Decimal(budget["expected"]), abs=Decimal("0.05"))
    assert found["total"]["variance_fraction"] == pytest.approx(1.0, abs=1e-3)
    for one in (*found["months"], found["total"]):
        assert Decimal(one["variance"]) == Decimal(one["estimate"]) - Decimal(one["budget"])
        assert one["actual"] is None
    total = found["total"]
    assert Decimal(total["remaining"]) == Decimal(total["amount"]) - Decimal(total["estimate"])
    assert sum(Decimal(one["variance"]) for one in found["months"]) == Decimal(total["variance"])


def test_a_named_forecast_is_compared_and_the_budget_stands_in_for_months_it_does_not_reach(api: Api) -> None:
    budget = budgets.approved(api)
    rolling = budgets.forecast(api, requests=3_000_000, horizon={"first_month": "2027-02", "months": 6})
    found = _variance(api, budget, f"?forecast={rolling}")
    assert [one["estimate_from"] for one in found["months"]] == ["budget", "forecast", "forecast"]
    assert found["months"][0]["forecast"] is None
    assert found["months"][0]["variance"] == "0.00"
    assert found["total"]["forecast"] is None


def test_a_forecast_that_cannot_be_compared_is_refused(api: Api) -> None:
    budget = budgets.approved(api)
    queued = budgets.forecast(api, work=False)
    path = f"/v1/budgets/{budget['id']}/variance?forecast="
    assert slug(api.get(path + queued)) == "no-budget"
    rates = [{"currency": "EUR", "per": "USD", "rate": "0.9", "from": "2026-01-01"}]
    assert slug(api.get(path + budgets.forecast(api, currency="EUR", exchange_rates=rates))) == "invalid-parameter"


def test_the_newest_comment_on_a_month_is_shown_and_all_are_kept(api: Api) -> None:
    budget = budgets.approved(api)
    path = f"/v1/budgets/{budget['id']}/comments"
    for sent in ({"month": "2027-01", "comment": "a"}, {"month": "2027-01", "comment": "b"}, {"comment": "all"}):
        assert api.post(path, json=sent).status_code == 201
    found = _variance(api, budget)
    assert [one["comment"] for one in found["months"]] == ["b", None, None]
    assert found["total"]["comment"] == "all"
    assert [one["comment"] for one in found["comments"]] == ["a", "b", "all"]
    assert pointers(api.post(path, json={"month": "2030-01", "comment": "x"})) == ["/month"]
