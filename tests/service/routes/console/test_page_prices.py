"""The pages of the price book: every model with what it costs now, its history, and what catalogues propose."""

import re

from tests.service.routes.api import MODEL, Api, price, workload

NASTY = "<img src=x onerror=alert(1)>"


def test_models_are_listed_page_by_page_with_the_rates_in_force(api: Api) -> None:
    seen: list[str] = []
    address = "/prices?limit=40"
    while address:
        page = api.get(address)
        assert page.status_code == 200
        seen += re.findall(r'/prices/model\?model=([^"]+)"', page.text)
        found = re.search(r'href="(/prices\?[^"]*cursor=[^"]+)"', page.text)
        address = f"{found[1].replace('&amp;', '&')}&limit=40" if found else ""
    assert len(seen) == len(set(seen)) > 80
    assert MODEL.replace("/", "/") in [name.replace("%2F", "/") for name in seen]


def test_a_search_finds_by_provider_or_model_and_takes_wildcards_as_text(api: Api) -> None:
    assert "deepseek-v4-pro" in api.get("/prices", params={"search": "V4-PRO"}).text
    assert "No price is of such a provider" in api.get("/prices", params={"search": "%_%"}).text


def test_an_own_price_is_shown_in_the_place_of_the_packaged_one(api: Api) -> None:
    own = price(rate="7.125", status="negotiated", source=NASTY)
    assert api.post("/v1/prices", json=own).status_code == 201
    page = api.get("/prices", params={"search": own["model"]})
    assert "7.125" in page.text
    opened = api.get("/prices/model", params={"model": f"{own['provider']}/{own['model']}"})
    assert opened.status_code == 200
    assert "&lt;img src=x" in opened.text
    assert NASTY not in opened.text


def test_a_models_page_has_its_picture_and_marks_what_is_in_force(api: Api) -> None:
    page = api.get("/prices/model", params={"model": MODEL, "outlook": "hold"})
    assert page.status_code == 200
    assert "/v1/prices/history/charts/history.svg" in page.text
    assert "in force" in page.text


def test_an_unknown_model_is_not_there(api: Api) -> None:
    assert api.get("/prices/model", params={"model": "acme/none"}).status_code == 404


def test_a_finished_forecast_leads_to_the_briefs_of_its_providers(api: Api) -> None:
    made = api.post("/v1/workloads", json=workload(forecast={})).json()
    api.work(made["forecast"]["id"])
    [address] = re.findall(r'href="(/v1/forecasts/[^"]+/negotiation/[^"]+)"', api.get("/prices").text)
    assert api.get(address).status_code == 200


def test_nothing_proposed_is_said_and_what_is_proposed_can_be_decided(api: Api) -> None:
    assert "No proposal is open" in api.get("/prices/proposals").text
    listing = {"acme/swift": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6, "litellm_provider": "acme"}}
    imported = api.post("/v1/prices/imports?format=litellm", json=listing)
    assert imported.status_code == 200, imported.text
    page = api.get("/prices/proposals")
    assert "POST /v1/prices/proposals/accept" in page.text
    assert "POST /v1/prices/proposals/accept" not in api.with_scopes("read").get("/prices/proposals").text
