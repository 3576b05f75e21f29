"""The first half of the story: a workspace gets keys, fleets, workloads, prices, plans and measurements."""

import json
from typing import Any

from tests.service.routes.story.recorder import Recorder

HELPDESK: dict[str, Any] = {
    "name": "helpdesk",
    "cost_center": "4110",
    "gl_account": "6420",
    "task": "chat",
    "temperature": 0.7,
    "demand": {
        "base_month": "2027-01",
        "requests_per_month": 3_000_000,
        "input_tokens_per_request": 1155,
        "cached_input_fraction": 0.37,
        "output_tokens_per_request": {"mean": 211, "p50": 180, "p90": 420},
        "monthly_growth": {"low": 0.0, "mode": 0.02, "high": 0.06},
        "noise_fraction": 0.1,
    },
    "routes": [{"to": [{"model": "deepseek/deepseek-v4-pro", "share": 1.0}]}],
}
GENERATION: dict[str, Any] = {
    "name": "generation",
    "cost_center": "4100",
    "gl_account": "6420",
    "task": "code",
    "temperature": 0.3,
    "demand": {
        "base_month": "2027-01",
        "requests_per_month": 12_000_000,
        "output_tokens_per_request": 500,
        "steps": [{"from": "2027-06", "factor": 1.3, "why": "launch"}],
    },
    "compare_to": {"model": "deepseek/deepseek-v4-pro"},
    "waiting": {"loaded_hourly_rate": "95.00", "people_waiting_fraction": 0.5},
    "routes": [{"to": [{"fleet": "h100-pool", "share": 1.0}]}],
}
POOL: dict[str, Any] = {
    "name": "h100-pool",
    "cost_center": "4200",
    "gl_accounts": {"rental": "6420", "power": "6430", "other": "6490"},
    "accelerator": "h100-sxm-80gb",
    "gpus_per_node": 8,
    "nodes": 1,
    "serves": "gpt-oss-120b",
    "throughput": {"output_tokens_per_second": 4000, "concurrency_per_node": 256, "measured_with": "none"},
    "cost": {"kind": "rented", "rate_per_node_hour": "25.00"},
    "decoder": {
        "preset": "headline",
        "speedup": {"low": 1.4, "mode": 1.67, "high": 1.85},
        "speedup_over": "none",
        "from": "2027-02",
    },
}
OWNED: dict[str, Any] = {
    "name": "h200-owned",
    "accelerator": "h200-sxm-141gb",
    "nodes": 2,
    "serves": "deepseek-r1-0528",
    "throughput": {"output_tokens_per_second": 2317, "input_tokens_per_second": 20184, "concurrency_per_node": 64},
    "overflow_to": {"model": "deepseek/deepseek-v4-pro"},
    "cost": {
        "kind": "owned",
        "purchase_price_per_node": "370000",
        "purchased": "2026-03-15",
        "in_service": "2026-04-01",
        "useful_life_months": 48,
        "residual_fraction": "0.10",
        "hosting_per_node_year": "20000",
        "power_kw_per_node": 10.2,
        "electricity_per_kwh": "0.11",
    },
}
TERMS: dict[str, Any] = {
    "as_of": "2026-11-23",
    "horizon": {"first_month": "2027-01", "months": 12},
    "seed": 7,
    "draws": 256,
}
PLAN: dict[str, Any] = {
    "name": "estate",
    **TERMS,
    "outlooks": [{"provider": "*", "outlook": "projected_cut", "size": {"low": 0.2, "mode": 0.25, "high": 0.4}}],
    "fleets": [POOL],
    "workloads": [GENERATION, HELPDESK],
}
PRICE: dict[str, Any] = {
    "provider": "acme",
    "model": "acme-1",
    "meter": "output",
    "rate": "2.50",
    "effective_from": "2026-01-01T00:00:00Z",
    "recorded_at": "2026-01-01T00:00:00Z",
    "source": "price list of January 2026",
}
_CSV = "provider,model,meter,rate,effective_from,recorded_at\nacme,acme-1,input,1.00,2026-01-01T00:00:00Z,\n"


def tell_estate(recorder: Recorder) -> dict[str, str]:
    """The ids of what was stored, by the parameters that name them."""
    say = recorder.say
    say("getHealth", "The process is alive.")
    say("getReadiness", "Every part answers.")
    say("getProblem", "What one type stands for.", at={"slug": "invalid-input"})
    made = say("createKey", "A key that can only read.", body={"name": "dashboard", "scopes": ["read"]}).json()
    say("createSignInLink", "A link that signs a browser in once.")
    say("listKeys", "The keys of the workspace.")
    say("revokeKey", "The key opens nothing any more.", at={"key_id": made["key"]["id"]})

    ids = {"fleet_id": say("createFleet", "A fleet hired by the hour.", name="rented", body=POOL).json()["id"]}
    owned = say("createFleet", "A fleet that is owned, with an API for what it cannot serve.", name="owned", body=OWNED)
    say("listFleets", "The fleets of the workspace.")
    say("getFleet", "One fleet.", at={"fleet_id": ids["fleet_id"]})
    more = POOL | {"nodes": 2}
    condition = {"headers": {"If-Match": '"1"'}}
    say("replaceFleet", "The fleet gets a second node.", body=more, at={"fleet_id": ids["fleet_id"]}, **condition)
    say("deleteFleet", "The owned fleet goes.", at={"fleet_id": owned.json()["id"]}, **condition)

    ids["workload_id"] = say("createWorkload", "A workload on an API route.", body=HELPDESK).json()["id"]
    say("createWorkload", "A workload on a fleet, compared with an API.", name="on_a_fleet", body=GENERATION)
    say("listWorkloads", "The workloads of the workspace.")
    say("getWorkload", "One workload.", at={"workload_id": ids["workload_id"]})
    colder = HELPDESK | {"temperature": 0.2}
    at = {"workload_id": ids["workload_id"]}
    say("replaceWorkload", "The workload is sampled colder.", body=colder, at=at, **condition)

    point = {
        "fleet": "h100-pool",
        "method": "eagle3",
        "concurrency": 32,
        "input_tokens": 1000,
        "output_tokens": 500,
        "speedup": 1.4,
        "measured_on": "2026-11-02",
    }
    at = {"measurement_id": say("addMeasurement", "A measured speedup.", body=point).json()["id"]}
    say("listMeasurements", "The measured points of the workspace.")
    say("getMeasurement", "One measured point.", at=at)
    say("deleteMeasurement", "The point no longer counts.", at=at)
    say("listDecoders", "The packaged presets.")
    say("getDecoder", "One preset.", at={"preset": "dspark-v4-pro"})
    _tell_prices(recorder)
    _tell_plans(recorder)
    return ids


def _tell_prices(recorder: Recorder) -> None:
    say = recorder.say
    at = {"price_id": say("addPrices", "One price.", body=PRICE).json()["id"]}
    rows = [PRICE | {"meter": "cached_input", "rate": "0.10"}, PRICE | {"meter": "cache_write", "rate": "1.25"}]
    say("addPrices", "Several prices at once.", name="several", body=rows)
    say("getPrice", "One price.", at=at)
    say("listPrices", "What the book knows of one model.", params={"provider": "acme", "model": "acme-1"})
    say("listPriceConflicts", "Where sources contradict each other.", params={"limit": 1})
    used = {"model": "acme/acme-1", "month": "2026-10", "units": {"output": "12000000"}}
    say("costUsage", "What a month's output cost.", body=used)
    say("importPrices", "A file of prices becomes rows of the book.", params={"format": "csv"}, content=_CSV)
    entry = {"litellm_provider": "acme", "mode": "chat", "input_cost_per_token": 2e-6, "output_cost_per_token": 4e-6}
    for model in ("acme/acme-1", "acme/acme-2"):
        say(
            "importPrices",
            "What a public catalogue states becomes proposals.",
            name=f"catalogue_{model[-1]}",
            params={"format": "litellm"},
            content=json.dumps({model: entry}),
        )
    say("listPriceProposals", "Proposals that wait for a decision.", params={"status": "open"})
    chosen = {"provider": "acme", "model": "acme-1"}
    say("acceptPriceProposals", "The proposals of one model are taken over.", body=chosen)
    say("rejectPriceProposals", "Those of another are not.", body=chosen | {"model": "acme-2"})
    asked = {"model": "deepseek/deepseek-v4-pro", "months": 2, "as_of": "2026-11-23"}
    say("getPriceHistory", "The rates of a model, and where they may go.", params=asked)


def _tell_plans(recorder: Recorder) -> None:
    say = recorder.say
    small = {"name": "small", **TERMS, "workloads": [HELPDESK | {"name": "reports"}]}
    at = {"plan_id": say("applyPlan", "A plan is applied.", body=small).json()["plan"]["id"]}
    say("listPlans", "The plans of the workspace.")
    say("getPlan", "One plan with its document.", at=at)
    later = small | {"seed": 8}
    say("replacePlan", "The plan gets another seed.", body=later, at=at, headers={"If-Match": '"1"'})
    say("deletePlan", "The plan is forgotten.", at=at, headers={"If-Match": '"2"'})
