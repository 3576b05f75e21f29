"""Every chart as a page draws it for itself: in a browser, under the strictest policy that the console sends."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import msgspec
import pytest
from playwright.sync_api import Page

from service.charts.browser import browser_bundle
from service.charts.frame import frame
from service.charts.registry import CHARTS, draw
from service.web.rendering import POLICY
from tests.browser.chromium import chromium
from tests.service.charts.documents import SCRIPT, Json, every_document

WIDTH = 340
PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>charts</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
<script type="module" src="/page.js"></script></head><body></body></html>"""
STYLE = "body { margin: 0 } figure { margin: 0; width: 340px } figure svg { max-width: 100%; height: auto }"
PAGE_SCRIPT = """
import { tokencastChart } from "/charts.js";
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => window.refused.push(event.violatedDirective));
for (const [name, spec] of Object.entries(await (await fetch("/specs.json")).json())) {
  const figure = document.body.appendChild(document.createElement("figure"));
  figure.id = name;
  await tokencastChart(figure, spec);
}
window.drawn = true;
"""


@pytest.fixture(scope="module")
def documents() -> dict[str, Json]:
    documents = every_document()
    for grouping in documents["forecast"]["months_by"].values():
        grouping["groups"][0]["name"] = SCRIPT
    return documents


@pytest.fixture(scope="module")
def specs(documents: dict[str, Json]) -> dict[str, Json]:
    return {name: draw(name, documents[chart.subject], frame("phone", width=WIDTH)) for name, chart in CHARTS.items()}


@pytest.fixture(scope="module")
def address(specs: dict[str, Json]) -> Iterator[str]:
    files = {
        "/": ("text/html", PAGE.encode()),
        "/style.css": ("text/css", STYLE.encode()),
        "/charts.js": ("text/javascript", browser_bundle()),
        "/page.js": ("text/javascript", PAGE_SCRIPT.encode()),
        "/specs.json": ("application/json", msgspec.json.encode(specs)),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            media_type, body = files.get(self.path, ("text/plain", b""))
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """A test says nothing of each request."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Page]:
    with chromium() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": 800})
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address)
        page.wait_for_function("window.drawn", timeout=60_000)
        assert said == []
        yield page


def test_a_page_draws_every_chart_without_breaking_its_policy(page: Page) -> None:
    assert page.evaluate("window.refused") == []
    for name in CHARTS:
        assert page.locator(f"[id='{name}'] svg .mark-group").count() > 0


def test_no_chart_is_wider_than_what_holds_it(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    for name in CHARTS:
        box = page.locator(f"[id='{name}'] svg").bounding_box()
        assert box is not None
        assert box["width"] <= WIDTH


def test_a_chart_has_a_name_and_says_what_it_shows(page: Page, specs: dict[str, Json]) -> None:
    for name, spec in specs.items():
        named = page.locator(f"[id='{name}'][role='graphics-document'], [id='{name}'] [role='graphics-document']")
        assert named.first.get_attribute("aria-label") == spec["description"]


def test_a_bar_tells_its_month_its_group_and_its_amount_as_text(page: Page, documents: dict[str, Json]) -> None:
    page.locator("#months_by_workload svg .mark-rect path").first.hover(force=True)
    told = page.locator("#vg-tooltip-element")
    told.wait_for(state="attached")
    rows = dict(row.split("\t") for row in told.inner_text().splitlines())
    found = documents["forecast"]["months_by"]["workload"]
    assert rows["Month"] == found["months"][0]
    assert rows["Workload"] == SCRIPT
    assert rows["Cost"] == f"${float(found['groups'][0]['effective'][0]):,.2f}"
    assert told.locator("script").count() == 0


def test_the_script_is_one_file_that_names_no_address_to_load_from() -> None:
    script = browser_bundle()
    assert script is browser_bundle()
    assert len(script) < 1_000_000
    assert b"import(" not in script
    assert script.rstrip().endswith(b"export{tokencastChart as tokencastChart};")
