"""Somebody types in the forms of workloads and fleets: previews, problems, conflicts, and things sent twice."""

import re
from typing import Any

import httpx
from playwright.sync_api import expect

from tests.browser.conftest import Opened, Workspace
from tests.browser.forms.estate import REFUSED, RICH_FLEETS, declared, field, signed_in, stored, typed
from tests.browser.pages import barriers
from tests.service.routes.api import MODEL, workload


def test_a_workload_is_declared_by_typing_and_previewed_meanwhile(
    workspace: Workspace, api: httpx.Client, opened: Opened
) -> None:
    with opened() as watched:
        page = watched.page
        page.goto("/workloads/new")
        page.get_by_label("API key").fill(workspace.key)
        page.get_by_role("button", name="Sign in").click()
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
        expect(preview.get_by_text("These figures are of what you typed before")).to_be_visible()
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
        assert barriers(page) == []
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
        assert len(typed(page)["routes"]) == 1
        plan = page.get_by_role("region", name="Migration plan").locator("..")
        plan.get_by_role("button", name="Add a step").click()
        expect(field(page, "/routes/1/from")).to_be_focused()


def test_whoever_leaves_with_something_typed_is_asked(workspace: Workspace, api: httpx.Client, opened: Opened) -> None:
    made = api.post("/v1/workloads", json=workload()).json()
    with opened(extra_http_headers=signed_in(workspace)) as watched:
        page = watched.page
        asked: list[str] = []
        page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        page.goto(f"/workloads/{made['id']}")
        field(page, "/cost_center").fill("typed")
        page.get_by_role("link", name="Fleets", exact=True).click()
        page.wait_for_url(re.compile(r"/fleets$"))
        page.goto(f"/workloads/{made['id']}")
        field(page, "/cost_center").fill("typed")
        page.get_by_role("link", name="Leave without saving").click()
        page.wait_for_url(re.compile(r"/workloads$"))
        assert asked == ["beforeunload"]


def test_a_fleet_that_workloads_use_is_not_deleted_and_the_reason_is_said(
    workspace: Workspace, api: httpx.Client, opened: Opened
) -> None:
    pool = api.post("/v1/fleets", json=RICH_FLEETS[0]).json()
    routes = [{"to": [{"fleet": pool["name"], "share": 1.0}]}]
    api.post("/v1/workloads", json=workload("user", routes=routes))
    with opened(extra_http_headers=signed_in(workspace)) as watched:
        watched.expected.append(REFUSED)
        page = watched.page
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"/fleets/{pool['id']}")
        page.get_by_role("button", name="Delete").click()
        expect(page.get_by_role("alert")).to_contain_text("user")
        one = api.get("/v1/workloads").json()["items"][0]
        page.goto(f"/workloads/{one['id']}")
        page.get_by_role("button", name="Delete").click()
        page.wait_for_url(re.compile(r"/workloads$"))
    assert stored(api, "workloads") == []
