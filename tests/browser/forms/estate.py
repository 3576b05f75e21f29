"""What tests of the estate's forms share: what a form would send, what is stored, and fleets with rare parts."""

from typing import Any

import httpx
import msgspec
from playwright.sync_api import Page

from service.schemas.fleet.fleet import FleetIn
from service.schemas.workload.workload import WorkloadIn
from service.web.forms.workload import shown_workload
from tests.browser.conftest import Workspace
from tests.service.routes.api import MODEL, fleet

IN_THE_ROW = {"id", "version", "plan_id", "created_at", "updated_at"}
# A request that is refused is what these tests are about; the browser says so on its console.
REFUSED = "Failed to load resource: the server responded with a status of"
DOCUMENT = """async () => {
  const module = [...document.scripts].map((one) => one.src).find((src) => src.endsWith("/console.js"));
  const { documentOf } = await import(module.replace("console.js", "form_document.js"));
  return documentOf(document.querySelector("form[data-form]"));
}"""


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
