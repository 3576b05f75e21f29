"""Names and texts that are scripts and formulas are shown as what somebody wrote, on every page and in every file."""

import csv
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.browser.chromium import watched_page
from tests.browser.conftest import Workspace
from tests.browser.in_use import HOSTILE, Estate, hostile
from tests.browser.pages import FULL
from tests.browser.signing import signed_in

# What people named or wrote, by the page that shows it.
SHOWN = {
    "home": ("budget",),
    "forecast": ("workload", "fleet"),
    "lines": ("workload", "fleet"),
    "line": ("workload",),
    "bridge": ("workload",),
    "workloads": ("workload", "fleet"),
    "workload": ("workload", "fleet"),
    "fleets": ("fleet",),
    "fleet": ("fleet",),
    "budgets": ("budget",),
    "approved budget": ("budget", "note", "override", "submitted", "approved", "comment"),
    "own model's prices": ("source",),
    "decoder": ("fleet", "source"),
    "schedules": ("schedule",),
    "schedule": ("schedule",),
    "month of usage": ("workload", "fleet", "source"),
    "webhooks": ("receiver",),
    "webhook": ("receiver",),
    "keys": ("key",),
}


@pytest.fixture(scope="module")
def page(browser: Browser, used: tuple[Workspace, Estate]) -> Iterator[Page]:
    with watched_page(browser, used[0].url) as watched:
        signed_in(watched.page, used[0])
        yield watched.page


def test_a_page_shows_a_script_as_the_text_it_is(page: Page, used: tuple[Workspace, Estate]) -> None:
    for name, texts in SHOWN.items():
        page.goto(used[1].address(FULL[name]))
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        shown = page.inner_text("main")
        assert [one for one in texts if hostile(one) not in shown] == [], name
        assert page.locator("[data-injected]").count() == 0, name


def test_a_tip_of_a_chart_shows_a_script_as_text(page: Page, used: tuple[Workspace, Estate]) -> None:
    page.goto(used[1].address(FULL["forecast"]))
    chart = page.locator('[data-chart*="months_by_workload"]')
    chart.scroll_into_view_if_needed()
    chart.locator(".drawn svg").wait_for()
    chart.locator('.drawn svg [aria-label*="data-injected"]').first.hover(force=True)
    assert HOSTILE in page.locator("#vg-tooltip-element").inner_text()
    assert page.locator("[data-injected]").count() == 0


def test_a_downloaded_table_calculates_nothing_that_somebody_wrote(
    page: Page, used: tuple[Workspace, Estate], tmp_path: Path
) -> None:
    page.goto(used[1].address(FULL["forecast"]))
    files = page.get_by_role("heading", name="Files for finance tools").locator("..")
    texts = []
    for address in files.locator('a[href*="format=csv"]').all():
        with (tmp_path / _downloaded(page, address, tmp_path)).open(newline="", encoding="utf-8-sig") as file:
            texts += [cell for row in csv.reader(file) for cell in row]
    assert any(HOSTILE in text for text in texts)
    # A file of a spreadsheet begins a formula with one of these; a number may have a sign.
    assert [text for text in texts if text[:1] in "=+@-" and text and not _is_number(text)] == []


def test_a_downloaded_workbook_holds_what_somebody_wrote_as_text(
    page: Page, used: tuple[Workspace, Estate], tmp_path: Path
) -> None:
    page.goto(used[1].address(FULL["forecast"]))
    files = page.get_by_role("heading", name="Files for finance tools").locator("..")
    name = _downloaded(page, files.get_by_role("link", name="Workbook").first, tmp_path)
    written = [
        cell
        for sheet in openpyxl.load_workbook(tmp_path / name)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and "data-injected" in cell.value
    ]
    assert {cell.data_type for cell in written} == {"s"}


def _downloaded(page: Page, link: Locator, folder: Path) -> str:
    with page.expect_download() as download:
        link.click()
    download.value.save_as(folder / download.value.suggested_filename)
    return str(download.value.suggested_filename)


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()
