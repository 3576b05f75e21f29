"""Every refusal is a problem of the one table, and the table is what the documentation says."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from service.problems import problem_types
from service.store.database import Database
from tests.servers import RealServers
from tests.service.routes.api import (
    MODEL,
    Api,
    fleet,
    new_workspace,
    pointers,
    price,
    running_app,
    settings_for,
    slug,
    workload,
)

DOCUMENT = Path(__file__).parents[3] / "docs" / "problems.md"


def demand(**changes: Any) -> dict[str, Any]:
    return {**workload()["demand"], **changes}


def test_the_documentation_lists_exactly_the_problems_there_are() -> None:
    rows = re.findall(r"^\| `(/problems/[a-z-]+)` \| (\d+) \| (.+?) \|", DOCUMENT.read_text(), flags=re.MULTILINE)
    assert rows == [(kind.type, str(kind.status), kind.title) for kind in problem_types()]


def test_a_problem_type_is_an_address_that_answers(api: Api) -> None:
    for kind in problem_types():
        assert api.get(kind.type).json() == {"type": kind.type, "title": kind.title, "status": kind.status}
    assert api.get("/problems/nonsense").status_code == 404


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        pytest.param(workload(demand=demand(requests_per_month=-5)), "/demand/requests_per_month", id="negative"),
        pytest.param(
            workload(routes=[{"to": [{"model": "acme/none", "share": 1}]}]), "/routes/0/to/0/model", id="model"
        ),
        pytest.param(workload(routes=[{"to": [{"fleet": "none", "share": 1}]}]), "/routes/0/to/0/fleet", id="fleet"),
        pytest.param(workload(routes=[{"to": [{"model": MODEL, "share": 0.7}]}]), "/routes/0/to", id="shares"),
        pytest.param(
            workload(demand=demand(monthly_growth=9.0), forecast={"horizon": {"first_month": "2027-01", "months": 60}}),
            "/demand/monthly_growth",
            id="growth that overflows",
        ),
        pytest.param(
            workload(forecast={"horizon": {"first_month": "2027-01", "months": 61}}),
            "/forecast/horizon/months",
            id="horizon",
        ),
        pytest.param(workload(demand=demand(base_month="2027-13")), "/demand/base_month", id="month"),
        pytest.param(
            workload(routes=[{"to": [{"model": MODEL, "share": -1.7e308}] * 2}]),
            "/routes/0/to/1/share",
            id="huge shares",
        ),
        pytest.param(
            workload(demand=demand(output_tokens_per_request={"histogram": [[-1e308, 1.7e308, 1.7e308]] * 2})),
            "/demand/output_tokens_per_request/histogram/0",
            id="huge histogram",
        ),
        pytest.param(workload(forecast={"currency": "EUR"}), "/routes/0/to/0/model", id="currency without a rate"),
        pytest.param(
            workload(forecast={"as_of": "2001-01-01", "horizon": {"first_month": "2001-02"}}),
            "/routes/0/to/0/model",
            id="before any known price",
        ),
    ],
)
def test_a_workload_that_makes_no_sense_is_refused_at_its_field_and_not_stored(
    api: Api, sent: dict[str, Any], pointer: str
) -> None:
    refused = api.post("/v1/workloads", json=sent)
    assert (refused.status_code, slug(refused)) == (422, "invalid-input")
    assert pointer in pointers(refused)
    assert api.get("/v1/workloads").json()["items"] == []
    assert api.get("/v1/forecasts").json()["items"] == []


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        pytest.param(workload(colour="red"), ["/colour"], id="unknown field"),
        pytest.param({"name": "x"}, ["/demand", "/routes"], id="missing fields"),
        pytest.param(workload("a\u0000b"), ["/name"], id="NUL"),
        pytest.param(workload(""), ["/name"], id="empty name"),
        pytest.param(
            workload(demand=demand(requests_per_month="many", base_month=7, stepz=[]), task="poetry"),
            ["/demand/base_month", "/demand/requests_per_month", "/demand/stepz", "/task"],
            id="several at once",
        ),
        pytest.param([], [""], id="not an object"),
        pytest.param(workload(forecast={"horizon": {"month": 3}}), None, id="inside the forecast"),
    ],
)
def test_every_field_of_the_wrong_shape_is_named(api: Api, sent: Any, expected: list[str] | None) -> None:
    refused = api.post("/v1/workloads", json=sent)
    assert (refused.status_code, slug(refused)) == (400, "invalid-shape")
    found = sorted(pointers(refused))
    assert found == (expected or ["/forecast/horizon/first_month", "/forecast/horizon/month"])


@pytest.mark.parametrize(
    ("body", "kind", "says"),
    [
        (b"", "invalid-json", "empty"),
        (b"{", "invalid-json", "truncated"),
        (b'{"name": NaN}', "invalid-json", "byte 9"),
        (b'{"name": "\xff"}', "invalid-json", "UTF-8"),
        (b'{"name": "\\ud800"}', "invalid-json", ""),
        (b"[" * 100_000, "invalid-json", "nested"),
        (b"9" * 5000, "invalid-json", ""),
    ],
)
def test_what_is_not_json_is_refused_with_its_place(api: Api, body: bytes, kind: str, says: str) -> None:
    refused = api.post("/v1/workloads", content=body, headers={"Content-Type": "application/json"})
    assert (refused.status_code, slug(refused)) == (400, kind)
    assert says in refused.json()["detail"]


def test_a_number_that_no_float_holds_is_named(api: Api) -> None:
    body = json.dumps(workload()).replace("1000", "1e999")
    refused = api.post("/v1/workloads", content=body, headers={"Content-Type": "application/json"})
    assert (refused.status_code, pointers(refused)) == (400, ["/demand/requests_per_month"])


def test_another_media_type_is_refused(api: Api) -> None:
    refused = api.post("/v1/workloads", content="name: chat", headers={"Content-Type": "application/yaml"})
    assert (refused.status_code, slug(refused)) == (415, "unsupported-media-type")


@pytest.fixture(scope="module")
def narrow(servers: RealServers, module_database_url: str) -> Iterator[tuple[TestClient[Litestar], Database]]:
    settings = settings_for(module_database_url, servers.redis_url, TOKENCAST_BODY_LIMIT_BYTES="2000")
    with running_app(settings) as app:
        yield app


def test_a_body_over_the_limit_is_refused(narrow: tuple[TestClient[Litestar], Database]) -> None:
    api = new_workspace(*narrow)
    for sent in ({"content": b"x" * 2001}, {"content": iter([b"x" * 1500, b"x" * 1500])}):
        refused = api.post("/v1/plans", headers={"Content-Type": "application/json"}, **sent)
        assert (refused.status_code, slug(refused)) == (413, "too-large")
    assert api.post("/v1/workloads", json=workload()).status_code == 201


@pytest.mark.parametrize(
    "path", ["/v1/workloads", "/v1/fleets", "/v1/prices", "/v1/plans", "/v1/forecasts", "/v1/keys"]
)
@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=201", "limit"),
        ("limit=99999999999999999999", "limit"),
        ("limit=ten", "limit"),
        ("limit=1&limit=2", "limit"),
        ("cursor=%21%21", "cursor"),
        ("cursor=YWJj", "cursor"),
        ("cursor=" + "a" * 300, "cursor"),
        ("colour=red", "colour"),
        ("cursor=%00", "cursor"),
    ],
)
def test_a_query_parameter_out_of_bounds_is_named(api: Api, path: str, query: str, parameter: str) -> None:
    refused = api.get(f"{path}?{query}")
    assert (refused.status_code, slug(refused)) == (400, "invalid-parameter")
    assert refused.json()["errors"][0]["parameter"] == parameter


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        (fleet(accelerator="abacus"), "/accelerator"),
        (fleet(nodes=-1), "/nodes"),
        (fleet(cost={"kind": "rented", "rate_per_node_hour": "NaN"}), "/cost/rate_per_node_hour"),
        (fleet(overflow_to={"model": "nobody/none"}), "/overflow_to/model"),
    ],
)
def test_a_fleet_that_makes_no_sense_is_refused(api: Api, sent: dict[str, Any], pointer: str) -> None:
    refused = api.post("/v1/fleets", json=sent)
    assert (refused.status_code, pointers(refused)) == (422, [pointer])
    assert api.get("/v1/fleets").json()["items"] == []


@pytest.mark.parametrize(
    ("sent", "status", "expected"),
    [
        (price(rate="-1"), 422, ["/rate"]),
        (price(effective_from="yesterday"), 422, ["/effective_from"]),
        ([price(), price(rate="NaN"), price(effective_to="2020-01-01T00:00:00Z")], 422, ["/1/rate", "/2/effective_to"]),
        ([price(), price(meter="weight"), {}], 400, None),
        ([], 400, [""]),
    ],
)
def test_bad_prices_are_told_row_by_row_and_none_is_stored(
    api: Api, sent: Any, status: int, expected: list[str] | None
) -> None:
    refused = api.post("/v1/prices", json=sent)
    assert refused.status_code == status
    required = ["provider", "model", "meter", "rate", "effective_from"]
    assert pointers(refused) == (
        expected if expected is not None else ["/1/meter", *(f"/2/{name}" for name in required)]
    )
    assert api.get("/v1/prices?provider=acme").json()["items"] == []


@pytest.mark.parametrize(
    ("method", "path"), [("PUT", "/v1/prices"), ("DELETE", "/v1/prices/x"), ("PATCH", "/v1/plans")]
)
def test_a_method_that_a_resource_does_not_take_is_refused_with_those_it_takes(
    api: Api, method: str, path: str
) -> None:
    refused = api(method, path)
    assert (refused.status_code, slug(refused)) == (405, "method-not-allowed")
    assert "GET" in refused.headers["allow"]


def test_an_address_that_does_not_exist_is_a_problem_too(api: Api) -> None:
    missing = api.get("/v2/nothing")
    assert (missing.status_code, slug(missing), missing.json()["instance"]) == (404, "not-found", "/v2/nothing")
