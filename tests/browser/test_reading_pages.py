"""Every page in a real browser: nothing goes wrong on it, it fits a phone, and it can be used without seeing it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.chromium import Watched
from tests.browser.conftest import Workspace

Opened = Callable[..., AbstractContextManager[Watched]]

PAGES = [
    "/",
    "/forecasts",
    "/prices",
    "/prices/proposals",
    "/budgets",
    "/schedules",
    "/schedules/new",
    "/usage",
    "/webhooks",
    "/webhooks/dead-letters",
    "/keys",
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_page_has_no_error_fits_a_phone_and_has_no_serious_barrier(
    workspace: Workspace, opened: Opened, path: str, theme: str
) -> None:
    for width in (1440, 390):
        with opened(
            width=width, color_scheme=theme, extra_http_headers={"Authorization": f"Bearer {workspace.key}"}
        ) as watched:
            watched.page.goto(path, wait_until="networkidle")
            assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
            assert barriers(watched.page) == []


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_the_reference_fits_a_phone_and_has_no_serious_barrier_though_nobody_is_signed_in(
    opened: Opened, theme: str, width: int
) -> None:
    with opened(width=width, color_scheme=theme) as watched:
        page = watched.page
        page.goto("/sign-in", wait_until="networkidle")
        page.get_by_role("link", name="API reference").click()
        page.locator(".reference").wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        too_wide = page.locator(".reference .scroll").evaluate_all(
            "tables => tables.filter(one => one.scrollWidth > one.clientWidth).length"
        )
        assert too_wide == 0
        # Its operations are all of one make, and judging every one of them takes half a minute.
        assert barriers(page, ["header", ".title", ".reference > nav", "#conventions", "#tag-usage", "footer"]) == []
        page.locator("#getForecast").get_by_role("link", name="ForecastOut").first.click()
        assert page.evaluate("document.querySelector(':target').id") == "shape-ForecastOut"


def barriers(page: Page, within: list[str] | None = None) -> list[str]:
    """What axe-core calls serious or critical, in words; of the whole page, or within some of it."""
    found = Axe().run(page, {"include": [[one] for one in within]} if within else None).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:200]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"][:3]
    ]
