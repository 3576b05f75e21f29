"""A real Chromium without a screen, with a profile of its own and nothing of the network but loopback."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_SWITCHES = ["--disable-background-networking", "--disable-component-update", "--no-first-run"]


def find_chromium() -> str:
    """Its program; skips where there is none, or fails where that is forbidden."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        message = "no Chromium is installed: no page was opened in a browser"
        if os.environ.get("TOKENCAST_FORBID_SKIPS") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    program = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=_switches())
        yield browser
        browser.close()


@contextmanager
def keeping_chromium(browser: Browser) -> Iterator[Browser]:
    """Another one that keeps pages that were left, as people's do and Playwright's does not unless it is told to.

    Nothing tells Playwright that a page came back, so a test goes back by the page's own history.
    """
    keeping = browser.browser_type.launch(
        executable_path=find_chromium(), args=_switches(), ignore_default_args=["--disable-back-forward-cache"]
    )
    yield keeping
    keeping.close()


def _switches() -> list[str]:
    # Root has no sandbox in Chromium; the pages are our own.
    root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [*_SWITCHES, *root]


@dataclass
class Watched:
    """A page and everything that went wrong on it: `troubles` must be empty at a test's end."""

    page: Page
    troubles: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def watch(self) -> None:
        self.page.on("pageerror", lambda error: self.troubles.append(f"error: {error}"))
        self.page.on(
            "console",
            lambda message: message.type in {"error", "warning"} and self.troubles.append(f"console: {message.text}"),
        )
        self.page.on("request", self._stays_here)

    def _stays_here(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws"} and address.hostname != "127.0.0.1":
            self.troubles.append(f"asked for {request.url}")

    def unexpected(self) -> list[str]:
        return [one for one in self.troubles if not any(text in one for text in self.expected)]

    @contextmanager
    def expecting(self, *texts: str | None) -> Iterator[None]:
        """One test's part of a page that several share: no other trouble than these may have come at its end."""
        self.troubles.clear()
        self.expected[:] = [text for text in texts if text]
        yield
        assert self.unexpected() == []
        self.expected.clear()
        self.troubles.clear()


@contextmanager
def watched_page(
    browser: Browser, url: str, *, width: int = 1440, height: int = 900, **options: object
) -> Iterator[Watched]:
    """A page in a context of its own, so that no cookie is anybody else's; at the end nothing may have gone wrong."""
    context: BrowserContext = browser.new_context(
        base_url=url, viewport={"width": width, "height": height}, service_workers="block", **options
    )
    context.set_default_timeout(20_000)
    watched = Watched(context.new_page())
    watched.watch()
    try:
        yield watched
    finally:
        context.close()
    assert watched.unexpected() == []
