"""A workspace in use, as pages show one: every name and text in it would run, or calculate, if it were not text."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from forecasts.timeline import Month
from tests.service.local.runs import eventually
from tests.service.routes.api import MODEL, fleet, measurement, price

# A formula to a spreadsheet, an end to an attribute, a script and a picture that is not there to a page.
HOSTILE = "=1+1\"'><script data-injected>alert(1)</script><img data-injected src=/nowhere onerror=alert(2)>"


def hostile(what: str) -> str:
    return f"{HOSTILE} {what}"


@dataclass(frozen=True, kw_only=True)
class Estate:
    """The ids of what was made, by the names that `{...}` in the addresses of pages have."""

    ids: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.ids[name]

    def address(self, template: str) -> str:
        return template.format(**self.ids)


def made(api: httpx.Client, method: str, path: str, document: object = None, **headers: str) -> dict[str, Any]:
    """The answer to a request that succeeds."""
    answer = api.request(method, path, json=document, headers=headers)
    assert answer.is_success, f"{method} {path}: {answer.text}"
    return dict(answer.json())


def finished(api: httpx.Client, path: str, document: object) -> dict[str, Any]:
    """The forecast that a request asks for, once a worker has computed it."""
    address = f"/v1/forecasts/{made(api, 'POST', path, document)['id']}"
    assert eventually(lambda: made(api, "GET", address)["status"] not in {"queued", "running"}, 60)
    forecast = made(api, "GET", address)
    assert forecast["status"] == "succeeded", forecast
    return forecast


def moved(api: httpx.Client, budget: dict[str, Any], step: str, reason: str) -> dict[str, Any]:
    return made(
        api, "POST", f"/v1/budgets/{budget['id']}/{step}", {"reason": reason}, **{"If-Match": f'"{budget["version"]}"'}
    )


def build_estate(api: httpx.Client) -> Estate:
    """Something of everything that a page can show, in the order in which people would make it."""
    now = Month.of(datetime.now(UTC).date())
    ended, horizon = now.plus(-1), {"first_month": str(now.plus(-1)), "months": 12}
    pool = made(api, "POST", "/v1/fleets", _pool())
    made(api, "POST", "/v1/decoders/measurements", measurement(fleet=pool["name"], source=hostile("source")))
    chat = made(api, "POST", "/v1/workloads", _chat(pool["name"], now))
    agents = made(api, "POST", "/v1/workloads", _agents(now))
    before = finished(api, "/v1/forecasts", {"horizon": horizon, "draws": 256})
    held = made(
        api, "POST", "/v1/budgets", {"name": hostile("budget"), "forecast_id": before["id"], "note": hostile("note")}
    )
    made(
        api,
        "POST",
        f"/v1/budgets/{held['id']}/overrides",
        {"month": str(now.plus(2)), "amount": "1234.50", "reason": hostile("override")},
    )
    held = made(api, "GET", f"/v1/budgets/{held['id']}")
    held = moved(api, moved(api, held, "submit", hostile("submitted")), "approve", hostile("approved"))
    made(api, "POST", f"/v1/budgets/{held['id']}/comments", {"month": str(ended), "comment": hostile("comment")})
    made(api, "POST", "/v1/usage", {"rows": [_used(chat["name"], pool["name"], str(ended))]})
    # What costs more than was approved raises an alert, and makes a bridge.
    agents = made(
        api,
        "PUT",
        f"/v1/workloads/{agents['id']}",
        _agents(now, requests=40_000),
        **{"If-Match": f'"{agents["version"]}"'},
    )
    after = finished(api, f"/v1/forecasts/{before['id']}/reforecast", {})
    cancelled = made(api, "POST", "/v1/forecasts", {"draws": 50_000})
    made(api, "POST", f"/v1/forecasts/{cancelled['id']}/cancel")
    draft = made(api, "POST", "/v1/budgets", {"name": hostile("budget"), "forecast_id": after["id"]})
    schedule = made(api, "POST", "/v1/schedules", {"name": hostile("schedule")})
    made(api, "POST", f"/v1/schedules/{schedule['id']}/run")
    made(api, "POST", "/v1/keys", {"name": hostile("key"), "scopes": ["read"]})
    # Nobody listens there, so the delivery has an attempt that failed and waits for the next.
    receiver = {"url": "http://127.0.0.1:9/hook", "description": hostile("receiver")}
    webhook = made(api, "POST", "/v1/webhooks", receiver)["webhook"]
    delivery = made(api, "POST", f"/v1/webhooks/{webhook['id']}/test")
    made(api, "POST", "/v1/prices", price(provider="acme", model="acme-1", source=hostile("source")))
    catalogue = {"acme/swift": {"input_cost_per_token": 1e-6, "litellm_provider": "acme"}}
    made(api, "POST", "/v1/prices/imports?format=litellm", catalogue)
    return Estate(
        ids={
            "fleet": pool["id"],
            "workload": chat["id"],
            "forecast": after["id"],
            "before": before["id"],
            "cancelled": cancelled["id"],
            "budget": held["id"],
            "draft": draft["id"],
            "schedule": schedule["id"],
            "webhook": webhook["id"],
            "delivery": delivery["id"],
            "usage_month": str(ended),
        }
    )


def _pool() -> dict[str, Any]:
    """An owned fleet with a decoder, and somewhere else for what it cannot serve."""
    cost = {
        "kind": "owned",
        "purchase_price_per_node": "250000",
        "purchased": "2026-01-15",
        "in_service": "2026-02-01",
        "useful_life_months": 48,
        "method": "straight_line",
        "convention": "full_month",
    }
    return fleet(hostile("fleet"), cost=cost, overflow_to={"model": MODEL}, decoder={"preset": "eagle3"})


def _chat(pool: str, now: Month) -> dict[str, Any]:
    """Work of the fleet that moves to a model half-way through, with people who wait for it."""
    return {
        "name": hostile("workload"),
        "task": "chat",
        "cost_center": hostile("centre"),
        "demand": {
            "base_month": str(now.plus(-1)),
            "requests_per_month": 1_500_000,
            "input_tokens_per_request": 900,
            "output_tokens_per_request": {"mean": 400},
            "monthly_growth": {"low": 0.0, "mode": 0.01, "high": 0.04},
            "noise_fraction": 0.1,
            "steps": [{"from": str(now.plus(4)), "factor": 1.2, "why": hostile("why")}],
        },
        "compare_to": {"model": MODEL},
        "waiting": {"loaded_hourly_rate": "95.00", "people_waiting_fraction": 0.5},
        "routes": [
            {"from": None, "to": [{"fleet": pool, "share": 1.0}]},
            {"from": str(now.plus(6)), "to": [{"fleet": pool, "share": 0.5}, {"model": MODEL, "share": 0.5}]},
        ],
    }


def _agents(now: Month, requests: float = 10_000) -> dict[str, Any]:
    """Work of a model behind an API."""
    return {
        "name": "agents",
        "task": "agent",
        "demand": {
            "base_month": str(now),
            "requests_per_month": requests,
            "input_tokens_per_request": 9000,
            "cached_input_fraction": 0.4,
            "output_tokens_per_request": {"mean": 2500},
            "monthly_growth": {"low": 0.0, "mode": 0.02, "high": 0.06},
        },
        "routes": [{"to": [{"model": MODEL, "share": 1.0}]}],
    }


def _used(workload: str, pool: str, month: str) -> dict[str, Any]:
    return {
        "period": month,
        "workload": workload,
        "route": f"fleet:{pool}",
        "meter": "node_hours",
        "quantity": "720",
        "billed": "9000.00",
        "source": hostile("source"),
    }
