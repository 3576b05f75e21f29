"""A session's cookie changes nothing unless the request was meant: sent by a page of ours, with that page's token."""

from typing import Any

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from service.store.database import Database
from tests.servers import RealServers
from tests.service.routes.api import Api, new_workspace, running_app, settings_for, slug, workload
from tests.service.routes.browser import Browser, set_cookie

OURS = {"Origin": "http://testserver.local", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def browser(api: Api) -> Browser:
    return Browser(api.client).sign_in(api.secret)


def write(browser: Browser, name: str, **headers: str | bytes) -> Any:
    return browser.post("/v1/workloads", json=workload(name), headers=headers)


def test_a_page_of_ours_may_change_what_the_key_may(browser: Browser) -> None:
    assert write(browser, "plain", **{"X-CSRF-Token": browser.csrf()}).status_code == 201
    assert write(browser, "as browsers do", **OURS, **{"X-CSRF-Token": browser.csrf()}).status_code == 201


def test_each_page_has_the_token_under_a_mask_of_its_own(browser: Browser) -> None:
    tokens = [browser.csrf() for _ in range(5)]
    assert len(set(tokens)) == 5
    halves = [{token[index : index + 12] for token in tokens} for index in range(0, 84, 12)]
    assert all(len(parts) == 5 for parts in halves)
    assert [write(browser, f"w{at}", **{"X-CSRF-Token": token}).status_code for at, token in enumerate(tokens)] == [
        201
    ] * 5


def test_without_the_token_nothing_changes(api: Api, browser: Browser) -> None:
    good = browser.csrf()
    another = Browser(api.client).sign_in(api.secret)
    for given in ("", "x", "é".encode(), good[:-8], good + "AAAA", another.csrf(), "A" * 88):
        refused = write(browser, "never", **({"X-CSRF-Token": given} if given else {}))
        assert (refused.status_code, slug(refused)) == (403, "csrf-refused")
    for method, path in (("PUT", "/v1/workloads/1"), ("DELETE", "/v1/workloads/1"), ("POST", "/v1/forecasts")):
        refused = browser(method, path, headers={"If-Match": "*"})
        assert (refused.status_code, slug(refused)) == (403, "csrf-refused")
    assert api.get("/v1/workloads").json()["items"] == []


@pytest.mark.parametrize(
    "foreign",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.local.evil.example"},
        {"Origin": "http://testserver.local:8080"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver.local"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"},
    ],
)
def test_another_sites_page_changes_nothing_even_with_the_token(
    api: Api, browser: Browser, foreign: dict[str, str]
) -> None:
    refused = write(browser, "never", **foreign, **{"X-CSRF-Token": browser.csrf()})
    assert (refused.status_code, slug(refused)) == (403, "csrf-refused")
    left = browser.post("/sign-out", data={"csrf_token": browser.csrf()}, headers=foreign)
    assert (left.status_code, browser.get("/v1/workloads").status_code) == (403, 200)
    # Nor may another site sign somebody in to a workspace of its choice.
    signed_in = Browser(api.client).post("/sign-in", data={"key": api.secret}, headers=foreign)
    assert (signed_in.status_code, set_cookie(signed_in)) == (403, None)
    link = str(api.post("/v1/sign-in-links").json()["url"])
    claimed = Browser(api.client).post(link, headers=foreign)
    assert (claimed.status_code, set_cookie(claimed)) == (403, None)


def test_behind_a_proxy_the_public_address_is_ours(servers: RealServers, module_database_url: str) -> None:
    public = settings_for(module_database_url, servers.redis_url, TOKENCAST_PUBLIC_URL="https://budgets.example.com")
    with running_app(public) as running:
        api = new_workspace(*running)
        browser = Browser(running[0]).sign_in(api.secret)
        sent = {"X-CSRF-Token": browser.csrf(), "Origin": "https://budgets.example.com"}
        assert write(browser, "through the proxy", **sent).status_code == 201
        refused = write(browser, "never", **{**sent, "Origin": "https://evil.example.com"})
        assert slug(refused) == "csrf-refused"


def test_a_plain_form_sends_the_token_as_a_field(browser: Browser) -> None:
    for data in ({}, {"csrf_token": "x"}, {"csrf_token": ""}):
        assert browser.post("/sign-out", data=data).status_code == 403
    assert browser.post("/sign-out", json={"csrf_token": browser.csrf()}).status_code == 403
    assert browser.post("/sign-out", data={"csrf_token": browser.csrf()}).status_code == 303


def test_a_field_is_no_token_for_the_api(browser: Browser) -> None:
    refused = browser.post("/v1/workloads", data={"csrf_token": browser.csrf()})
    assert slug(refused) == "csrf-refused"


def test_a_key_needs_no_token_wherever_it_comes_from(api: Api) -> None:
    for number, headers in enumerate(({}, {"Origin": "https://tools.example"}, {"Sec-Fetch-Site": "cross-site"})):
        assert api.post("/v1/workloads", json=workload(f"w{number}"), headers=headers).status_code == 201


def test_a_wrong_key_never_falls_back_to_the_cookie(
    running: tuple[TestClient[Litestar], Database], browser: Browser
) -> None:
    for header in ("Bearer tck_0_x", "Bearer", "Basic abc", "", f"Bearer {browser.token}"):
        refused = browser.get("/v1/workloads", headers={"Authorization": header})
        assert (refused.status_code, slug(refused)) == (401, "unauthenticated")
    assert Browser(running[0], "tck_0_x").get("/v1/workloads").status_code == 401


def test_a_key_is_no_session_and_a_session_is_no_key(api: Api, browser: Browser) -> None:
    assert browser.get("/v1/workloads").status_code == 200
    assert Api(api.client, api.database, api.workspace_id, str(browser.token)).get("/v1/workloads").status_code == 401
    assert Browser(api.client, api.secret).get("/v1/workloads").status_code == 401


def test_with_a_key_beside_the_cookie_the_key_decides(stranger: Api, browser: Browser) -> None:
    write(browser, "mine", **{"X-CSRF-Token": browser.csrf()})
    seen = browser.get("/v1/workloads", headers={"Authorization": f"Bearer {stranger.secret}"})
    assert (seen.status_code, seen.json()["items"]) == (200, [])
