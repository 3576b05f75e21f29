"""Files of prices: taken whole or not at all, and catalogues as proposals that somebody decides about."""

import json
from typing import Any

import httpx
import pytest

from tests.service.routes.api import Api, pointers, price, slug

IMPORTS = "/v1/prices/imports"
HEADER = "provider,model,meter,rate,effective_from,recorded_at,service_tier"
ROW = "acme,acme-1,output,2.50,2026-01-01T00:00:00Z,2026-01-01T00:00:00Z,"


def send(api: Api, content: object, format_: str, *, dry_run: bool = False) -> httpx.Response:
    body = content if isinstance(content, (str, bytes)) else json.dumps(content)
    return api.post(f"{IMPORTS}?format={format_}&dry_run={str(dry_run).lower()}", content=body)


def litellm(**fields: Any) -> dict[str, Any]:
    entry = {"litellm_provider": "deepseek", "mode": "chat", "max_tokens": 8192, "supports_vision": True}
    return {"sample_spec": {"litellm_provider": "one of ..."}, "deepseek/acme-1": entry | fields}


def proposals(api: Api, query: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = api.get(f"/v1/prices/proposals?limit=200{query}").json()["items"]
    return items


def test_a_csv_file_becomes_rows_of_the_book(api: Api) -> None:
    file = "\ufeff" + "\r\n".join([HEADER, ROW, ROW.replace("output", "input") + "batch", ""])
    assert send(api, file, "csv").json()["stored"] == {"inserted": 2, "duplicates": 0}
    rows = api.get("/v1/prices?provider=acme").json()["items"]
    assert [(row["meter"], row["service_tier"], row["rate"]) for row in rows] == [
        ("output", "standard", "2.50"),
        ("input", "batch", "2.50"),
    ]
    again = send(api, file, "csv").json()
    assert (again["stored"], again["counts"]["unchanged"]) == ({"inserted": 0, "duplicates": 2}, 2)


def test_a_dry_run_shows_the_difference_and_stores_nothing(api: Api) -> None:
    assert api.post("/v1/prices", json=price()).status_code == 201
    sent = [
        price(),
        price(rate="3.00", recorded_at="2026-05-01T00:00:00Z"),
        price(meter="input", rate="1.00"),
    ]
    answer = send(api, sent, "json", dry_run=True).json()
    assert answer["counts"] == {"new": 1, "changed": 1, "unchanged": 1, "left_out": 0}
    changed, new = answer["changes"]
    assert (changed["pointer"], changed["change"], changed["rate"], changed["current"]["rate"]) == (
        "/1",
        "changed",
        "3.00",
        "2.50",
    )
    assert (new["pointer"], new["change"], new["current"]) == ("/2", "new", None)
    assert (answer["stored"], answer["proposed"]) == (None, None)
    assert len(api.get("/v1/prices?provider=acme").json()["items"]) == 1


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        (f"{HEADER}\n{ROW}\n{ROW.replace('2.50', 'two')}\n{ROW.replace('output', 'weight')}x\n",
         ["/1/rate", "/2/meter", "/2/service_tier"]),
        (f"{HEADER}\n{ROW.replace('2.50', '-1')}\n{ROW.replace('T00:00:00Z', '', 1)}\n",
         ["/0/rate", "/1/effective_from"]),
        (f"{HEADER}\n{ROW}\nacme,acme-1\n", ["/1"]),
        (f"{HEADER.replace('rate', 'rates')}\n{ROW}\n", ["/header/rates", "/header/rate"]),
        (f"{HEADER}\n", [""]),
        ("", [f"/header/{name}" for name in ("provider", "model", "meter", "rate", "effective_from")]),
        (b"\xff\xfe", [""]),
        (f'{HEADER}\n"{ROW}\n', [""]),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_whole_with_every_cell_named(api: Api, file: str | bytes, expected: list[str]) -> None:
    refused = send(api, file, "csv")
    assert (refused.status_code, pointers(refused)) == (422, expected)
    assert api.get("/v1/prices?provider=acme").json()["items"] == []


def test_a_catalogue_is_proposed_and_changes_nothing_by_itself(api: Api) -> None:
    """Per token there, per million here; fields that price nothing we count are told and left."""
    entry = litellm(
        input_cost_per_token=1.25e-06,
        output_cost_per_token=1e-05,
        input_cost_per_token_above_200k_tokens=2.5e-06,
        output_cost_per_token_batches=5e-06,
        cache_creation_input_token_cost_above_1hr=2.5e-06,
        input_cost_per_request=0.005,
        output_cost_per_pixel=0.0,
    )
    answer = send(api, entry, "litellm").json()
    assert answer["counts"] == {"new": 6, "changed": 0, "unchanged": 0, "left_out": 1}
    assert answer["left_out"][0]["pointer"] == "/deepseek~1acme-1/output_cost_per_pixel"
    assert answer["proposed"] == 6
    assert api.get("/v1/prices?model=acme-1").json()["items"] == []
    conditions = ("meter", "service_tier", "prompt_tokens_from", "rate", "per_tokens")
    found = {tuple(one[name] for name in conditions) for one in proposals(api)}
    assert {(*one[:3], float(one[3]), one[4]) for one in found} == {
        ("input", "standard", 0, 1.25, 1_000_000),
        ("output", "standard", 0, 10.0, 1_000_000),
        ("input", "standard", 200_001, 2.5, 1_000_000),
        ("output", "batch", 0, 5.0, 1_000_000),
        ("cache_write_1h", "standard", 0, 2.5, 1_000_000),
        ("request", "standard", 0, 0.005, 1),
    }


def test_an_accepted_proposal_becomes_a_row_and_a_rejected_one_does_not_come_back(api: Api) -> None:
    entry = litellm(input_cost_per_token=1e-06, output_cost_per_token=2e-06)
    send(api, entry, "litellm")
    by_meter = {one["meter"]: one["id"] for one in proposals(api, "&status=open")}
    rejected = api.post("/v1/prices/proposals/reject", json={"ids": [by_meter["input"]]})
    assert rejected.json() == {"decided": 1, "inserted": 0}
    accepted = api.post("/v1/prices/proposals/accept", json={"provider": "deepseek", "model": "acme-1"})
    assert accepted.json() == {"decided": 1, "inserted": 1}
    [row] = api.get("/v1/prices?model=acme-1").json()["items"]
    assert (row["meter"], float(row["rate"]), row["source"], row["date_basis"]) == (
        "output",
        2.0,
        "litellm",
        "observed",
    )
    again = send(api, entry, "litellm").json()
    assert (again["counts"]["unchanged"], again["proposed"]) == (1, 0)
    assert {one["meter"]: one["status"] for one in proposals(api)} == {"input": "rejected", "output": "accepted"}


def test_a_catalogue_that_changed_its_mind_replaces_what_it_proposed(api: Api) -> None:
    send(api, litellm(output_cost_per_token=2e-06), "litellm")
    assert send(api, litellm(output_cost_per_token=2e-06), "litellm").json()["proposed"] == 0
    assert send(api, litellm(output_cost_per_token=3e-06), "litellm").json()["proposed"] == 1
    assert [(float(one["rate"]), one["status"]) for one in proposals(api)] == [(2.0, "superseded"), (3.0, "open")]


def test_a_price_that_the_book_has_by_the_hour_is_left_alone(api: Api) -> None:
    """V4-Flash has peak and off-peak prices: one price for all hours would end both."""
    entry = {"deepseek-v4-flash": {"litellm_provider": "deepseek", "output_cost_per_token": 6e-07}}
    answer = send(api, entry, "litellm", dry_run=True).json()
    assert answer["counts"] == {"new": 0, "changed": 0, "unchanged": 0, "left_out": 1}
    assert "peak and off-peak" in answer["left_out"][0]["why"]


def test_models_dev_and_genai_prices_are_read_in_their_own_words(api: Api) -> None:
    models_dev = {"acme": {"id": "acme", "models": {"acme-1": {"id": "acme-1", "cost": {
        "input": 1.5, "output": 6, "cache_read": 0.15, "context_over_200k": {"input": 3}}}}}}  # fmt: skip
    assert send(api, models_dev, "models.dev").json()["proposed"] == 4
    genai = [{"id": "x-ai", "models": [{"id": "acme-2", "prices": [
        {"prices": {"input_mtok": 2}},
        {"constraint": {"start_date": "2026-02-01"}, "prices": {
            "input_mtok": {"base": 1, "tiers": [{"start": 200000, "price": 2}]}, "requests_kcount": 12}},
        {"constraint": {"start_date": "2999-01-01"}, "prices": {"input_mtok": 0.5}},
        {"constraint": {"start_time": "01:00:00Z", "end_time": "04:00:00Z"}, "prices": {"input_mtok": 9}},
    ]}]}]  # fmt: skip
    answer = send(api, genai, "genai-prices").json()
    assert (answer["proposed"], answer["counts"]["left_out"]) == (4, 1)
    found = {
        (one["meter"], one["prompt_tokens_from"], float(one["rate"]), one["per_tokens"], one["effective_from"])
        for one in proposals(api, "&model=acme-2&provider=xai")
    }
    assert found == {
        ("input", 0, 1.0, 1_000_000, "2026-02-01T00:00:00Z"),
        ("input", 200_001, 2.0, 1_000_000, "2026-02-01T00:00:00Z"),
        ("request", 0, 12.0, 1000, "2026-02-01T00:00:00Z"),
        ("input", 0, 0.5, 1_000_000, "2999-01-01T00:00:00Z"),
    }


def test_the_installed_catalogue_is_compared_with_the_book(api: Api) -> None:
    answer = send(api, b"", "genai-prices", dry_run=True).json()
    assert answer["counts"]["unchanged"] > 100
    assert answer["counts"]["new"] > 1000
    assert all(change["change"] != "unchanged" for change in answer["changes"])


@pytest.mark.parametrize(
    ("document", "format_", "expected"),
    [
        (litellm(output_cost_per_token=-1), "litellm", ["/deepseek~1acme-1/output_cost_per_token"]),
        ({"a": {"output_cost_per_token": 1}, "b": []}, "litellm", ["/a/litellm_provider", "/b"]),
        ({"acme": {"models": {"m": {"cost": {"input": "1"}}}}, "b": {}}, "models.dev",
         ["/acme/models/m/cost/input", "/b/models"]),
        ([{"models": []}, {"id": "a", "models": [{"prices": {}}]}], "genai-prices", ["/0/id", "/1/models/0/id"]),
        ([], "models.dev", [""]),
        (5, "litellm", [""]),
        ([price(), price(rate=None)], "json", ["/1/rate"]),
    ],
)  # fmt: skip
def test_a_half_broken_catalogue_proposes_nothing(
    api: Api, document: object, format_: str, expected: list[str]
) -> None:
    refused = send(api, document, format_)
    assert (refused.status_code, pointers(refused)) == (422, expected)
    assert proposals(api) == []


def test_what_is_no_json_is_no_catalogue(api: Api) -> None:
    for format_ in ("litellm", "models.dev", "json"):
        assert slug(send(api, "{", format_)) == "invalid-json"
    assert send(api, "{}", "xml").status_code == 400


def test_a_decision_is_made_about_open_proposals_of_one_s_own_alone(api: Api, stranger: Api) -> None:
    send(api, litellm(output_cost_per_token=2e-06), "litellm")
    [one] = proposals(api)
    for wrong, expected in (
        ({}, ["/ids"]),
        ({"provider": "deepseek"}, ["/model"]),
        ({"ids": [one["id"]], "model": "acme-1"}, ["/ids", "/provider"]),
        ({"provider": "deepseek", "model": "other"}, ["/model"]),
    ):
        refused = api.post("/v1/prices/proposals/accept", json=wrong)
        assert (refused.status_code, pointers(refused)) == (422, expected)
    theirs = stranger.post("/v1/prices/proposals/accept", json={"ids": [one["id"]]})
    assert (theirs.status_code, pointers(theirs)) == (422, ["/ids/0"])
    assert api.post("/v1/prices/proposals/accept", json={"ids": [one["id"]]}).status_code == 200
    twice = api.post("/v1/prices/proposals/accept", json={"ids": [one["id"]]})
    assert (twice.status_code, pointers(twice)) == (422, ["/ids/0"])


def test_deciding_needs_the_right_to_write(api: Api) -> None:
    reader = api.with_scopes("read")
    assert reader.get("/v1/prices/proposals").status_code == 200
    for path in (f"{IMPORTS}?format=csv", "/v1/prices/proposals/accept", "/v1/prices/proposals/reject"):
        assert reader.post(path, json={}).status_code == 403
