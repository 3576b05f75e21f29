"""The forms of workloads and fleets in a real browser: nothing that is stored is lost, and everybody can use them."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from service.schemas.plan.file import encode_plan, read_plan
from tests.browser.conftest import Workspace
from tests.browser.estate import RICH_FLEETS, Opened, declared, said, signed_in, stored, typed
from tests.browser.test_reading_pages import barriers
from tests.service.routes.api import MODEL, fleet, workload

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("file", ["acme.yaml", "elastic.yaml", "hardware.yaml"])
def test_a_form_sends_back_what_was_stored(workspace: Workspace, api: httpx.Client, opened: Opened, file: str) -> None:
    plan = encode_plan(read_plan((EXAMPLES / file).read_bytes(), name=file))
    made = api.post("/v1/plans", content=plan, headers={"Content-Type": "application/json"})
    assert made.status_code in {200, 201}, made.text
    seen = 0
    with opened(extra_http_headers=signed_in(workspace)) as watched:
        for kind in ("workloads", "fleets"):
            for one in stored(api, kind):
                watched.page.goto(f"/{kind}/{one['id']}")
                assert said(kind, typed(watched.page)) == said(kind, declared(one)), one["name"]
                seen += 1
    assert seen


@pytest.mark.parametrize("sent", RICH_FLEETS, ids=lambda sent: sent["name"])
def test_the_rare_parts_of_a_fleet_are_not_lost(
    workspace: Workspace, api: httpx.Client, opened: Opened, sent: dict[str, Any]
) -> None:
    made = api.post("/v1/fleets", json=sent)
    assert made.status_code == 201, made.text
    with opened(extra_http_headers=signed_in(workspace)) as watched:
        watched.page.goto(f"/fleets/{made.json()['id']}")
        assert said("fleets", typed(watched.page)) == said("fleets", declared(made.json()))
        watched.page.get_by_role("button", name="Save the fleet").click()
        expect(watched.page.get_by_text("Saved.")).to_be_visible()
    [after] = stored(api, "fleets")
    assert after["version"] == 2
    assert declared(after) == declared(made.json())


PAGES = ["/workloads", "/workloads/new", "/fleets", "/fleets/new", "/workloads/{workload}", "/fleets/{fleet}"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_estate_has_no_error_fits_a_phone_and_has_no_serious_barrier(
    workspace: Workspace, api: httpx.Client, opened: Opened, path: str
) -> None:
    pool = api.post("/v1/fleets", json=fleet()).json()
    routes = [
        {"to": [{"model": MODEL, "share": 1.0}]},
        {"from": "2027-03", "to": [{"fleet": "h100-pool", "share": 0.6}, {"model": MODEL, "share": 0.4}]},
    ]
    one = api.post("/v1/workloads", json=workload("<b>chat</b>", routes=routes)).json()
    address = path.format(workload=one["id"], fleet=pool["id"])
    for width, theme in ((1440, "light"), (390, "dark")):
        with opened(width=width, color_scheme=theme, extra_http_headers=signed_in(workspace)) as watched:
            watched.page.goto(address, wait_until="networkidle")
            assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
            assert barriers(watched.page) == []
