"""The pages of budgets: what stands on them by status and scope, and what they refuse."""

import pytest

from tests.service.routes.api import NOBODY, Api
from tests.service.routes.budgets import again, approved, draft, forecast, step

SCRIPT = "<script>alert(1)</script>"
SHOWN = "&lt;script&gt;alert(1)&lt;/script&gt;"


def _page(api: Api, path: str) -> str:
    answer = api.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/html")
    return str(answer.text)


def test_without_budgets_the_list_says_how_to_make_one(api: Api) -> None:
    assert "There is no finished forecast yet" in _page(api, "/budgets")
    forecast(api)
    assert 'href="/budgets/new"' in _page(api, "/budgets")
    assert 'href="/budgets/new"' not in _page(api.with_scopes("read"), "/budgets")


def test_the_list_has_the_newest_version_of_each_name_with_the_approved_one_beside_it(api: Api) -> None:
    first = approved(api)
    second = draft(api, first["forecast_id"])
    other = draft(api, first["forecast_id"], name="another")
    page = _page(api, "/budgets")
    assert page.index(f'href="/budgets/{other["id"]}"') < page.index(f'href="/budgets/{second["id"]}"')
    assert f'href="/budgets/{first["id"]}" aria-label="Approved version 1 of fy27"' in page
    only = _page(api, "/budgets?status=approved")
    assert f'/budgets/{first["id"]}"' in only
    assert second["id"] not in only
    assert "No budget has a version in this status" in _page(api, "/budgets?status=submitted")


def test_the_list_goes_on_behind_its_cursor(api: Api) -> None:
    made = [draft(api, name=name) for name in ("b", "a", "c")]
    page = _page(api, "/budgets?limit=2")
    assert made[2]["id"] not in page
    rest = page.partition("cursor=")[2].partition('"')[0]
    assert made[2]["id"] in _page(api, f"/budgets?limit=2&cursor={rest}")


def test_a_draft_offers_what_a_draft_allows_to_who_may_write(api: Api) -> None:
    made = draft(api)
    at = f"/v1/budgets/{made['id']}"
    page = _page(api, f"/budgets/{made['id']}")
    assert f'data-form="POST {at}/submit" data-version="1"' in page
    assert f'data-form="POST {at}/overrides"' in page
    assert f'data-send="DELETE {at}"' in page
    assert "/approve" not in page
    reader = _page(api.with_scopes("read"), f"/budgets/{made['id']}")
    assert "data-form" not in reader
    assert "data-send" not in reader


def test_only_who_may_approve_is_asked_to_decide(api: Api) -> None:
    made = step(api, draft(api), "submit").json()
    path = f"/budgets/{made['id']}"
    page = _page(api, path)
    assert f'data-form="POST /v1{path}/approve" data-version="{made["version"]}"' in page
    assert f'data-form="POST /v1{path}/return"' in page
    writer = _page(api.with_scopes("read", "write"), path)
    assert "/approve" not in writer
    assert "waits for somebody with the scope" in writer


def test_a_superseded_version_leads_to_the_one_that_took_its_place(api: Api) -> None:
    first = approved(api)
    second = approved(api, first["forecast_id"])
    assert again(api, first)["status"] == "superseded"
    page = _page(api, f"/budgets/{first['id']}")
    assert f'<a href="/budgets/{second["id"]}">a later version</a>' in page
    assert "Superseded by a later version" in page


def test_the_months_stand_side_by_side_with_what_was_overridden_and_said(api: Api) -> None:
    made = draft(api)
    at = f"/v1/budgets/{made['id']}"
    override = {"month": "2027-02", "amount": "1234.5", "reason": SCRIPT}
    assert api.post(f"{at}/overrides", json=override).status_code == 201
    assert api.post(f"{at}/comments", json={"month": "2027-03", "comment": SCRIPT}).status_code == 201
    page = _page(api, f"/budgets/{made['id']}?month=2027-02")
    assert "1,234.50" in page
    assert "overridden" in page
    assert SCRIPT not in page
    assert page.count(SHOWN) >= 3
    assert '<option value="2027-02" selected>' in page
    assert '<span class="badge active">in force</span>' in page


def test_the_history_names_the_key_and_the_reason(api: Api) -> None:
    page = _page(api, f"/budgets/{approved(api)['id']}")
    for said in ("Put forward as version 1", "Submitted for approval", "Approved", "to submit", "to approve"):
        assert said in page
    assert "<small>test, " in page


def test_another_forecast_can_be_compared_and_one_that_cannot_is_a_problem(api: Api) -> None:
    made = draft(api)
    newer = forecast(api, requests=2_000_000)
    page = _page(api, f"/budgets/{made['id']}?forecast={made['forecast_id']}")
    assert f'<option value="{made["forecast_id"]}" selected>' in page
    assert f'<option value="{newer}">' in page
    assert f'<option value="{newer}" selected>' in _page(api, f"/budgets/{made['id']}")
    waiting = forecast(api, work=False)
    assert api.get(f"/budgets/{made['id']}?forecast={waiting}").status_code == 409
    assert api.get(f"/budgets/{made['id']}?forecast={NOBODY}").status_code == 404


def test_a_threshold_and_its_alert_are_in_words(api: Api) -> None:
    made = approved(api)
    at = f"/v1/budgets/{made['id']}"
    assert api.post(f"{at}/thresholds", json={"measure": "forecast", "fraction": "0.01"}).status_code == 201
    page = _page(api, f"/budgets/{made['id']}")
    assert "Forecast cost of the whole budget reaches 1 %" in page
    assert '<span class="badge exceeded">open</span>' in page
    # Nothing of this forecast is uncertain, so it also reaches the whole of its amount: a default threshold.
    assert f'<a href="/budgets/{made["id"]}#alerts">2 open</a>' in _page(api, "/budgets")


def test_the_form_offers_finished_forecasts_and_begins_with_the_one_that_is_asked_for(api: Api) -> None:
    assert "There is no finished forecast" in _page(api, "/budgets/new")
    first, second = forecast(api), forecast(api)
    page = _page(api, f"/budgets/new?forecast={first}&name=fy28")
    assert f'<option value="{first}" selected>' in page
    assert f'<option value="{second}">' in page
    assert 'value="fy28"' in page
    assert api.get(f"/budgets/new?forecast={NOBODY}").status_code == 404


def test_who_may_only_read_gets_a_sentence_instead_of_the_form(api: Api) -> None:
    page = _page(api.with_scopes("read"), "/budgets/new")
    assert "data-form" not in page
    assert "somebody with the scope write can put a forecast forward" in page


@pytest.mark.parametrize("path", [f"/budgets/{NOBODY}", "/budgets/nonsense"])
def test_a_budget_that_is_not_there_is_not_found(api: Api, path: str) -> None:
    assert api.get(path).status_code == 404


def test_a_strangers_budget_looks_as_if_it_were_not_there(api: Api, stranger: Api) -> None:
    made = draft(api, name=SCRIPT)
    assert SCRIPT not in _page(api, f"/budgets/{made['id']}")
    assert stranger.get(f"/budgets/{made['id']}").status_code == 404
    assert made["id"] not in _page(stranger, "/budgets")
    assert stranger.get(f"/budgets/new?forecast={made['forecast_id']}").status_code == 404
