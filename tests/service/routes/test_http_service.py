"""The service about itself: readiness, figures, its description, its log lines, and its behaviour when parts fail."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import jsonschema
import psycopg
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from structlog.testing import capture_logs

from service.app import ROUTES
from service.local.ports import free_port
from service.store import forecasts
from service.store.database import Database
from tests.servers import RealServers
from tests.service.routes.api import Api, fleet, new_workspace, price, running_app, settings_for, slug, workload

Running = tuple[TestClient[Litestar], Database]


@pytest.fixture
def without_redis(module_database_url: str) -> Iterator[Running]:
    settings = settings_for(module_database_url, f"redis://127.0.0.1:{free_port()}/0")
    with running_app(settings) as app:
        yield app


def test_a_service_whose_parts_answer_is_ready(api: Api) -> None:
    assert api.get("/readyz").json() == {"status": "ready", "parts": ["postgres", "redis"]}


def test_a_missing_redis_is_named_and_stops_no_request(without_redis: Running) -> None:
    api = new_workspace(*without_redis)
    unready = api.get("/readyz")
    assert (unready.status_code, slug(unready)) == (503, "unavailable")
    assert "redis" in unready.json()["detail"]
    assert "postgres" not in unready.json()["detail"]
    assert "retry-after" in unready.headers
    assert api.get("/healthz").status_code == 200
    # The message is only a hint: what is stored as queued is found by housekeeping without it.
    accepted = api.post("/v1/workloads", json=workload(forecast={}))
    assert accepted.status_code == 202
    with api.database.tenant(api.workspace_id) as session:
        assert forecasts.get(session, UUID(accepted.json()["forecast"]["id"])).status == "queued"


def test_a_missing_database_is_named_and_no_insides_are_told(servers: RealServers) -> None:
    with servers.migrated_database() as url, running_app(settings_for(url, servers.redis_url)) as running:
        api = new_workspace(*running)
        assert api.get("/v1/workloads").status_code == 200
        with psycopg.connect(servers.superuser_url, autocommit=True) as superuser:
            name = url.rpartition("/")[2]
            superuser.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            superuser.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
            unready = api.get("/readyz")
            broken = api.get("/v1/workloads")
            figures = api.get("/metrics")
            superuser.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        assert (unready.status_code, "postgres" in unready.json()["detail"]) == (503, True)
        assert (broken.status_code, slug(broken)) == (503, "unavailable")
        assert name not in broken.text
        assert "tokencast_database_up 0.0" in figures.text
        # It needs no restart: the next request finds the database again.
        assert api.get("/v1/workloads").status_code == 200
        assert "tokencast_database_up 1.0" in api.get("/metrics").text


def test_figures_count_by_route_and_not_by_address(api: Api) -> None:
    location = api.post("/v1/workloads", json=workload(forecast={})).headers["location"]
    api.get(location)
    api.get("/v9/unheard-of")
    text = api.get("/metrics").text
    assert re.search(
        r'tokencast_http_requests_total\{method="GET",route="/v1/forecasts/\{forecast_id\}",status="200"\} \d', text
    )
    assert 'route="unmatched",status="404"' in text
    assert location not in text
    assert "unheard-of" not in text
    queued = re.search(r'tokencast_forecasts\{status="queued"\} (\S+)', text)
    assert queued is not None
    assert float(queued[1]) >= 1
    assert "tokencast_queue_age_seconds" in text


def test_a_request_is_one_line_in_the_log_under_the_id_it_came_with(api: Api) -> None:
    with capture_logs() as lines:
        answer = api.get("/v1/fleets?limit=5", headers={"X-Request-ID": "trace-1"})
    assert answer.headers["x-request-id"] == "trace-1"
    [line] = lines
    assert (line["method"], line["route"], line["status"]) == ("GET", "/v1/fleets", 200)
    assert line["request_id"] == "trace-1"
    assert line["ms"] >= 0


@pytest.mark.parametrize("bad", ["a b", "x" * 101, "é".encode(), '{"a":1}'])
def test_an_id_that_would_spoil_the_log_is_replaced(api: Api, bad: Any) -> None:
    answer = api.get("/healthz", headers={"X-Request-ID": bad})
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["x-request-id"])


def test_an_unexpected_error_is_logged_and_not_told(api: Api) -> None:
    # A stored document that no version of the service wrote: the one way to break a handler from outside.
    location = api.post("/v1/workloads", json=workload()).headers["location"]
    with api.database.tenant(api.workspace_id) as session:
        session.exec_driver_sql("UPDATE workloads SET document = '{\"name\": 5}'")
    with capture_logs() as lines:
        broken = api.post("/v1/forecasts", json={})
    assert (broken.status_code, slug(broken)) == (500, "internal")
    assert "float" not in broken.text
    assert "Expected" not in broken.text
    assert broken.headers["x-request-id"] in {line.get("request_id") for line in lines}
    assert any(line["event"] == "unexpected_error" and line["exc_info"] for line in lines)
    assert api.get(location).status_code == 200


def test_the_description_is_openapi_of_every_operation(api: Api) -> None:
    document = api.get("/schema").json()
    assert document == api.get("/schema/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    described = {one["operationId"]: one for item in document["paths"].values() for one in item.values()}
    assert set(described) == {handler.operation_id for handler in ROUTES}
    for one in described.values():
        for status, answer in one["responses"].items():
            if int(status) >= 400:
                assert list(answer["content"]) == ["application/problem+json"]
    for method_and_path in (("post", "/v1/workloads"), ("put", "/v1/fleets/{fleet_id}")):
        operation = document["paths"][method_and_path[1]][method_and_path[0]]
        assert operation["requestBody"]["content"]["application/json"]["schema"]
        assert operation["security"] == [{"key": []}, {"session": [], "csrf": []}]
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    references = set(re.findall(r'"\$ref": ?"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert references <= set(document["components"]["schemas"])


def test_answers_have_the_shape_that_the_description_gives_them(api: Api) -> None:
    document = api.get("/schema").json()

    def check(method: str, template: str, answer: Any) -> None:
        content = document["paths"][template][method]["responses"][str(answer.status_code)]["content"]
        [(media_type, described)] = content.items()
        assert answer.headers["content-type"].startswith(media_type)
        schema = {**described["schema"], "components": document["components"]}
        jsonschema.Draft202012Validator(schema).validate(answer.json())

    accepted = api.post("/v1/workloads", json=workload(forecast={}))
    check("post", "/v1/workloads", accepted)
    api.work(accepted.json()["forecast"]["id"])
    location = accepted.headers["location"]
    check("get", "/v1/forecasts/{forecast_id}", api.get(location))
    check("get", "/v1/forecasts/{forecast_id}/lines", api.get(f"{location}/lines"))
    check("get", "/v1/forecasts", api.get("/v1/forecasts"))
    check("get", "/v1/workloads", api.get("/v1/workloads"))
    check("post", "/v1/fleets", api.post("/v1/fleets", json=fleet()))
    check("post", "/v1/prices", api.post("/v1/prices", json=price()))
    check("post", "/v1/prices", api.post("/v1/prices", json=[price(meter="input")]))
    check("post", "/v1/plans", api.post("/v1/plans", json={"name": "p", "workloads": [workload()]}))
    check("get", "/v1/plans", api.get("/v1/plans"))
    check("get", "/v1/keys", api.get("/v1/keys"))
    check("get", "/v1/workloads/{workload_id}", api.get("/v1/workloads/1"))
    check("post", "/v1/workloads", api.post("/v1/workloads", json={}))
