"""The forms of workloads and fleets in a real browser: nothing stored is lost, and problems come to their fields."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from playwright.sync_api import Page, expect

from service.schemas.fleet.fleet import FleetIn
from service.schemas.plan.file import encode_plan, read_plan
from service.schemas.workload.workload import WorkloadIn
from service.web.forms.workload import shown_workload
from tests.browser.chromium import Watched
from tests.browser.conftest import Workspace
from tests.browser.test_reading_pages import barriers
from tests.service.routes.api import MODEL, fleet, workload

Opened = Callable[..., AbstractContextManager[Watched]]

EXAMPLES = Path(__file__).parents[2] / "examples"
IN_THE_ROW = {"id", "version", "plan_id", "created_at", "updated_at"}
# A request that is refused is what these tests are about; the browser says so on its console.
REFUSED = "Failed to load resource: the server responded with a status of"
DOCUMENT = """async () => {
  const module = [...document.scripts].map((one) => one.src).find((src) => src.endsWith("/console.js"));
  const { documentOf } = await import(module.replace("console.js", "form_document.js"));
  return documentOf(document.querySelector("form[data-form]"));
}"""


@pytest.fixture
def api(workspace: Workspace) -> Iterator[httpx.Client]:
    with workspace.api as client:
        yield client


def signed_in(workspace: Workspace) -> dict[str, str]:
    return {"Authorization": f"Bearer {workspace.key}"}


def typed(page: Page) -> Any:
    """The document that the form would send now."""
    page.wait_for_selector("[data-pointer]")
    return page.evaluate(DOCUMENT)


def field(page: Page, pointer: str) -> Any:
    return page.locator(f'[data-pointer="{pointer}"]:visible')


def stored(api: httpx.Client, kind: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = api.get(f"/v1/{kind}?limit=200").json()["items"]
    return items


def declared(one: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if name not in IN_THE_ROW}


def said(kind: str, document: dict[str, Any]) -> Any:
    """What a document says with every default in its place, however short it was written."""
    if kind == "fleets":
        return msgspec.convert(document, FleetIn)
    plain = shown_workload(msgspec.to_builtins(msgspec.convert(document, WorkloadIn)))
    return msgspec.convert(plain, WorkloadIn)


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


RICH_FLEETS: list[dict[str, Any]] = [
    fleet(
        "committed",
        gl_accounts={"rental": "6420", "other": "a: b"},
        cost={
            "kind": "committed",
            "commitments": [
                {"nodes": 1, "rate_per_node_hour": "20", "starts": "2026-01-01", "ends": "2027-12-31", "upfront": "5"},
                {"nodes": 2, "rate_per_node_hour": "18", "starts": "2027-01-01", "ends": "2027-12-31"},
            ],
            "on_demand_rates": [{"from": "2026-01-01", "rate_per_node_hour": "30"}],
        },
        scaling={"policy": "hourly", "min_nodes": 1, "max_nodes": 4, "spare_nodes": 1},
        decoder={"preset": "eagle3", "num_speculative_tokens": 4, "acceptance": {"by_position": [0.8, 0.5, 0.3, 0.1]}},
    ),
    fleet(
        "owned",
        cost={
            "kind": "owned",
            "tranches": [
                {
                    "name": "a",
                    "nodes": 2,
                    "purchase_price_per_node": "300000",
                    "purchased": "2026-01-05",
                    "in_service": "2026-02-01",
                    "disposal": {"on": "2028-01-31", "proceeds_per_node": "1000"},
                }
            ],
            "useful_life_months": 48,
            "method": "units_of_production",
            "production": {"unit": "busy_node_hours", "total_per_node": 30000.5},
            "growth": {"purchase_price_per_node": "310000", "lead_time_months": 2},
        },
        nodes=2,
        scaling={"policy": "monthly", "lead_time_months": 3, "hysteresis_fraction": 0.1},
        decoder={"preset": "headline", "speedup": {"low": 1.1, "mode": 1.2, "high": 1.5}, "speedup_over": "mtp-1"},
        overflow_to={"model": MODEL},
        one_offs=[{"month": "2027-05", "amount": "18000", "what": "network"}],
    ),
    fleet(
        "leased",
        cost={
            "kind": "leased",
            "payment_per_node_month": "9000",
            "starts": "2026-06-01",
            "ends": "2029-05-31",
            "rent_free_months": 1,
            "escalation_fraction_per_year": "0.02",
            "pue": 1.2,
        },
        serves="my-model",
        model_size={"total_params_b": 120.5, "active_params_b": 5, "wide_expert_parallel": True},
        replica={"weights_gb": 80, "kv_bytes_per_token": 70000},
    ),
    fleet(
        "by benchmark",
        accelerator="h200-sxm-141gb",
        serves="deepseek-r1-0528",
        throughput={
            "benchmark": {"spec_decode": None, "serving": None, "precision": "fp8"},
            "concurrency_per_node": 64,
        },
    ),
]


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


def test_a_workload_is_declared_by_typing_and_previewed_meanwhile(
    workspace: Workspace, api: httpx.Client, opened: Opened
) -> None:
    with opened(extra_http_headers=signed_in(workspace)) as watched:
        page = watched.page
        page.goto("/workloads/new")
        preview = page.get_by_role("complementary", name="Preview")
        expect(preview.get_by_text("Still needed for a forecast: Name, Requests a month")).to_be_visible()
        page.get_by_label("Name", exact=False).first.fill("typed")
        field(page, "/demand/requests_per_month").fill("1,250,000")
        field(page, "/demand/output_tokens_per_request/mean").fill("250")
        field(page, "/routes/0/to/0/model").fill(MODEL)
        expect(preview.get_by_text("As of what you typed")).to_be_visible()
        expect(field(page, "/routes/0/to/0/model")).to_be_focused()
        first = preview.locator('[data-shown="expected"]').inner_text()
        field(page, "/demand/requests_per_month").fill("2500000")
        expect(preview.get_by_text("not in these figures yet")).to_be_visible()
        expect(preview.get_by_text("As of what you typed")).to_be_visible()
        assert preview.locator('[data-shown="expected"]').inner_text() != first
        page.get_by_role("button", name="Save the workload").click()
        page.wait_for_url(re.compile(r"/workloads/[0-9a-f-]{36}$"))
        expect(page.get_by_role("heading", name="typed")).to_be_visible()
        expect(page.get_by_text("Saved.")).to_be_visible()
    [one] = stored(api, "workloads")
    assert one["demand"]["requests_per_month"] == 2_500_000


def test_problems_come_to_their_fields_and_the_first_has_the_focus(
    workspace: Workspace, api: httpx.Client, opened: Opened
) -> None:
    with opened(extra_http_headers=signed_in(workspace)) as watched:
        watched.expected.append(REFUSED)
        page = watched.page
        page.goto("/workloads/new")
        field(page, "/name").fill("wrong")
        field(page, "/demand/requests_per_month").fill("12,34")
        page.get_by_role("button", name="Save the workload").click()
        amount = field(page, "/demand/requests_per_month")
        expect(amount).to_have_attribute("aria-invalid", "true")
        expect(amount).to_be_focused()
        expect(page.get_by_role("alert")).to_be_visible()
        amount.fill("1000")
        expect(amount).not_to_have_attribute("aria-invalid", "true")
        page.get_by_role("button", name="Add a step", exact=True).click()
        field(page, "/routes/1/from").fill("2020-01")
        page.locator('[data-pointer="/routes/1"]').get_by_role("button", name="Add a share").click()
        field(page, "/routes/1/to/0/share").fill("0.5")
        page.locator('[data-pointer="/routes/1/to/0"]').get_by_label("Goes to").select_option("fleet")
        field(page, "/routes/1/to/0/fleet").fill("nowhere")
        field(page, "/routes/0/to/0/model").fill("no slash")
        page.locator('[data-pointer="/demand/seasonality"]').fill("1 2 3")
        page.get_by_role("button", name="Save the workload").click()
        expect(field(page, "/routes/0/to/0/model")).to_be_focused()
        group = page.locator('[data-pointer="/routes/1/to"]')
        expect(group.get_by_text("its shares must add to 1, not 0.5")).to_be_visible()
        expect(field(page, "/demand/seasonality")).to_have_attribute("aria-invalid", "true")
        # What is wrong with a list is told by its first control too.
        described = field(page, "/routes/1/to/0/share").get_attribute("aria-describedby")
        assert described
        assert "must add to 1" in page.locator(f"#{described.split()[0]}").inner_text()
        field(page, "/routes/1/to/0/share").fill("1")
        expect(group.get_by_text("its shares must add to 1")).to_be_hidden()
        assert stored(api, "workloads") == []


def test_a_problem_in_a_folded_part_opens_it(workspace: Workspace, opened: Opened) -> None:
    with opened(extra_http_headers=signed_in(workspace)) as watched:
        watched.expected.append(REFUSED)
        page = watched.page
        page.goto("/fleets/new")
        field(page, "/name").fill("pool")
        field(page, "/serves").fill("gpt-oss-120b")
        field(page, "/accelerator").select_option("h200-sxm-141gb")
        field(page, "/throughput/output_tokens_per_second").fill("4000")
        field(page, "/cost/kind").select_option("owned")
        field(page, "/cost/purchase_price_per_node").fill("300000")
        field(page, "/cost/purchased").fill("2026-01-01")
        field(page, "/cost/in_service").fill("2026-02-01")
        field(page, "/cost/useful_life_months").fill("48")
        field(page, "/scaling/policy").select_option("monthly")
        page.get_by_role("button", name="Save the fleet").click()
        expect(page.get_by_text("is needed by the policy 'monthly'")).to_be_visible()
        price = field(page, "/cost/growth/purchase_price_per_node")
        expect(price).to_be_focused()
        price.fill("310000")
        page.get_by_role("button", name="Save the fleet").click()
        page.wait_for_url(re.compile(r"/fleets/[0-9a-f-]{36}$"))


def test_another_kind_of_cost_takes_the_old_one_out(workspace: Workspace, api: httpx.Client, opened: Opened) -> None:
    made = api.post("/v1/fleets", json=RICH_FLEETS[1]).json()
    with opened(extra_http_headers=signed_in(workspace)) as watched:
        page = watched.page
        page.goto(f"/fleets/{made['id']}")
        field(page, "/scaling/policy").select_option("fixed")
        field(page, "/cost/kind").select_option("rented")
        field(page, "/cost/rate_per_node_hour").fill("25.00")
        field(page, "/decoder/preset").select_option("none")
        page.get_by_role("button", name="Save the fleet").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
    [after] = stored(api, "fleets")
    assert (after["cost"]["kind"], after["cost"]["rate_per_node_hour"]) == ("rented", "25.00")
    assert after["decoder"]["speedup"] is None


def test_an_item_that_is_taken_out_leaves_the_others_as_they_were(
    workspace: Workspace, api: httpx.Client, opened: Opened
) -> None:
    steps = [{"from": f"2027-0{month}", "factor": 1.0 + month / 10, "why": f"why {month}"} for month in (3, 5, 7)]
    sent = workload()
    sent["demand"] = {**sent["demand"], "steps": steps}
    made = api.post("/v1/workloads", json=sent).json()
    with opened(extra_http_headers=signed_in(workspace)) as watched:
        page = watched.page
        page.goto(f"/workloads/{made['id']}")
        page.locator('[data-pointer="/demand/steps/0"]').get_by_role("button", name="Remove").click()
        assert typed(page)["demand"]["steps"] == steps[1:]


def test_what_somebody_else_changed_is_shown_and_nothing_typed_is_lost(
    workspace: Workspace, api: httpx.Client, opened: Opened
) -> None:
    made = api.post("/v1/workloads", json=workload()).json()
    with opened(extra_http_headers=signed_in(workspace)) as watched:
        watched.expected.append(REFUSED)
        page = watched.page
        page.goto(f"/workloads/{made['id']}")
        field(page, "/cost_center").fill("mine")
        theirs = {**declared(made), "cost_center": "theirs <b>"}
        headers = {"If-Match": '"1"'}
        assert api.put(f"/v1/workloads/{made['id']}", json=theirs, headers=headers).status_code == 200
        page.get_by_role("button", name="Save the workload").click()
        page.get_by_role("button", name="Show theirs").click()
        row = page.get_by_role("row").filter(has_text="Cost centre").filter(has_text="theirs <b>")
        expect(row).to_contain_text("mine")
        expect(field(page, "/cost_center")).to_have_value("mine")
        page.get_by_role("button", name="Save mine over theirs").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
    [after] = stored(api, "workloads")
    assert (after["cost_center"], after["version"]) == ("mine", 3)


def test_a_form_that_is_sent_twice_makes_one_thing(workspace: Workspace, api: httpx.Client, opened: Opened) -> None:
    with opened(extra_http_headers=signed_in(workspace)) as watched:
        page = watched.page
        asked: list[str | None] = []
        page.on("request", lambda one: one.method == "POST" and "/v1/fleets" in one.url and asked.append(_key(one)))

        def fill_and_send() -> None:
            field(page, "/name").fill("once")
            field(page, "/serves").fill("gpt-oss-120b")
            field(page, "/accelerator").select_option("h200-sxm-141gb")
            field(page, "/throughput/output_tokens_per_second").fill("4000")
            field(page, "/cost/rate_per_node_hour").fill("25.00")
            page.get_by_role("button", name="Save the fleet").dblclick()
            page.wait_for_url(re.compile(r"/fleets/[0-9a-f-]{36}$"))

        page.goto("/fleets/new")
        fill_and_send()
        made = page.url
        page.go_back()
        page.wait_for_url(re.compile(r"/fleets/new$"))
        fill_and_send()
        assert page.url == made
    assert len(stored(api, "fleets")) == 1
    assert len(set(asked)) == 1


def _key(request: Any) -> str | None:
    key: str | None = request.headers.get("idempotency-key")
    return key


def test_the_plan_of_a_workload_gets_another_step_by_a_button(
    workspace: Workspace, api: httpx.Client, opened: Opened
) -> None:
    made = api.post("/v1/workloads", json=workload()).json()
    with opened(extra_http_headers=signed_in(workspace)) as watched:
        page = watched.page
        page.goto(f"/workloads/{made['id']}")
        plan = page.get_by_role("region", name="Migration plan").locator("..")
        plan.get_by_role("button", name="Add a step").click()
        expect(field(page, "/routes/1/from")).to_be_focused()


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
