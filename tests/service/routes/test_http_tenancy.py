"""Keys, scopes and workspaces: nobody reaches what is another's, on any route there is."""

from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from structlog.testing import capture_logs

from service.app import ROUTES
from service.protocol.operations import operation_of
from service.protocol.pages import page_of
from service.routes.console import PAGES
from service.store.database import Database
from tests.service.routes.api import NOBODY, Api, fleet, measurement, new_workspace, pointers, price, slug, workload

# From the routes themselves, so that a new one is tried without anybody thinking of it.
OPERATIONS = sorted(
    (
        (method, path, handler.operation_id)
        for handler in ROUTES
        for path in handler.paths
        for method in handler.http_methods
    ),
    key=str,
)
CLOSED = [
    (method, path)
    for handler in ROUTES
    for path in sorted(handler.paths)
    for method in handler.http_methods
    if getattr(operation_of(handler), "scope", "admin") is not None
]
# Presets and packaged prices belong to nobody, and what a workspace has beside them to it alone: the tests of decoder
# charts and of price histories try it.
DRAWN_FOR_ALL = {"/v1/decoders/{preset:str}/charts/{file:str}", "/v1/prices/history/charts/{file:str}"}
# The packaged catalogue's belong to nobody.
PACKAGED = {"/v1/decoders", "/v1/decoders/{preset:str}", "/decoders/{preset:str}"}
# Every workspace has months of its own under the same names; that they are its own is tested with usage.
MONTHS = {
    *(f"/v1/usage/months{rest}" for rest in ("", "/{month:str}/close", "/{month:str}/reopen")),
    "/usage/{month:str}",
}
OF_ONE_RESOURCE = [
    (method, path) for method, path in CLOSED if "{" in path and path not in PACKAGED | DRAWN_FOR_ALL | MONTHS
]
# One document each, of what the query names; tests/service/routes/test_http_price_history.py tries them as a stranger.
ASKED_BY_QUERY = {"/v1/prices/history", "/v1/prices/history.png", "/v1/prices/history.svg"}
NO_LISTS = PACKAGED | ASKED_BY_QUERY | MONTHS
LISTS = sorted({path for method, path in CLOSED if method == "GET" and "{" not in path} - NO_LISTS)
PAGES_OF_ONE_RESOURCE = sorted(
    path
    for handler in PAGES
    for path in handler.paths - PACKAGED - MONTHS
    if "{" in path and getattr(page_of(handler), "scope", None)
)
BODIES = {
    "/v1/workloads/{workload_id:str}": workload("taken over"),
    "/v1/fleets/{fleet_id:str}": fleet("taken over"),
    "/v1/plans/{plan_id:str}": {"name": "taken over"},
    "/v1/budgets/{budget_id:str}/submit": {"reason": "taken over"},
    "/v1/budgets/{budget_id:str}/approve": {"reason": "taken over"},
    "/v1/budgets/{budget_id:str}/return": {"reason": "taken over"},
    "/v1/budgets/{budget_id:str}/overrides": {"month": "2027-01", "amount": "1", "reason": "taken over"},
    "/v1/budgets/{budget_id:str}/comments": {"comment": "taken over"},
    "/v1/budgets/{budget_id:str}/thresholds": {"fraction": "0.5"},
    "/v1/schedules/{schedule_id:str}": {"name": "taken over"},
    "/v1/export-profiles/{profile_name:str}": {"name": "taken-over"},
    "/v1/webhooks/{webhook_id:str}": {"url": "https://192.52.193.1/taken-over"},
    "/v1/webhooks/{webhook_id:str}/rotate-secret": {},
}


def _estate(api: Api) -> dict[str, str]:
    """One resource of each kind, by the parameter that names it in paths."""
    key = api.post("/v1/keys", json={"name": "k", "scopes": ["read"]}).json()["key"]["id"]
    both = api.post("/v1/workloads", json=workload(forecast={}))
    forecast_id = both.json()["forecast"]["id"]
    api.work(forecast_id)
    budget = api.post("/v1/budgets", json={"name": "fy27", "forecast_id": forecast_id}).json()
    at = f"/v1/budgets/{budget['id']}"
    override = api.post(f"{at}/overrides", json={"month": "2027-01", "amount": "1", "reason": "test"}).json()
    threshold = api.post(f"{at}/thresholds", json={"fraction": "0.9"}).json()
    webhook = api.post("/v1/webhooks", json={"url": "https://192.52.193.1/hooks"}).json()["webhook"]["id"]
    return {
        "key_id": key,
        "workload_id": both.json()["workload"]["id"],
        "forecast_id": forecast_id,
        "replay_id": api.post(f"/v1/forecasts/{forecast_id}/replay").json()["id"],
        "line": "0",
        "fleet_id": api.post("/v1/fleets", json=fleet()).json()["id"],
        "measurement_id": api.post("/v1/decoders/measurements", json=measurement()).json()["id"],
        "price_id": api.post("/v1/prices", json=price()).json()["id"],
        "plan_id": api.post("/v1/plans", json={"name": "estate"}).json()["plan"]["id"],
        "budget_id": budget["id"],
        "override_id": override["id"],
        "threshold_id": threshold["id"],
        "schedule_id": api.post("/v1/schedules", json={"name": "monthly"}).json()["id"],
        "profile_name": api.post("/v1/export-profiles", json={"name": "tool"}).json()["name"],
        "webhook_id": webhook,
        "delivery_id": api.post(f"/v1/webhooks/{webhook}/test").json()["id"],
        "file": "months.png",
        "provider": "deepseek",
    }


def _filled(path: str, ids: dict[str, str]) -> str:
    for name, value in ids.items():
        path = path.replace(f"{{{name}:str}}", value)
    assert "{" not in path, f"the estate of this test lacks what {path} names"
    return path


def _sent(method: str, path: str) -> dict[str, Any]:
    body = {"json": BODIES[path]} if method in {"PUT", "POST"} and path in BODIES else {}
    asked = {"params": {"from": NOBODY}} if "/bridge" in path else {}
    return {**body, **asked, "headers": {"If-Match": "*"}}


@pytest.fixture(scope="module")
def owner(running: tuple[TestClient[Litestar], Database]) -> Api:
    return new_workspace(*running)


@pytest.fixture(scope="module")
def ids(owner: Api) -> dict[str, str]:
    return _estate(owner)


@pytest.mark.parametrize(("method", "path"), OF_ONE_RESOURCE)
def test_what_is_anothers_looks_as_if_it_were_not_there(
    stranger: Api, owner: Api, ids: dict[str, str], method: str, path: str
) -> None:
    addressed = _filled(path, ids)
    mine = stranger(method, addressed, **_sent(method, path))
    nothing = stranger(method, _filled(path, dict.fromkeys(ids, NOBODY)), **_sent(method, path))
    assert (mine.status_code, slug(mine)) == (404, "not-found")
    assert nothing.status_code == 404
    if "{key_id:str}" not in path:
        assert owner.get(_filled(path.partition("}")[0] + "}", ids)).status_code == 200


@pytest.mark.parametrize("path", PAGES_OF_ONE_RESOURCE)
def test_a_page_of_anothers_looks_as_if_it_were_not_there(
    stranger: Api, owner: Api, ids: dict[str, str], path: str
) -> None:
    addressed = stranger.get(_filled(path, ids))
    nothing = stranger.get(_filled(path, dict.fromkeys(ids, NOBODY)))
    assert (addressed.status_code, nothing.status_code) == (404, 404)
    assert addressed.headers["content-type"].startswith("text/html")
    assert owner.get(_filled(path, ids)).status_code == 200


@pytest.mark.parametrize("path", LISTS)
def test_a_list_holds_nothing_of_anybody_else(stranger: Api, ids: dict[str, str], path: str) -> None:
    listed = stranger.get(f"{path}?limit=200")
    assert listed.status_code == 200
    found = {item["id"] for item in listed.json()["items"]}
    assert not found & set(ids.values())


@pytest.mark.parametrize(("method", "path"), CLOSED)
@pytest.mark.parametrize("header", [None, "Basic abc", "Bearer", "Bearer tck_000000000000_x", "Bearer " + "a" * 5000])
def test_without_a_key_nothing_is_answered(
    running: tuple[TestClient[Litestar], Database], method: str, path: str, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header}
    refused = running[0].request(method, path.replace(":str", ""), headers=headers)
    assert (refused.status_code, slug(refused)) == (401, "unauthenticated")
    assert refused.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_a_key_without_the_scope_is_told_which_it_lacks(api: Api, method: str, path: str) -> None:
    [declared] = [
        operation_of(handler) for handler in ROUTES if path in handler.paths and method in handler.http_methods
    ]
    assert declared is not None
    others = {"read", "write", "approve", "admin"} - {declared.scope}
    refused = api.with_scopes(*others)(method, path.replace(":str", ""))
    assert (refused.status_code, slug(refused)) == (403, "scope-missing")
    assert str(declared.scope) in refused.json()["detail"]
    assert f'scope="{declared.scope}"' in refused.headers["www-authenticate"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/schema", "/schema/openapi.json"])
def test_what_is_open_needs_no_key(running: tuple[TestClient[Litestar], Database], path: str) -> None:
    assert running[0].get(path).status_code == 200


def test_every_operation_and_page_declares_itself_under_a_name_of_its_own() -> None:
    names = [name for _, _, name in OPERATIONS] + [handler.name for handler in PAGES]
    assert len(set(names)) == len(names)
    assert all(operation_of(handler) for handler in ROUTES)
    assert all(page_of(handler) for handler in PAGES)


def test_a_secret_is_shown_once_and_opens_the_workspace(api: Api) -> None:
    made = api.post("/v1/keys", json={"name": "ci", "scopes": ["read", "read"]})
    assert made.status_code == 201
    assert made.headers["cache-control"] == "no-store"
    secret = made.json()["secret"]
    reader = Api(api.client, api.database, api.workspace_id, secret)
    assert reader.get("/v1/workloads").status_code == 200
    assert secret not in api.get("/v1/keys").text
    assert {item["name"] for item in api.get("/v1/keys").json()["items"]} == {"test", "ci"}


def test_a_revoked_key_opens_nothing_from_the_next_request_on(api: Api) -> None:
    made = api.post("/v1/keys", json={"name": "ci", "scopes": ["read"]}).json()
    reader = Api(api.client, api.database, api.workspace_id, made["secret"])
    assert reader.get("/v1/workloads").status_code == 200
    revoked = api.post(f"/v1/keys/{made['key']['id']}/revoke")
    assert revoked.status_code == 200
    assert revoked.json()["revoked_at"] is not None
    assert reader.get("/v1/workloads").status_code == 401
    assert api.post(f"/v1/keys/{made['key']['id']}/revoke").json() == revoked.json()


def test_a_key_may_not_expire_before_it_is_made(api: Api) -> None:
    refused = api.post("/v1/keys", json={"name": "k", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"})
    assert (refused.status_code, pointers(refused)) == (422, ["/expires_at"])


def test_no_log_line_holds_a_secret_even_when_a_request_breaks(api: Api) -> None:
    with capture_logs() as lines:
        api.get("/v1/workloads")
        api.get("/v1/workloads?limit=no")
        secret = api.post("/v1/keys", json={"name": "k", "scopes": ["read"]}).json()["secret"]
    assert [line["route"] for line in lines] == ["/v1/workloads", "/v1/workloads", "/v1/keys"]
    assert api.secret not in str(lines)
    assert secret not in str(lines)
