"""Signing in to the console with a key or a link, staying signed in, and signing out."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from litestar import Litestar
from litestar.testing import TestClient
from sqlalchemy import text
from structlog.testing import capture_logs

from service.app import create_app
from service.protocol.pages import page_of
from service.routes.console import PAGES
from service.settings import read_settings
from service.store import audit
from service.store.database import Database
from tests.servers import RealServers
from tests.service.routes.api import Api, new_workspace, running_app, settings_for, slug, workload
from tests.service.routes.browser import Browser, set_cookie

Running = tuple[TestClient[Litestar], Database]

CLOSED_PAGES = [
    (method, path)
    for handler in PAGES
    for path in sorted(handler.paths)
    for method in handler.http_methods
    if getattr(page_of(handler), "scope", "read") is not None
]


@pytest.fixture
def browser(running: Running) -> Browser:
    return Browser(running[0])


@pytest.fixture
def at(servers: RealServers, module_database_url: str) -> Iterator[Callable[[datetime], Browser]]:
    """Browsers at the service on the same database at another time of day."""
    clients: list[TestClient[Litestar]] = []

    def open_at(moment: datetime) -> Browser:
        app = create_app(settings_for(module_database_url, servers.redis_url), lambda: moment)
        client = TestClient(app, raise_server_exceptions=False)
        client.__enter__()
        clients.append(client)
        return Browser(client)

    yield open_at
    for client in clients:
        client.__exit__(None, None, None)


def varies(answer: httpx.Response) -> set[str]:
    """The request headers that the answer says it depends on."""
    return set(re.split(r"[ ,]+", answer.headers.get("vary", "")))


def link_of(api: Api) -> str:
    """The path of a fresh sign-in link."""
    made = api.post("/v1/sign-in-links")
    assert made.status_code == 201
    return str(made.json()["url"]).removeprefix("http://testserver.local")


def test_a_key_signs_in_and_its_cookie_is_out_of_reach(api: Api, browser: Browser) -> None:
    assert 'type="password"' in browser.get("/sign-in").text
    answer = browser.post("/sign-in", data={"key": f" {api.secret}\n", "next": "/forecasts?limit=5"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/forecasts?limit=5")
    cookie = set_cookie(answer)
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "lax", "/", "")
    assert cookie["domain"] == ""
    assert int(cookie["max-age"]) == 7 * 24 * 3600
    assert len(cookie.value) >= 43
    assert api.secret not in str(answer.headers)
    assert browser.get("/forecasts").status_code == 200
    assert browser.get("/v1/workloads").status_code == 200


def test_over_https_the_cookie_never_goes_out_unencrypted(
    servers: RealServers, module_database_url: str, api: Api, browser: Browser
) -> None:
    signed_in = browser.post("https://testserver.local/sign-in", data={"key": api.secret})
    assert set_cookie(signed_in)["secure"] is True
    signed_out = browser.post("https://testserver.local/sign-out", data={"csrf_token": browser.csrf()})
    assert set_cookie(signed_out)["secure"] is True
    public = settings_for(module_database_url, servers.redis_url, TOKENCAST_PUBLIC_URL="https://budgets.example.com/")
    with running_app(public) as behind_proxy:
        other = new_workspace(*behind_proxy)
        assert set_cookie(Browser(behind_proxy[0]).post("/sign-in", data={"key": other.secret}))["secure"] is True
        url = other.post("/v1/sign-in-links").json()["url"]
        assert url.startswith("https://budgets.example.com/sign-in/")


@pytest.mark.parametrize(
    "address", ["budgets.example.com", "ftp://x", "https://u:p@x", "https://x/path", "https://x?q"]
)
def test_a_public_address_must_be_one(address: str) -> None:
    with pytest.raises(ValueError, match="TOKENCAST_PUBLIC_URL must be an address"):
        read_settings(
            {"TOKENCAST_DATABASE_URL": "postgresql://x", "TOKENCAST_REDIS_URL": "x", "TOKENCAST_PUBLIC_URL": address}
        )


def test_each_sign_in_has_a_token_of_its_own_and_ends_the_one_before(api: Api, browser: Browser) -> None:
    planted = "planted-by-somebody-else"
    browser.token = planted
    first = browser.sign_in(api.secret).token
    assert first != planted
    second = browser.sign_in(api.secret).token
    assert second != first
    for token, status in ((planted, 401), (first, 401), (second, 200)):
        assert Browser(api.client, token).get("/v1/workloads").status_code == status


def test_a_wrong_key_is_told_nothing_and_gets_no_cookie(api: Api, browser: Browser) -> None:
    revoked = api.post("/v1/keys", json={"name": "k", "scopes": ["read"]}).json()
    api.post(f"/v1/keys/{revoked['key']['id']}/revoke")
    answers = [browser.post("/sign-in", data={"key": key}) for key in ("", "tck_\0_" + "x" * 9000, revoked["secret"])]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.text for answer in answers}) == 1
    assert "This key opens nothing" in answers[0].text
    assert all(set_cookie(answer) is None for answer in answers)
    assert all(answer.headers["content-type"].startswith("text/html") for answer in answers)


def test_a_key_that_may_not_read_cannot_sign_in(api: Api, browser: Browser) -> None:
    answer = browser.post("/sign-in", data={"key": api.with_scopes("write").secret})
    assert (answer.status_code, set_cookie(answer)) == (403, None)
    assert "may not read" in answer.text


@pytest.mark.parametrize(("method", "path"), CLOSED_PAGES)
def test_a_page_leads_who_is_not_signed_in_to_the_sign_in(running: Running, method: str, path: str) -> None:
    for cookie in (b"", b"no-such-session", b"x" * 5000, "é".encode(), b'"\\377"', b"a; tokencast_session=b"):
        headers = {"Cookie": b"tokencast_session=" + cookie} if cookie else {}
        led = Browser(running[0])(method, path.replace(":str", ""), headers=headers)
        assert led.status_code == 303
        assert led.headers["location"].startswith("/sign-in")
        assert led.headers["cache-control"] == "no-store"


def test_who_was_led_to_the_sign_in_goes_on_where_they_wanted(browser: Browser) -> None:
    led = browser.get("/forecasts?status=failed&limit=5")
    assert led.headers["location"] == "/sign-in?next=%2Fforecasts%3Fstatus%3Dfailed%26limit%3D5"
    form = browser.get(led.headers["location"])
    assert 'name="next" value="/forecasts?status=failed&amp;limit=5"' in form.text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "/ok\r\nSet-Cookie: a=b",
        "/..//evil.example",
        "evil.example",
        "/sign-in?next=/",
        "/é",
        "/" + "a" * 3000,
        "",
    ],
)
def test_signing_in_never_leads_elsewhere(api: Api, browser: Browser, elsewhere: str) -> None:
    form = browser.get("/sign-in", params={"next": elsewhere})
    assert 'name="next" value="/"' in form.text
    answer = browser.post("/sign-in", data={"key": api.secret, "next": elsewhere})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_session_ends_with_its_key_from_the_next_request_on(api: Api, browser: Browser) -> None:
    made = api.post("/v1/keys", json={"name": "k", "scopes": ["read"]}).json()
    browser.sign_in(made["secret"])
    assert browser.get("/v1/workloads").status_code == 200
    api.post(f"/v1/keys/{made['key']['id']}/revoke")
    assert browser.get("/v1/workloads").status_code == 401
    assert browser.get("/").headers["location"] == "/sign-in"


def test_a_session_ends_by_itself(api: Api, browser: Browser, at: Callable[[datetime], Browser]) -> None:
    token = browser.sign_in(api.secret).token
    for ahead, status in ((timedelta(hours=11), 200), (timedelta(hours=24), 401)):
        later = at(datetime.now(UTC) + ahead)
        later.token = token
        assert later.get("/v1/workloads").status_code == status
    late = at(datetime.now(UTC) + timedelta(days=8))
    late.token = token
    assert late.get("/").headers["location"] == "/sign-in"


def test_signing_out_ends_the_session_at_once(api: Api, browser: Browser) -> None:
    token = browser.sign_in(api.secret).token
    assert browser.get("/sign-out", headers={"Accept": "text/html"}).status_code == 405
    left = browser.post("/sign-out", data={"csrf_token": browser.csrf()})
    assert (left.status_code, left.headers["location"]) == (303, "/sign-in")
    assert (set_cookie(left).value, set_cookie(left)["max-age"]) == ("", "0")
    assert Browser(api.client, token).get("/v1/workloads").status_code == 401
    with api.database.tenant(api.workspace_id) as session:
        assert session.execute(text("SELECT count(*) FROM console_sessions")).scalar_one() == 0
        deeds, _ = audit.page(session, after=None, limit=10)
    key_id = api.get("/v1/keys").json()["items"][0]["id"]
    assert [(deed.actor, deed.action) for deed in deeds] == [
        (f"key/{key_id}", "console.sign_out"),
        (f"key/{key_id}", "console.sign_in"),
    ]


def test_a_link_signs_in_once_and_a_preview_of_it_uses_nothing_up(api: Api, browser: Browser) -> None:
    path = link_of(api)
    for _ in range(3):
        seen = browser.get(path)
        assert seen.status_code == 200
        assert "Sign in to workspace test " in seen.text
        assert set_cookie(seen) is None
    answer = browser.post(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert browser.get("/v1/workloads").status_code == 200
    replayed = Browser(api.client)
    for spent in (replayed.get(path), replayed.post(path), replayed.get("/sign-in/unheard-of")):
        assert (spent.status_code, set_cookie(spent)) == (404, None)
        assert "was used or has expired" in spent.text


def test_of_many_who_use_a_link_at_once_one_is_signed_in(api: Api, at: Callable[[datetime], Browser]) -> None:
    path, client = link_of(api), at(datetime.now(UTC)).client
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: Browser(client).post(path), range(6)))
    assert sorted(answer.status_code for answer in answers) == [303] + [404] * 5


def test_a_link_is_good_for_a_quarter_of_an_hour(api: Api, at: Callable[[datetime], Browser]) -> None:
    made = api.post("/v1/sign-in-links").json()
    expires_at = datetime.fromisoformat(made["expires_at"])
    assert timedelta(minutes=14) < expires_at - datetime.now(UTC) <= timedelta(minutes=15)
    path = made["url"].removeprefix("http://testserver.local")
    assert at(expires_at).post(path).status_code == 404
    assert at(expires_at - timedelta(seconds=1)).post(path).status_code == 303


def test_a_link_is_made_by_a_key_and_never_by_a_session(api: Api, browser: Browser) -> None:
    browser.sign_in(api.secret)
    refused = browser.post("/v1/sign-in-links", headers={"X-CSRF-Token": browser.csrf()})
    assert (refused.status_code, slug(refused)) == (401, "unauthenticated")
    once = {"Idempotency-Key": "link"}
    first, again = (api.post("/v1/sign-in-links", headers=once) for _ in range(2))
    assert first.headers["cache-control"] == "no-store"
    assert again.json() == {"url": None, "expires_at": first.json()["expires_at"]}


def test_who_tries_too_often_waits_even_with_the_right_key(servers: RealServers, module_database_url: str) -> None:
    with running_app(settings_for(module_database_url, servers.redis_url)) as running:
        api, browser = new_workspace(*running), Browser(running[0])
        path = link_of(api)
        for _ in range(3):
            browser.sign_in(api.secret)
        tried = [browser.post("/sign-in", data={"key": f"tck_{number}_x"}).status_code for number in range(12)]
        assert tried == [401] * 10 + [429] * 2
        for refused in (browser.post("/sign-in", data={"key": api.secret}), browser.post(path)):
            assert refused.status_code == 429
            assert 0 < int(refused.headers["retry-after"]) <= 900
            assert "Too many attempts" in refused.text


def test_what_is_seen_with_a_cookie_is_kept_by_no_shared_cache(api: Api, browser: Browser) -> None:
    accepted = api.post("/v1/workloads", json=workload(forecast={}))
    api.work(accepted.json()["forecast"]["id"])
    browser.sign_in(api.secret)
    for path in ("/v1/workloads", "/v1/forecasts", "/v1/workloads/unheard-of", "/"):
        seen = browser.get(path)
        assert {"no-store", "private"} & set(re.split(r"[ ,]+", seen.headers["cache-control"]))
        assert "Cookie" in varies(seen)
        assert seen.headers["x-content-type-options"] == "nosniff"
    finished = browser.get(accepted.headers["location"])
    assert "private" in finished.headers["cache-control"]
    assert "immutable" in finished.headers["cache-control"]
    assert "Cookie" in varies(finished)
    assert "Cookie" not in varies(api.get("/v1/workloads"))


def test_a_session_sees_nothing_of_another_workspace(api: Api, stranger: Api, browser: Browser) -> None:
    accepted = api.post("/v1/workloads", json=workload(forecast={}))
    browser.sign_in(stranger.secret)
    for path in (accepted.headers["location"], f"/v1/workloads/{accepted.json()['workload']['id']}"):
        assert (browser.get(path).status_code, api.get(path).status_code) == (404, 200)
    assert accepted.json()["forecast"]["id"] not in browser.get("/forecasts").text


def test_a_session_may_no_more_than_its_key(api: Api, browser: Browser) -> None:
    browser.sign_in(api.with_scopes("read").secret)
    refused = browser.post("/v1/workloads", json=workload(), headers={"X-CSRF-Token": browser.csrf()})
    assert (refused.status_code, slug(refused)) == (403, "scope-missing")


def test_refusals_of_pages_are_pages_and_those_of_the_api_stay_documents(api: Api, browser: Browser) -> None:
    browser.sign_in(api.secret)
    html: dict[str, Any] = {"headers": {"Accept": "text/html,*/*;q=0.8"}}
    for seen, status in (
        (browser.get("/forecasts?limit=no", **html), 400),
        (browser.get("/forecasts?limit=no"), 400),
        (browser.get("/unheard-of", **html), 404),
        (browser.post("/sign-out"), 403),
    ):
        assert (seen.status_code, seen.headers["content-type"]) == (status, "text/html; charset=utf-8")
        assert "default-src 'none'" in seen.headers["content-security-policy"]
    for seen, kind in (
        (browser.get("/unheard-of"), "not-found"),
        (browser.get("/v1/unheard-of", **html), "not-found"),
        (browser.get("/v1/workloads?limit=no", **html), "invalid-parameter"),
    ):
        assert slug(seen) == kind


def test_no_log_line_holds_a_link_a_session_or_a_key(api: Api, browser: Browser) -> None:
    path = link_of(api)
    with capture_logs() as lines:
        browser.get(path)
        browser.post(path)
        browser.get("/v1/workloads")
        browser.post("/sign-out", data={"csrf_token": browser.csrf()})
        browser.post("/sign-in", data={"key": api.secret, "next": "/forecasts"})
        browser.post("/sign-in", data={"key": "tck_wrong_secret"})
    assert [line["route"] for line in lines if "route" in line][:2] == ["/sign-in/{token}"] * 2
    secrets = {path.removeprefix("/sign-in/"), api.secret, "tck_wrong_secret", str(browser.token)}
    assert not [secret for secret in secrets if secret in str(lines)]


def test_an_unexpected_error_on_a_link_does_not_log_the_link(servers: RealServers) -> None:
    with servers.migrated_database() as url, running_app(settings_for(url, servers.redis_url)) as running:
        path = link_of(new_workspace(*running))
        with running[1].system() as session:
            session.exec_driver_sql("RESET ROLE; ALTER TABLE sign_in_links RENAME COLUMN used_at TO away")
        with capture_logs() as lines:
            broken = Browser(running[0]).post(path)
    assert (broken.status_code, broken.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert any(line["event"] == "unexpected_error" for line in lines)
    assert path.removeprefix("/sign-in/") not in str([line for line in lines if line["event"] != "unexpected_error"])
    [told] = [line for line in lines if line["event"] == "unexpected_error"]
    assert told["route"] == "/sign-in/{token}"
    assert path.removeprefix("/sign-in/") not in str(told["exc_info"])


@pytest.mark.parametrize("body", [b"&".join([b"a"] * 50), b"key=" + b"x" * 20_000], ids=["many fields", "much text"])
def test_a_form_that_is_none_of_ours_is_refused_before_it_is_taken_apart(running: Running, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    refused = running[0].post("/sign-in", content=body, headers=headers)
    assert refused.status_code == 400
    assert refused.headers["content-type"].startswith("text/html")
