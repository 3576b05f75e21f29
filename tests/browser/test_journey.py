"""From an empty workspace to an approved budget and why the next forecast differs, with a keyboard alone."""

from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
from playwright.sync_api import Page, Request, expect

from tests.browser.chromium import Watched
from tests.browser.conftest import Opened, Workspace, new_workspace
from tests.browser.in_use import made
from tests.browser.keyboard import press, reach, write
from tests.browser.signing import link_of
from tests.service.routes.api import workload

ANSWER = 60_000


def test_a_year_is_declared_forecast_approved_explained_and_exported(
    workspace: Workspace, served: tuple[str, str], opened: Opened
) -> None:
    with opened() as watched:
        page = watched.page
        _sign_in_by_link(page, workspace)
        _declare_a_workload(page)
        first = _watch_its_forecast(watched, new_workspace(served))
        _open_a_number(page)
        budget = _approve_it(page, first)
        _forecast_more_of_it(page, first)
        _read_the_bridge(page)
        _export(page, workspace)
        _sign_out(watched, budget)


def _sign_in_by_link(page: Page, workspace: Workspace) -> None:
    page.goto(link_of(workspace))
    press(page, f"Sign in to workspace {workspace.name}")
    page.wait_for_url(f"{workspace.url}/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def _declare_a_workload(page: Page) -> None:
    press(page, "Declare a workload", role="link")
    expect(page.get_by_role("heading", level=1)).to_have_text("New workload")
    write(page, "Name *", "helpdesk")
    write(page, "Requests a month *", "3,000,000")
    write(page, "Input tokens a request", "1155")
    write(page, "Mean", "211")
    write(page, "Model *", "deepseek/deepseek-v4-pro")
    write(page, "Noise", "0.1")
    preview = page.get_by_role("complementary", name="Preview")
    expect(preview).to_contain_text("As of what you typed at", timeout=ANSWER)
    expect(preview).to_contain_text("Expected a year")
    # What computes meanwhile has not taken the focus away.
    expect(page.get_by_label("Noise", exact=True)).to_be_focused()
    press(page, "Save the workload")
    page.wait_for_url("**/workloads/*-*")
    expect(page.get_by_role("heading", level=1)).to_have_text("helpdesk")
    expect(page.get_by_role("status").first).to_contain_text("Saved.")


def _watch_its_forecast(watched: Watched, other: Workspace) -> str:
    """The only worker is kept busy until the page was seen waiting, so that there is progress to follow."""
    page = watched.page
    streams: list[str] = []

    def note(request: Request) -> None:
        if request.resource_type == "eventsource":
            streams.append(request.url)

    page.on("request", note)
    with other.api as api:
        long = {"plan": {"workloads": [workload(f"w{number}") for number in range(400)], "draws": 50_000}}
        busy = made(api, "POST", "/v1/forecasts", long)
        press(page, "Forecast this workload")
        page.wait_for_url("**/forecasts/*-*")
        expect(page.get_by_role("progressbar")).to_be_visible()
        made(api, "POST", f"/v1/forecasts/{busy['id']}/cancel")
    expect(page.get_by_role("heading", level=1)).to_contain_text("succeeded", timeout=ANSWER)
    forecast_id = urlsplit(page.url).path.rpartition("/")[2]
    assert [one.rpartition("/v1/")[2] for one in streams] == [f"forecasts/{forecast_id}/events"]
    return forecast_id


def _open_a_number(page: Page) -> None:
    groups = page.get_by_role("region", name="Cost by month and group")
    reach(page, groups.get_by_role("row").nth(1).get_by_role("link").nth(1))
    page.keyboard.press("Enter")
    page.wait_for_url("**/lines?*")
    lines = page.get_by_role("region", name="Lines")
    expect(lines).to_contain_text("helpdesk")
    reach(page, lines.get_by_role("link").first)
    page.keyboard.press("Enter")
    page.wait_for_url("**/lines/*")
    expect(page.get_by_role("heading", name="How it was computed")).to_be_visible()
    expect(page.get_by_role("region", name="Price rows")).to_be_visible()


def _approve_it(page: Page, forecast_id: str) -> str:
    page.goto(f"/forecasts/{forecast_id}")
    write(page, "Name of the budget *", "inference 2027")
    page.keyboard.press("Enter")
    page.wait_for_url("**/budgets/*-*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("draft")
    write(page, "Why this budget *", "The year as forecast")
    press(page, "Submit for approval")
    expect(page.get_by_role("heading", level=1)).to_contain_text("submitted")
    write(page, "Why it is approved *", "Covered four years of five")
    press(page, "Approve")
    expect(page.get_by_role("heading", level=1)).to_contain_text("approved")
    expect(page.get_by_role("heading", name="Who did what").locator("..")).to_contain_text("Covered four years of five")
    return page.url


def _forecast_more_of_it(page: Page, first: str) -> None:
    page.goto("/workloads")
    press(page, "helpdesk", role="link")
    write(page, "Requests a month *", "6,000,000")
    press(page, "Save the workload")
    expect(page.get_by_role("status").first).to_contain_text("Saved.")
    page.goto(f"/forecasts/{first}")
    press(page, "Forecast again")
    page.wait_for_url(lambda url: "/forecasts/" in url and first not in url)
    expect(page.get_by_role("heading", level=1)).to_contain_text("succeeded", timeout=ANSWER)


def _read_the_bridge(page: Page) -> None:
    press(page, "The whole bridge, by workload and month", role="link")
    page.wait_for_url("**/bridge?*")
    parts = page.get_by_role("region", name="Parts by workloads")
    expect(parts.get_by_role("rowheader", name="helpdesk")).to_be_visible()
    expect(parts.get_by_role("columnheader", name="volume")).to_be_visible()
    press(page, "monthly", role="link")
    expect(page.get_by_role("region", name="Parts by monthly")).to_be_visible()


def _export(page: Page, workspace: Workspace) -> None:
    forecast_id = urlsplit(page.url).path.split("/")[2]
    page.goto(f"/forecasts/{forecast_id}")
    files = page.get_by_role("heading", name="Files for finance tools").locator("..")
    reach(page, files.get_by_role("link", name="Workbook").first)
    with page.expect_download(timeout=ANSWER) as download:
        page.keyboard.press("Enter")
    content = Path(download.value.path()).read_bytes()
    with workspace.api as api:
        assert content == api.get(f"/v1/forecasts/{forecast_id}/export?format=xlsx").content
    assert download.value.suggested_filename.endswith(".xlsx")
    assert openpyxl.load_workbook(BytesIO(content)).sheetnames


def _sign_out(watched: Watched, budget: str) -> None:
    page = watched.page
    page.goto(budget)
    press(page, "Sign out")
    page.wait_for_url("**/sign-in")
    page.go_back()
    expect(page.get_by_label("API key")).to_be_visible()
    assert "inference 2027" not in page.content()
