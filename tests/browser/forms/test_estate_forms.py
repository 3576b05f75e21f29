"""The forms of workloads and fleets in a real browser: nothing that is stored is lost, and everybody can use them."""

from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from service.schemas.plan.file import encode_plan, read_plan
from tests.browser.conftest import Opened, Workspace
from tests.browser.forms.estate import RICH_FLEETS, declared, said, signed_in, stored, typed

EXAMPLES = Path(__file__).parents[3] / "examples"


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
