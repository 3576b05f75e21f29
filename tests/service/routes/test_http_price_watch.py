"""Whichever way a price comes in, a change of what is in use is watched, and nothing else is."""

import pytest
from sqlalchemy import text

from tests.service.routes.api import MODEL, Api, fleet, price, workload

DEARER = {"provider": "deepseek", "model": "deepseek-v4-pro", "rate": "9.00", "effective_from": "2027-01-01T00:00:00Z"}


def watched(api: Api) -> list[tuple[str, str, str]]:
    with api.database.tenant(api.workspace_id) as session:
        rows = session.execute(text("SELECT provider, model, meter FROM price_watches ORDER BY id"))
        return [tuple(row) for row in rows]  # type: ignore[misc]  # three columns of text


@pytest.fixture
def using(api: Api) -> Api:
    """A workspace with a stored workload on the model."""
    assert api.post("/v1/workloads", json=workload()).status_code == 201
    return api


def test_a_posted_price_of_a_model_in_use_is_watched(using: Api) -> None:
    assert using.post("/v1/prices", json=price(**DEARER)).status_code == 201
    assert using.post("/v1/prices", json=price(**DEARER)).status_code == 200
    assert watched(using) == [("deepseek", "deepseek-v4-pro", "output")]


def test_of_a_bulk_only_what_is_in_use_is_watched(using: Api) -> None:
    rows = [price(), price(**DEARER), price(**{**DEARER, "meter": "input"})]
    assert using.post("/v1/prices", json=rows).status_code == 201
    assert watched(using) == [("deepseek", "deepseek-v4-pro", meter) for meter in ("input", "output")]


def test_a_price_that_a_plan_brings_is_watched(using: Api) -> None:
    plan = {"name": "estate", "workloads": [workload()], "prices": [price(**DEARER)]}
    assert using.post("/v1/plans", json=plan).status_code == 201
    assert watched(using) == [("deepseek", "deepseek-v4-pro", "output")]


def test_a_proposal_is_watched_once_it_is_accepted(api: Api) -> None:
    routes = [{"to": [{"model": "openai/gpt-6-sol", "share": 1.0}]}]
    assert api.post("/v1/workloads", json=workload(routes=routes)).status_code == 201
    catalogue = {"gpt-6-sol": {"litellm_provider": "openai", "output_cost_per_token": 9e-05}}
    imported = api.post("/v1/prices/imports?format=litellm", json=catalogue)
    assert imported.json()["proposed"] == 1, imported.text
    assert watched(api) == []
    named = {"provider": "openai", "model": "gpt-6-sol"}
    assert api.post("/v1/prices/proposals/accept", json=named).status_code == 200
    assert watched(api) == [("openai", "gpt-6-sol", "output")]


def test_what_a_fleet_overflows_to_is_in_use(api: Api) -> None:
    assert api.post("/v1/fleets", json=fleet(overflow_to={"model": MODEL})).status_code == 201
    assert api.post("/v1/prices", json=price(**DEARER)).status_code == 201
    assert len(watched(api)) == 1


def test_the_workload_of_another_workspace_watches_nothing_here(using: Api, stranger: Api) -> None:
    assert stranger.post("/v1/prices", json=price(**DEARER)).status_code == 201
    assert watched(stranger) == []
    assert watched(using) == []
