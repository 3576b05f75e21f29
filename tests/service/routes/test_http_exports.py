"""Exports of a finished forecast over HTTP."""

import csv
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from service.exports.registry import FORMATS
from tests.service.routes.api import NOBODY, Api, fleet, pointers, slug, workload


@pytest.fixture
def finished(api: Api) -> str:
    """The address of a finished forecast of one fleet and one API route."""
    plan = {
        "horizon": {"first_month": "2027-01", "months": 2},
        "fleets": [fleet(cost_center="4200", gl_accounts={"rental": "6420"})],
        "workloads": [
            workload("own", cost_center="4100", routes=[{"to": [{"fleet": "h100-pool", "share": 1.0}]}]),
            workload("bought", gl_account="6420"),
        ],
    }
    accepted = api.post("/v1/forecasts", json={"plan": plan | {"draws": 64}})
    api.work(accepted.json()["id"])
    return str(accepted.headers["location"])


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_is_a_file_with_a_name(api: Api, finished: str, name: str) -> None:
    answer = api.get(f"{finished}/export", params={"format": name})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == FORMATS[name].media_type
    forecast_id = finished.rpartition("/")[2]
    named = f'attachment; filename="{name}-{forecast_id}.{FORMATS[name].suffix}"'
    assert answer.headers["content-disposition"] == named
    assert answer.content


def test_the_tall_load_adds_up_to_the_answer(api: Api, finished: str) -> None:
    text = api.get(f"{finished}/export?format=csv-tall&basis=billed").text
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert sum(Decimal(row["amount"]) for row in rows) == Decimal(api.get(finished).json()["total"]["billed"]["mean"])
    assert {row["line_type"] for row in rows} == {"cash"}


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        ("format=docx", "format", "must be one of"),
        ("format=csv-tall&basis=cash", "basis", "must be one of billed, effective, both"),
        ("format=csv-wide&basis=both", "basis", "must be one of billed, effective, not"),
        ("format=csv-wide&basis=billed&contingency=true", "contingency", "is of effective cost"),
        ("format=xlsx&basis=billed", "basis", "means nothing to xlsx"),
        ("format=csv-tall&profile=", "profile", "length"),
        ("format=csv-tall&sheet=1", "sheet", "not a known field"),
    ],
)
def test_a_parameter_out_of_bounds_is_refused(api: Api, finished: str, query: str, parameter: str, words: str) -> None:
    refused = api.get(f"{finished}/export?{query}")
    assert (refused.status_code, slug(refused)) == (400, "invalid-parameter")
    [error] = refused.json()["errors"]
    assert error["parameter"] == parameter
    assert words in error["detail"]


def test_other_workspaces_and_unknown_forecasts_have_no_export(api: Api, stranger: Api, finished: str) -> None:
    for answer in (
        stranger.get(f"{finished}/export?format=csv-tall"),
        api.get(f"/v1/forecasts/{NOBODY}/export?format=csv-tall"),
    ):
        assert (answer.status_code, slug(answer)) == (404, "not-found")
        assert "no forecast" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("then", "words"),
    [
        (lambda _api, _location: None, "waits for a worker; ask again"),
        (lambda api, location: api.post(f"{location}/cancel"), "was cancelled"),
    ],
)
def test_a_forecast_without_a_budget_has_no_export(api: Api, then: Callable[[Api, str], Any], words: str) -> None:
    location = api.post("/v1/workloads", json=workload(forecast={})).headers["location"]
    then(api, location)
    refused = api.get(f"{location}/export?format=csv-tall")
    assert (refused.status_code, slug(refused), pointers(refused)) == (409, "no-budget", [])
    assert words in refused.json()["detail"]
