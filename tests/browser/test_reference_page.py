"""The description of the API for people, in a real browser; it is open to everybody."""

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import watched_page
from tests.browser.pages import barriers


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_the_reference_fits_a_phone_and_has_no_serious_barrier_though_nobody_is_signed_in(
    browser: Browser, served: tuple[str, str], theme: str, width: int
) -> None:
    with watched_page(browser, served[0], width=width, color_scheme=theme) as watched:
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
        judged = ["header", ".title", ".reference > nav", "#conventions", "#tag-usage", "footer"]
        assert barriers(page, within=judged) == []
        page.locator("#getForecast").get_by_role("link", name="ForecastOut").first.click()
        assert page.evaluate("document.querySelector(':target').id") == "shape-ForecastOut"
