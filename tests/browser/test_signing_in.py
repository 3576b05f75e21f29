"""Signing in and out in a real browser, which sends the headers that the guard weighs."""

from typing import Any

import httpx
from playwright.sync_api import Page

from tests.browser.conftest import Opened, Workspace
from tests.browser.pages import barriers, too_wide
from tests.browser.signing import link_of, sign_in

# As the pages' own script does it.
CHANGE = """async (token) => {
  const headers = {"Content-Type": "application/json", "X-CSRF-Token": token};
  const body = JSON.stringify({name: "read only", scopes: ["read"]});
  return (await fetch("/v1/keys", {method: "POST", headers, body})).status;
}"""
SEND = """async () => {
  const address = document.querySelector('script[type="module"]').src.replace("console.js", "requests.js");
  const { send } = await import(address);
  return (await send("POST", "/v1/keys", {body: {name: "again", scopes: ["read"]}})).status;
}"""


def token_on(page: Page) -> Any:
    return page.locator('meta[name="csrf-token"]').get_attribute("content")


def test_a_key_leads_to_the_page_that_was_asked_for_and_signing_out_leads_away(
    workspace: Workspace, opened: Opened
) -> None:
    with opened() as watched:
        page = watched.page
        watched.expected.append("the server responded with a status of 401")
        page.goto("/forecasts")
        assert page.url == f"{workspace.url}/sign-in?next=%2Fforecasts"
        sign_in(page, "tck_wrong_key")
        assert page.get_by_role("alert").inner_text() == "This key opens nothing."
        sign_in(page, workspace.key)
        page.wait_for_url(f"{workspace.url}/forecasts")
        [cookie] = [one for one in page.context.cookies() if one.get("name") == "tokencast_session"]
        assert (cookie.get("httpOnly"), cookie.get("sameSite")) == (True, "Lax")
        assert page.evaluate("document.cookie") == ""
        assert page.evaluate(CHANGE, token_on(page)) == 201
        page.get_by_role("button", name="Sign out").click()
        page.wait_for_url(f"{workspace.url}/sign-in")
        page.goto("/forecasts")
        assert page.url.startswith(f"{workspace.url}/sign-in")


def test_a_link_asks_before_it_signs_in(workspace: Workspace, opened: Opened) -> None:
    link = link_of(workspace)
    with opened() as watched:
        watched.page.goto(link)
        watched.page.get_by_role("button", name=f"Sign in to workspace {workspace.name}").click()
        watched.page.wait_for_url(f"{workspace.url}/")
        watched.expected.append("the server responded with a status of 404")
        watched.page.goto(link)
        assert "was used or has expired" in watched.page.get_by_role("alert").inner_text()


def test_a_page_of_an_earlier_session_goes_on_after_signing_in_again(workspace: Workspace, opened: Opened) -> None:
    with opened() as watched:
        page = watched.page
        page.goto(link_of(workspace))
        page.get_by_role("button", name="Sign in to workspace").click()
        page.wait_for_url(f"{workspace.url}/")
        before = token_on(page)
        beside = page.context.new_page()
        beside.goto(link_of(workspace))
        beside.get_by_role("button", name="Sign in to workspace").click()
        beside.wait_for_url(f"{workspace.url}/")
        watched.expected.append("the server responded with a status of 403")
        assert page.evaluate(CHANGE, before) == 403
        assert page.evaluate(SEND) == 201
        assert token_on(page) != before


def test_a_form_on_another_site_signs_nobody_in(workspace: Workspace, opened: Opened) -> None:
    link = link_of(workspace)
    with opened() as watched:
        page = watched.page
        watched.expected += ["the server responded with a status of 403", "asked for http://localhost"]
        # The same machine under another name is another site.
        elsewhere = workspace.url.replace("127.0.0.1", "localhost")
        page.route(
            f"{elsewhere}/**",
            lambda route: route.fulfill(
                body=f'<form method="post" action="{link}"><button>Win</button></form>', content_type="text/html"
            ),
        )
        page.goto(f"{elsewhere}/")
        page.get_by_role("button", name="Win").click()
        page.wait_for_url(link)
        assert "another site" in page.inner_text("main")
        assert page.context.cookies() == []
    assert httpx.post(link, trust_env=False).status_code == 303


def test_the_ways_in_fit_a_phone_and_have_no_serious_barrier(workspace: Workspace, opened: Opened) -> None:
    link = link_of(workspace)
    with opened() as watched:
        page = watched.page
        watched.expected.append("the server responded with a status of 404")
        for path in ("/sign-in", link, "/sign-in/used-up"):
            page.goto(path)
            for width in (1440, 390):
                page.set_viewport_size({"width": width, "height": 900})
                assert not too_wide(page)
                for theme in ("light", "dark"):
                    page.emulate_media(color_scheme=theme)
                    assert barriers(page) == []
