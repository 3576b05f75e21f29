"""The page of a forecast: what it holds in each state, where its numbers open to, and what stays hidden."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.exports.registry import FORMATS
from service.store import claims
from tests.service.routes.api import MODEL, NOBODY, Api, fleet, workload

NASTY = "<script>alert(1)</script>"
TERMS = {"as_of": "2026-11-23", "horizon": {"first_month": "2027-01", "months": 12}, "draws": 512}


def _asked(api: Api, *workloads: dict[str, Any]) -> str:
    for one in workloads:
        assert api.post("/v1/workloads", json=one).status_code == 201
    forecast_id: str = api.post("/v1/forecasts", json=TERMS).json()["id"]
    return forecast_id


def _finished(api: Api, *workloads: dict[str, Any]) -> str:
    forecast_id = _asked(api, *workloads)
    api.work(forecast_id)
    return forecast_id


def _hosted(name: str = "chat") -> dict[str, Any]:
    """A workload on the fleet of these tests, compared with an API, whose waiting people count."""
    return workload(
        name,
        routes=[{"to": [{"fleet": "h100-pool", "share": 1.0}]}],
        compare_to={"model": MODEL},
        waiting={"loaded_hourly_rate": "95.00", "people_waiting_fraction": 0.5},
    )


def _hosting(api: Api, name: str = "chat") -> str:
    assert api.post("/v1/fleets", json=fleet(decoder={"preset": "mtp-1"})).status_code == 201
    return _finished(api, _hosted(name), workload("other"))


def _addresses(page: str) -> set[str]:
    """Everything that the page links to or loads from this service."""
    found = re.findall(r'(?:href|src|srcset|data-chart|data-sentences)="(/[^"]*)"', page)
    return {unescape(one) for one in found}


def test_a_finished_forecast_shows_its_figures_and_what_they_were_computed_from(api: Api) -> None:
    forecast_id = _finished(api, workload())
    document = api.get(f"/v1/forecasts/{forecast_id}").json()
    page = api.get(f"/forecasts/{forecast_id}")
    assert page.status_code == 200
    total = document["total"]
    for amount in (total["effective"]["mean"], total["effective"]["p90"], total["budget"]["amount"]):
        assert f"{Decimal(amount):,.2f}" in page.text
    for text in (document["inputs_sha256"], document["model_version"], "key test", "2026-11-23"):
        assert text in page.text


def test_every_address_on_the_page_of_a_forecast_leads_somewhere(api: Api) -> None:
    forecast_id = _hosting(api)
    page = api.get(f"/forecasts/{forecast_id}").text
    own = {one for one in _addresses(page) if forecast_id in one or one.startswith("/static")}
    pictures = {one for one in own if one.endswith(".json") or ".json?" in one}
    assert len(pictures) >= 6
    assert {one: code for one in own if (code := api.get(one).status_code) != 200} == {}


def test_every_export_is_on_the_page(api: Api) -> None:
    forecast_id = _finished(api, workload(gl_account="6420"))
    addresses = _addresses(api.get(f"/forecasts/{forecast_id}").text)
    assert {f"/v1/forecasts/{forecast_id}/export?format={name}" for name in FORMATS} <= addresses


def test_a_file_without_its_accounts_is_named_with_what_it_needs_and_linked_once_a_profile_says_it(api: Api) -> None:
    forecast_id = _finished(api, workload())
    bare = api.get(f"/forecasts/{forecast_id}").text
    assert "NetSuite budget import" in bare
    assert "POST /v1/export-profiles" in bare
    assert not [one for one in _addresses(bare) if "netsuite-budget" in one]
    assert api.post("/v1/export-profiles", json={"name": "erp", "accounts": {"": "6420"}}).status_code == 201
    assert api.post("/v1/export-profiles", json={"name": "other", "accounts": {"7": "8"}}).status_code == 201
    page = api.get(f"/forecasts/{forecast_id}").text
    [address] = [one for one in _addresses(page) if "netsuite-budget" in one]
    assert address.endswith("?format=netsuite-budget&profile=erp")
    assert api.get(address).status_code == 200
    assert "other does not say enough: accounts" in page


@pytest.mark.parametrize("by", ["workload", "provider", "kind", "cost_center"])
def test_months_are_shown_by_whatever_groups_them(api: Api, by: str) -> None:
    forecast_id = _finished(api, workload(cost_center="4110"), workload("other"))
    page = api.get(f"/forecasts/{forecast_id}", params={"by": by}).text
    assert f"/v1/forecasts/{forecast_id}/charts/months_by_{by}.svg" in page
    table = page.partition('id="groups"')[2].partition("<tfoot>")[0]
    named = {"workload": "other", "provider": MODEL.partition("/")[0], "kind": "Usage", "cost_center": "4110"}
    assert named[by] in table


def test_a_cell_of_the_groups_opens_to_the_lines_that_it_is_the_sum_of(api: Api) -> None:
    forecast_id = _finished(api, workload(cost_center="4110"), workload("other"))
    for by, chosen in (("workload", "other"), ("cost_center", "")):
        page = unescape(api.get(f"/forecasts/{forecast_id}", params={"by": by}).text)
        address = f"/forecasts/{forecast_id}/lines?month=2027-03&{by}={chosen}"
        shown = re.search(rf'<a href="{re.escape(address)}">([\d,]+)</a>', page)
        assert shown is not None
        lines = api.get(f"/v1/forecasts/{forecast_id}").json()["lines"]
        own = [one for one in lines if one["month"] == "2027-03" and (one[by] or "") == chosen]
        assert shown[1] == f"{sum(Decimal(one['effective']) for one in own):,.0f}"
        opened = api.get(address).text
        assert all(f'/forecasts/{forecast_id}/lines/{one["id"]}"' in opened for one in own)


def test_a_fleet_has_its_plan_break_even_decoder_and_waiting(api: Api) -> None:
    forecast_id = _hosting(api)
    page = api.get(f"/forecasts/{forecast_id}").text
    for section in ("fleets", "break-even", "outlooks", "sensitivity", "decoders", "groups"):
        assert f'id="{section}"' in page
    assert "The decoder of h100-pool" in page
    assert "in no total of the budget" in page
    assert "chat on h100-pool" in page


def test_a_mixture_of_outlooks_has_a_row_for_each_and_a_default_says_that_it_is_one(api: Api) -> None:
    assert "the default: nobody declared an outlook" in api.get(f"/forecasts/{_finished(api, workload())}").text
    mixed = [{"provider": NASTY, "outlook": "hold"}, {"outlook": "history"}]
    forecast_id = api.post("/v1/forecasts", json={**TERMS, "outlooks": mixed}).json()["id"]
    api.work(forecast_id)
    page = api.get(f"/forecasts/{forecast_id}").text
    assert "nobody declared" not in page
    assert NASTY not in page
    assert f"{NASTY}: hold" in unescape(page)
    assert "every provider: history" in page
    assert "jumps as often and as large" in page


def test_a_renewed_forecast_shows_the_bridge_from_the_one_before(api: Api) -> None:
    before = _finished(api, workload())
    after = api.post(f"/v1/forecasts/{before}/reforecast", json={}).json()["id"]
    api.work(after)
    page = unescape(api.get(f"/forecasts/{after}").text)
    assert f'href="/forecasts/{after}/bridge?from={before}"' in page
    assert f'src="/v1/forecasts/{after}/bridge/charts/bridge.svg?theme=light&from={before}"' in page
    assert 'id="bridge"' not in api.get(f"/forecasts/{before}").text


def test_a_warning_says_in_words_where_it_belongs_and_leads_there(api: Api) -> None:
    slow = workload(waiting={"loaded_hourly_rate": "95.00", "people_waiting_fraction": 0.5})
    forecast_id = _finished(api, slow)
    [stored] = api.get("/v1/workloads").json()["items"]
    page = api.get(f"/forecasts/{forecast_id}").text
    assert f'<a href="/workloads/{stored["id"]}">workload chat, waiting</a>' in page


def test_a_forecast_that_waits_shows_its_progress_and_can_be_cancelled(api: Api) -> None:
    forecast_id = _asked(api, workload())
    page = api.get(f"/forecasts/{forecast_id}")
    assert page.status_code == 200
    assert f'data-progress="/v1/forecasts/{forecast_id}/events"' in page.text
    assert f'data-send="POST /v1/forecasts/{forecast_id}/cancel"' in page.text
    assert api.post(f"/v1/forecasts/{forecast_id}/cancel").status_code == 200
    cancelled = api.get(f"/forecasts/{forecast_id}").text
    assert "Nothing was budgeted" in cancelled
    assert "data-progress" not in cancelled


def test_a_failed_forecast_says_what_is_wrong_where_and_what_to_do(api: Api) -> None:
    forecast_id = _asked(api, workload(NASTY))
    token, now = uuid4(), datetime.now(UTC)
    wrong = {"pointer": "/workloads/0/demand/base_month", "detail": "is after the horizon"}
    with api.database.system() as session:
        found = UUID(forecast_id)
        claims.claim(session, found, workspace_id=api.workspace_id, token=token, lease_seconds=9, now=now)
    with api.database.tenant(api.workspace_id) as session:
        problem = {"type": "/problems/invalid-input", "title": "Bad", "detail": "x", "status": 422, "errors": [wrong]}
        claims.fail(session, found, token=token, problem=problem, now=now)
    page = api.get(f"/forecasts/{forecast_id}").text
    assert NASTY not in page
    assert f"workload {NASTY}, demand, base month" in unescape(page)
    assert "is after the horizon" in page
    assert "Correct what is named below" in page


def test_a_script_in_a_name_is_text_on_the_page_of_a_forecast(api: Api) -> None:
    page = api.get(f"/forecasts/{_hosting(api, NASTY)}")
    assert page.status_code == 200
    assert NASTY not in page.text
    assert "&lt;script&gt;alert(1)" in page.text


def test_who_may_only_read_finds_nothing_to_change(api: Api) -> None:
    forecast_id = _finished(api, workload())
    page = api.with_scopes("read").get(f"/forecasts/{forecast_id}").text
    assert "data-send" not in page
    assert "data-form" not in page
    assert "data-replay" not in page
    assert f"/v1/forecasts/{forecast_id}/export" in page


def test_a_draft_of_a_budget_can_be_made_with_the_names_that_there_are(api: Api) -> None:
    forecast_id = _finished(api, workload())
    assert api.post("/v1/budgets", json={"name": "FY27", "forecast_id": forecast_id}).status_code == 201
    page = api.get(f"/forecasts/{forecast_id}").text
    assert 'data-form="POST /v1/budgets" data-then="/budgets/{id}"' in page
    assert f'name="/forecast_id" data-kind="text" value="{forecast_id}"' in page
    assert '<option value="FY27">' in page


def test_a_foreign_or_unknown_forecast_is_not_there(api: Api, stranger: Api) -> None:
    forecast_id = _finished(api, workload())
    assert stranger.get(f"/forecasts/{forecast_id}").status_code == 404
    for unknown in (NOBODY, "none"):
        assert api.get(f"/forecasts/{unknown}").status_code == 404


@pytest.mark.parametrize("query", ["by=colour", "fleet=none", "by=kind&by=kind", "more=1"])
def test_a_choice_that_there_is_not_is_refused(api: Api, query: str) -> None:
    assert api.get(f"/forecasts/{_finished(api, workload())}?{query}").status_code == 400
