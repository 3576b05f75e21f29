"""The pages that say where numbers come from: lines, their traces, bridges."""

import re
from decimal import Decimal
from html import unescape
from urllib.parse import urlencode

import pytest

from tests.service.routes.api import MODEL, NOBODY, Api, fleet, workload

NASTY = "<script>alert(1)</script>"


def _forecast(api: Api, name: str = "chat", requests: int = 1000) -> str:
    """A finished forecast of one workload with this name."""
    stored = api.get("/v1/workloads", params={"name": name}).json()["items"]
    body = workload(name)
    body["demand"]["requests_per_month"] = requests
    if stored:
        address = f"/v1/workloads/{stored[0]['id']}"
        assert api("PUT", address, json=body, headers={"If-Match": "*"}).status_code == 200
    else:
        assert api.post("/v1/workloads", json=body).status_code == 201
    terms = {"as_of": "2026-11-23", "horizon": {"first_month": "2027-01", "months": 12}, "draws": 512}
    forecast_id: str = api.post("/v1/forecasts", json=terms).json()["id"]
    api.work(forecast_id)
    return forecast_id


def test_lines_are_listed_with_their_sum_and_open_to_their_inputs(api: Api) -> None:
    forecast_id = _forecast(api)
    page = api.get(f"/forecasts/{forecast_id}/lines", params={"month": "2027-03", "meter": "output"})
    assert page.status_code == 200
    [line] = re.findall(rf"/forecasts/{forecast_id}/lines/(\d+)", page.text)
    trace = api.get(f"/v1/forecasts/{forecast_id}/lines/{line}").json()
    assert f"${Decimal(trace['line']['effective']):,.2f}" in page.text
    opened = api.get(f"/forecasts/{forecast_id}/lines/{line}")
    assert opened.status_code == 200
    for shown in (trace["prices"][0]["pointer"], trace["method"]["formula"], trace["forecast"]["inputs_sha256"]):
        assert shown in unescape(opened.text)


def _line(api: Api, forecast_id: str, **wanted: str) -> str:
    """The page of the first line that has these values."""
    lines = api.get(f"/v1/forecasts/{forecast_id}").json()["lines"]
    found = next(one for one in lines if all(one[name] == value for name, value in wanted.items()))
    page = api.get(f"/forecasts/{forecast_id}/lines/{found['id']}")
    assert page.status_code == 200
    return page.text


def test_a_line_leads_to_its_model_and_its_workload_for_as_long_as_that_is_there(api: Api) -> None:
    forecast_id = _forecast(api)
    [stored] = api.get("/v1/workloads").json()["items"]
    page = _line(api, forecast_id, meter="output")
    prices = f"/prices/model?{urlencode({'model': MODEL})}"
    assert f'<a href="/workloads/{stored["id"]}">chat</a>' in page
    assert page.count(f'<a href="{prices}">{MODEL}</a>') >= 2
    assert re.search(r"<small[^>]*>/prices/\d+ of the frozen inputs</small>", page)
    assert "a negotiated rate before a list price" in page
    assert api.get(prices).status_code == 200
    assert api("DELETE", f"/v1/workloads/{stored['id']}", headers={"If-Match": "*"}).status_code == 204
    assert f'href="/workloads/{stored["id"]}"' not in _line(api, forecast_id, meter="output")


def test_a_line_of_a_fleet_leads_to_it(api: Api) -> None:
    stored = api.post("/v1/fleets", json=fleet()).json()["id"]
    assert api.post("/v1/workloads", json=workload(routes=[{"to": [{"fleet": "h100-pool", "share": 1.0}]}])).is_success
    forecast_id = api.post("/v1/forecasts", json={"horizon": {"first_month": "2027-01", "months": 2}}).json()["id"]
    api.work(forecast_id)
    page = _line(api, forecast_id, kind="rental")
    assert f'<a href="/fleets/{stored}">fleet:h100-pool</a>' in page
    assert "A workload bears its part of the node-hours" in page


def test_a_line_of_what_only_a_plan_declares_leads_nowhere_else(api: Api) -> None:
    price = {
        "provider": "own",
        "model": "one",
        "rate": "1",
        "currency": "USD",
        "effective_from": "2026-01-01T00:00:00Z",
    }
    rows = [{**price, "meter": meter} for meter in ("input", "output")]
    usage = {"workload": "chat", "route": "own/one", "meter": "output", "quantity": "10", "billed": "4"}
    chat = workload(routes=[{"to": [{"model": "own/one", "share": 1.0}]}])
    plan = {
        "as_of": "2027-02-10",
        "horizon": {"first_month": "2027-01", "months": 2},
        "workloads": [chat],
        "prices": rows,
        "actuals": [{**usage, "month": "2027-01", "currency": "USD"}],
    }
    forecast_id = api.post("/v1/forecasts", json={"plan": plan}).json()["id"]
    api.work(forecast_id)
    page = _line(api, forecast_id, kind="usage")
    assert "own/one" in page
    assert "/prices/model" not in page
    assert 'href="/workloads/' not in page
    recorded = _line(api, forecast_id, kind="actual")
    assert "recorded cost" in recorded
    assert "nothing was forecast for it" in recorded


def test_a_condition_that_no_line_meets_is_an_empty_page_and_no_error(api: Api) -> None:
    page = api.get(f"/forecasts/{_forecast(api)}/lines", params={"workload": "no such"})
    assert page.status_code == 200
    assert "No line of this forecast is like that." in page.text


def test_a_script_in_a_name_is_text_on_every_page(api: Api) -> None:
    forecast_id = _forecast(api, NASTY)
    for path in ("lines", "lines/0", f"bridge?from={_forecast(api, NASTY, 2000)}"):
        page = api.get(f"/forecasts/{forecast_id}/{path}")
        assert page.status_code == 200
        assert "&lt;script&gt;alert(1)" in page.text
        assert NASTY not in page.text


def test_a_bridge_shows_parts_that_add_up_and_its_picture(api: Api) -> None:
    before, after = _forecast(api, requests=1000), _forecast(api, requests=3000)
    page = api.get(f"/forecasts/{after}/bridge", params={"from": before})
    bridge = api.get(f"/v1/forecasts/{after}/bridge", params={"from": before}).json()
    assert page.status_code == 200
    assert f"/v1/forecasts/{after}/bridge/charts/bridge.svg" in page.text
    for sentence in bridge["sentences"]:
        assert sentence["text"] in page.text
    assert f"{Decimal(bridge['after']['effective']):,.2f}" in page.text


def test_a_forecast_that_renews_no_other_lets_the_reader_choose(api: Api) -> None:
    page = api.get(f"/forecasts/{_forecast(api)}/bridge")
    assert page.status_code == 200
    assert "There is no other finished forecast" in page.text


@pytest.mark.parametrize("path", ["lines", "lines/0", "lines/x", "bridge"])
def test_what_is_anothers_is_not_there(api: Api, stranger: Api, path: str) -> None:
    forecast_id = _forecast(api)
    assert stranger.get(f"/forecasts/{forecast_id}/{path}").status_code == 404
    assert api.get(f"/forecasts/{NOBODY}/{path}").status_code == 404


def test_another_workspaces_forecast_cannot_be_bridged_from(api: Api, stranger: Api) -> None:
    mine, theirs = _forecast(api), _forecast(stranger)
    assert api.get(f"/forecasts/{mine}/bridge", params={"from": theirs}).status_code == 404


def test_the_first_page_of_an_empty_workspace_says_what_to_do(api: Api) -> None:
    page = api.get("/")
    assert page.status_code == 200
    assert "/workloads/new" in page.text
    assert "No forecast has been asked for" in page.text


def test_the_first_page_shows_how_an_approved_budget_stands(api: Api) -> None:
    assert api.post("/v1/fleets", json=fleet()).status_code == 201
    forecast_id = _forecast(api)
    budget = api.post("/v1/budgets", json={"name": "fy27", "forecast_id": forecast_id}).json()
    for step in ("submit", "approve"):
        moved = api.post(f"/v1/budgets/{budget['id']}/{step}", json={"reason": "fine"}, headers={"If-Match": "*"})
        assert moved.status_code == 200
    _forecast(api, requests=900_000)
    page = api.get("/")
    assert "The estimate exceeds the budget by" in page.text
    assert f"/budgets/{budget['id']}" in page.text


def test_pages_load_nothing_from_anywhere_and_say_so_to_the_browser(api: Api) -> None:
    page = api.get("/")
    policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    addresses = re.findall(r"(?:src|href|action|srcset)=\"([^\"]+)", page.text)
    assert addresses
    assert all(address.startswith(("/", "#")) and not address.startswith("//") for address in addresses)
    assert not re.findall(r"<style|style=|<script(?![^>]*src=)|\son\w+=", page.text)


def test_static_files_keep_for_ever_under_their_version_and_come_compressed(api: Api) -> None:
    [address] = set(re.findall(r"/static/\w+/console\.css", api.get("/").text))
    found = api.get(address)
    assert found.headers["content-encoding"] == "gzip"
    assert "immutable" in found.headers["cache-control"]
    assert ":root" in found.text
    older = api.get("/static/0000/console.css")
    assert older.headers["cache-control"] == "no-store"
    assert api.get("/static/0000/secrets.py").status_code == 404
