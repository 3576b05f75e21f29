"""The pages of workloads and fleets: lists, forms, migration plan and prices."""

import re
from decimal import Decimal

import pytest

from tests.service.routes.api import MODEL, NOBODY, Api, fleet, workload

NASTY = "<script>alert(1)</script>"
KINDS = ["workloads", "fleets"]


def declare(api: Api, kind: str, name: str) -> str:
    sent = workload(name) if kind == "workloads" else fleet(name)
    made = api.post(f"/v1/{kind}", json=sent)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_list_says_what_to_do_to_whoever_may(api: Api, kind: str) -> None:
    page = api.get(f"/{kind}")
    assert page.status_code == 200
    assert f'href="/{kind}/new"' in page.text
    assert f'href="/{kind}/new"' not in api.with_scopes("read").get(f"/{kind}").text


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_goes_on_page_by_page_and_keeps_the_part_of_a_name(api: Api, kind: str) -> None:
    for index in range(3):
        declare(api, kind, f"pool & {index}")
    declare(api, kind, "other")
    first = api.get(f"/{kind}", params={"name": "POOL &", "limit": 2}).text
    assert "pool &amp; 0" in first
    assert "other" not in first
    [following] = re.findall(rf'href="(/{kind}\?[^"]*cursor=[^"]+)"', first)
    second = api.get(following.replace("&amp;", "&")).text
    assert "pool &amp; 2" in second
    assert "other" not in second


@pytest.mark.parametrize("kind", KINDS)
def test_a_part_of_a_name_is_text_and_no_pattern(api: Api, kind: str) -> None:
    declare(api, kind, "plain")
    page = api.get(f"/{kind}", params={"name": "%"})
    assert "plain" not in page.text
    assert f'href="/{kind}"' in page.text


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_plan_declared_says_which_plan_overwrites_it(api: Api, kind: str) -> None:
    single = declare(api, kind, "single")
    plan = {"name": "estate & co", "workloads": [workload("planned")], "fleets": [fleet("planned")]}
    assert api.post("/v1/plans", json=plan).status_code == 201
    [planned] = [one["id"] for one in api.get(f"/v1/{kind}").json()["items"] if one["name"] == "planned"]
    said = "declared by the plan estate &amp; co: your changes here are overwritten when that is applied again"
    assert said in api.get(f"/{kind}/{planned}").text
    assert "overwritten" not in api.get(f"/{kind}/{single}").text


@pytest.mark.parametrize("kind", KINDS)
def test_a_script_in_a_name_is_text_everywhere(api: Api, kind: str) -> None:
    one = declare(api, kind, NASTY)
    for path in (f"/{kind}", f"/{kind}/{one}"):
        page = api.get(path)
        assert page.status_code == 200
        assert NASTY not in page.text
        assert "&lt;script&gt;" in page.text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("path", [NOBODY, "no-id", "%00"])
def test_what_is_not_there_is_not_found(api: Api, kind: str, path: str) -> None:
    assert api.get(f"/{kind}/{path}").status_code == 404


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_anothers_is_neither_listed_nor_found(api: Api, stranger: Api, kind: str) -> None:
    one = declare(api, kind, "mine alone")
    assert stranger.get(f"/{kind}/{one}").status_code == 404
    assert "mine alone" not in stranger.get(f"/{kind}").text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("query", ["limit=0", "cursor=x", "nam=x", "name=" + "x" * 201, "name=a&name=b"])
def test_a_list_refuses_parameters_that_make_no_sense(api: Api, kind: str, query: str) -> None:
    assert api.get(f"/{kind}?{query}").status_code == 400


@pytest.mark.parametrize("kind", KINDS)
def test_a_form_is_filled_and_saved_under_the_version_that_was_read(api: Api, kind: str) -> None:
    one = declare(api, kind, "chat")
    page = api.get(f"/{kind}/{one}").text
    assert f'data-form="PUT /v1/{kind}/{one}" data-version="1"' in page
    assert f'data-send="DELETE /v1/{kind}/{one}" data-version="1"' in page
    assert re.search(r'name="/name"[^>]*value="chat"', page)


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_only_read_can_try_and_not_save(api: Api, kind: str) -> None:
    one = declare(api, kind, "chat")
    reader = api.with_scopes("read")
    for path in (f"/{kind}/new", f"/{kind}/{one}"):
        page = reader.get(path)
        assert page.status_code == 200
        assert "data-preview" in page.text
        assert 'class="primary"' not in page.text
        assert "data-send" not in page.text


def test_a_workload_shows_its_migration_plan_with_what_its_last_forecast_says_of_it(api: Api) -> None:
    assert api.post("/v1/fleets", json=fleet()).status_code == 201
    routes = [
        {"to": [{"model": MODEL, "share": 1.0}]},
        {"from": "2027-03", "to": [{"fleet": "h100-pool", "share": 1.0}]},
    ]
    one = api.post("/v1/workloads", json=workload(routes=routes)).json()["id"]
    before = api.get(f"/workloads/{one}").text
    assert "No forecast has this workload yet" in before
    assert "100 % to the fleet" in before
    terms = {"workloads": ["chat"], "as_of": "2026-11-23", "horizon": {"first_month": "2027-01", "months": 12}}
    forecast = api.post("/v1/forecasts", json=terms).json()["id"]
    api.work(forecast)
    after = api.get(f"/workloads/{one}").text
    assert f'href="/forecasts/{forecast}"' in after
    lines = api.get(f"/v1/forecasts/{forecast}").json()["lines"]
    for month in ("2027-02", "2027-03"):
        own = [Decimal(line["effective"]) for line in lines if (line["workload"], line["month"]) == ("chat", month)]
        assert f"${sum(own):,.2f}" in after


def test_a_workload_shows_the_prices_of_its_models_with_their_history(api: Api) -> None:
    one = declare(api, "workloads", "chat")
    page = api.get(f"/workloads/{one}").text
    assert f"/v1/prices/history/charts/history.svg?theme=light&amp;model={MODEL}&amp;service_tier=standard" in page
    assert f'href="/prices/model?model={MODEL}&amp;service_tier=standard"' in page
    assert "Prices of its models" in page


def test_a_workload_on_fleets_alone_has_no_prices_to_show(api: Api) -> None:
    assert api.post("/v1/fleets", json=fleet()).status_code == 201
    sent = workload(routes=[{"to": [{"fleet": "h100-pool", "share": 1.0}]}])
    one = api.post("/v1/workloads", json=sent).json()["id"]
    assert "Prices of its models" not in api.get(f"/workloads/{one}").text


def test_a_fleet_shows_the_workloads_that_are_routed_to_it(api: Api) -> None:
    one = declare(api, "fleets", "h100-pool")
    assert 'data-send="POST /v1/forecasts"' not in api.get(f"/fleets/{one}").text
    routes = [{"to": [{"fleet": "h100-pool", "share": 1.0}]}]
    routed = api.post("/v1/workloads", json=workload("on it", routes=routes)).json()["id"]
    page = api.get(f"/fleets/{one}").text
    assert f'href="/workloads/{routed}"' in page
    assert "POST /v1/forecasts" in page


def test_a_new_form_suggests_the_names_that_there_are(api: Api) -> None:
    declare(api, "fleets", "h100-pool")
    page = api.get("/workloads/new").text
    assert '<option value="h100-pool">' in page
    assert f'<option value="{MODEL}">' in page
