"""A threshold raises one alert for each crossing, whoever looks and however often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.service.routes import budgets
from tests.service.routes.api import Api, pointers, slug
from workers.budget_watch import check_budgets

CROSSED = "budget.threshold_crossed"


def _tick(api: Api, later: timedelta = timedelta(0)) -> None:
    check_budgets(api.database, now=datetime.now(UTC) + later)


def _alerts(api: Api, budget: dict[str, Any]) -> list[dict[str, Any]]:
    return list(api.get(f"/v1/budgets/{budget['id']}/alerts").json()["items"])


def _watched(api: Api, **rule: Any) -> dict[str, Any]:
    return budgets.approved(api, thresholds=[{"measure": "forecast", **rule}])


def test_a_new_name_is_watched_at_half_at_four_fifths_and_at_all_of_its_budget(api: Api) -> None:
    draft = budgets.draft(api)
    found = api.get(f"/v1/budgets/{draft['id']}/thresholds").json()["items"]
    assert [(one["measure"], one["fraction"]) for one in found] == [
        ("actual", "0.5"),
        ("actual", "0.8"),
        ("actual", "1"),
        ("forecast", "1"),
    ]
    unwatched = budgets.draft(api, name="other", thresholds=[])
    assert api.get(f"/v1/budgets/{unwatched['id']}/thresholds").json()["items"] == []


def test_a_forecast_above_the_limit_raises_one_alert_until_it_falls_below_again(api: Api) -> None:
    budget = _watched(api, fraction="1.5")
    _tick(api)
    assert _alerts(api, budget) == []
    budgets.forecast(api, requests=2_000_000)
    _tick(api)
    budgets.forecast(api, requests=2_500_000)
    _tick(api)
    [alert] = _alerts(api, budget)
    [event] = budgets.events(api, CROSSED)
    assert (event.data["alert_id"], event.data["limit"], event.data["value"]) == (
        alert["id"],
        alert["limit"],
        alert["value"],
    )
    assert (event.data["budget_id"], event.data["month"], event.data["currency"]) == (budget["id"], None, "USD")
    budgets.forecast(api, requests=1_000_000)
    _tick(api)
    assert [one["cleared_at"] is None for one in _alerts(api, budget)] == [False]
    budgets.forecast(api, requests=2_000_000)
    _tick(api)
    assert [one["cleared_at"] is None for one in _alerts(api, budget)] == [True, False]
    assert len(budgets.events(api, CROSSED)) == 1


def test_ticks_at_once_raise_one_alert(api: Api) -> None:
    budget = _watched(api, amount="0.01")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: _tick(api, timedelta(hours=2)), range(8)))
    assert len(_alerts(api, budget)) == 1
    assert len(budgets.events(api, CROSSED)) == 1


def test_a_threshold_on_months_names_the_month_that_crosses(api: Api) -> None:
    budget = _watched(api, period="month", fraction="1.2")
    budgets.forecast(api, steps=[{"from": "2027-02", "factor": 2.0, "why": "launch"}])
    _tick(api)
    assert sorted(one["month"] for one in _alerts(api, budget)) == ["2027-02", "2027-03"]


def test_a_threshold_goes_on_with_the_next_version(api: Api) -> None:
    first = _watched(api, amount="0.01")
    _tick(api)
    second = budgets.approved(api)
    _tick(api)
    assert [one["cleared_at"] is None for one in _alerts(api, first)] == [False]
    assert [one["cleared_at"] is None for one in _alerts(api, second)] == [True]


def test_nothing_is_watched_before_it_is_approved(api: Api) -> None:
    draft = budgets.draft(api, thresholds=[{"measure": "forecast", "amount": "0.01"}])
    _tick(api)
    assert _alerts(api, draft) == []


def test_a_threshold_added_to_an_approved_budget_is_looked_at_at_once(api: Api) -> None:
    budget = _watched(api, fraction="2")
    path = f"/v1/budgets/{budget['id']}/thresholds"
    made = api.post(path, json={"measure": "forecast", "fraction": "0.10"})
    assert made.status_code == 201
    assert len(_alerts(api, budget)) == 1
    same = api.post(path, json={"measure": "forecast", "fraction": "0.1"})
    assert (same.status_code, same.json()) == (200, made.json())


def test_a_threshold_that_is_removed_raises_nothing_more_and_leaves_its_alert_closed(api: Api) -> None:
    budget = _watched(api, amount="0.01")
    _tick(api)
    [rule] = api.get(f"/v1/budgets/{budget['id']}/thresholds").json()["items"]
    path = f"/v1/budgets/{budget['id']}/thresholds/{rule['id']}"
    assert api("DELETE", path).status_code == 204
    assert slug(api("DELETE", path)) == "not-found"
    budgets.forecast(api)
    _tick(api)
    assert [one["cleared_at"] is None for one in _alerts(api, budget)] == [False]


def test_a_threshold_needs_one_limit_that_can_be_reached(api: Api) -> None:
    path = f"/v1/budgets/{budgets.draft(api)['id']}/thresholds"
    for sent, pointer in (
        ({}, "/fraction"),
        ({"fraction": "0.5", "amount": "5"}, "/fraction"),
        ({"fraction": "-1"}, "/fraction"),
        ({"amount": "0"}, "/amount"),
        ({"amount": "-5"}, "/amount"),
    ):
        refused = api.post(path, json=sent)
        assert (refused.status_code, pointers(refused)) == (422, [pointer])
