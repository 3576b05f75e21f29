"""What somebody may see and change in the console, and what becomes of what was typed when that ends."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Opened, Workspace
from tests.browser.in_use import Estate, made
from tests.browser.signing import sign_in, signed_in
from tests.service.routes.api import MODEL, workload

CHANGE = """async ([method, path, body, token]) => {
  const headers = {"Content-Type": "application/json", "X-CSRF-Token": token};
  return (await fetch(path, {method, headers, body: JSON.stringify(body)})).status;
}"""


def stored(workspace: Workspace, resource: str) -> list[dict[str, Any]]:
    with workspace.api as api:
        return list(made(api, "GET", f"/v1/{resource}")["items"])


def fill_workload(page: Page, **changes: str) -> None:
    values = {
        "Name *": "helpdesk",
        "Requests a month *": "1000",
        "Input tokens a request": "300",
        "Mean": "500",
        "Model *": MODEL,
        **changes,
    }
    for label, text in values.items():
        page.get_by_label(label, exact=True).first.fill(text)


def save(page: Page) -> Locator:
    return page.get_by_role("button", name="Save the workload")


def test_a_key_that_may_read_only_is_offered_nothing_and_gets_nothing(
    used: tuple[Workspace, Estate], opened: Opened
) -> None:
    workspace, estate = used
    with opened() as watched:
        page = watched.page
        watched.expected.append("the server responded with a status of 403")
        page.goto("/sign-in")
        sign_in(page, workspace.new_key("reader", ("read",)))
        page.wait_for_url(f"{workspace.url}/")
        for path in ("/", "/forecasts/{forecast}", "/workloads/{workload}", "/fleets/{fleet}", "/budgets/{draft}"):
            page.goto(estate.address(path))
            assert page.locator("[data-send], main button.primary, main button.danger").count() == 0, path
        for path in ("/schedules", "/schedules/{schedule}", "/usage", "/prices/proposals"):
            page.goto(estate.address(path))
            assert page.locator("[data-send], main button.primary, main button.danger").count() == 0, path
        token = page.locator('meta[name="csrf-token"]').get_attribute("content")
        for method, path in (("POST", "/v1/workloads"), ("DELETE", f"/v1/fleets/{estate['fleet']}")):
            assert page.evaluate(CHANGE, [method, path, workload(), token]) == 403


def test_pages_of_another_workspace_are_not_there(
    workspace: Workspace, used: tuple[Workspace, Estate], opened: Opened
) -> None:
    with opened() as watched:
        page = watched.page
        watched.expected.append("the server responded with a status of 404")
        signed_in(page, workspace)
        for kind in ("forecast", "workload", "fleet", "budget", "schedule"):
            answer = page.goto(f"/{kind}s/{used[1][kind]}")
            assert answer is not None
            assert answer.status == 404, kind
            assert "data-injected" not in page.content(), kind


def test_what_was_typed_outlives_the_session_and_is_saved_in_the_next(workspace: Workspace, opened: Opened) -> None:
    with opened() as watched:
        page = watched.page
        watched.expected += ["the server responded with a status of 401", "the server responded with a status of 403"]
        signed_in(page, workspace, "/workloads/new")
        fill_workload(page)
        beside = page.context.new_page()
        beside.goto("/")
        beside.get_by_role("button", name="Sign out").click()
        beside.wait_for_url("**/sign-in")
        save(page).click()
        expect(page.get_by_role("alert")).to_contain_text("Sign in again in another tab")
        assert stored(workspace, "workloads") == []
        sign_in(beside, workspace.key)
        beside.wait_for_url(f"{workspace.url}/")
        save(page).click()
        page.wait_for_url("**/workloads/*-*")
    assert [one["name"] for one in stored(workspace, "workloads")] == ["helpdesk"]
