"""Every page in a real browser: nothing goes wrong on it, it fits a phone, and it can be used without seeing it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.chromium import Watched
from tests.browser.conftest import Workspace

Opened = Callable[..., AbstractContextManager[Watched]]

PAGES = ["/", "/forecasts", "/prices", "/prices/proposals"]


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


def barriers(page: Page) -> list[str]:
    """What axe-core calls serious or critical, in words."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:200]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"][:3]
    ]
