"""Every page in a real browser: nothing goes wrong on it, it fits a phone, and it can be used without seeing it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from service.routes.console import PAGES
from tests.browser.chromium import Watched, watched_page
from tests.browser.conftest import Workspace, new_workspace
from tests.browser.in_use import Estate
from tests.browser.pages import EMPTY, FULL, barriers, charts_not_drawn, too_wide
from tests.browser.signing import signed_in

WIDTHS = (1440, 390)
# What is no page of somebody who is signed in, or is judged by a test of its own.
NOT_HERE = ("/sign-in", "/sign-out", "/static", "/csrf-token", "/reference")


@pytest.fixture(scope="module")
def reader(browser: Browser, used: tuple[Workspace, Estate]) -> Iterator[Watched]:
    """A page of somebody who is signed in to the workspace in use: one for all tests here, which only read."""
    with watched_page(browser, used[0].url) as watched:
        signed_in(watched.page, used[0])
        yield watched


@pytest.fixture(scope="module")
def newcomer(browser: Browser, served: tuple[str, str]) -> Iterator[Watched]:
    """The same in a workspace that holds nothing yet."""
    workspace = new_workspace(served)
    with watched_page(browser, workspace.url) as watched:
        signed_in(watched.page, workspace)
        yield watched


@pytest.mark.parametrize("name", FULL)
def test_a_page_has_no_error_fits_a_phone_and_has_no_serious_barrier(
    reader: Watched, used: tuple[Workspace, Estate], name: str
) -> None:
    with reader.expecting("the server responded with a status of 404" if name == "problem" else None):
        _judge(reader, used[1].address(FULL[name]))
        # Names are scripts in this workspace: were one not text, its elements would be on the page.
        assert reader.page.locator("[data-injected]").count() == 0


@pytest.mark.parametrize("name", EMPTY)
def test_a_page_without_anything_to_show_is_as_good(newcomer: Watched, name: str) -> None:
    with newcomer.expecting():
        _judge(newcomer, EMPTY[name])


def test_no_page_of_the_console_is_left_out() -> None:
    routes = {path for handler in PAGES for path in handler.paths if not path.startswith(NOT_HERE)}
    addresses = {address.partition("?")[0] for address in FULL.values()}
    left_out = [
        route
        for route in routes
        # The page of a new one is no page of one, though its address is like it.
        if not any(_is_at(address, route) for address in (addresses - routes if "{" in route else addresses))
    ]
    assert left_out == []


def _is_at(address: str, route: str) -> bool:
    return re.fullmatch(re.sub(r"{.*?}", "[^/]+", route), address) is not None


def _judge(watched: Watched, path: str) -> None:
    page = watched.page
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(path)
    assert charts_not_drawn(page) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert not too_wide(page)
        page.emulate_media(color_scheme="light")
        assert barriers(page) == []
        page.emulate_media(color_scheme="dark")
        assert barriers(page, "color-contrast") == []
