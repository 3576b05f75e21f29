"""Small estates for the kernel's tests, written in the wire shapes that people write."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings

from forecasts import Budget
from forecasts.errors import InvalidInput
from forecasts.forecast import forecast
from forecasts.plan import Plan
from service.schemas.forecast.document import ForecastDocument
from service.schemas.plan.plan import PlanIn

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LARGE = "north/large"
SMALL = "south/small"

# The same examples on every run, so that a change is judged by itself; TOKENCAST_LAW_EXAMPLES=500 explores further.
law = settings(
    deadline=None,
    max_examples=int(os.environ.get("TOKENCAST_LAW_EXAMPLES", "30")),
    derandomize="TOKENCAST_LAW_EXAMPLES" not in os.environ,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def a_price(model: str = LARGE, meter: str = "output", rate: str = "2.00", **fields: Any) -> dict[str, Any]:
    provider, _, name = model.partition("/")
    return {
        "provider": provider,
        "model": name,
        "meter": meter,
        "rate": rate,
        "effective_from": "2026-01-01T00:00:00Z",
        "recorded_at": "2026-01-01T00:00:00Z",
    } | fields


def known_prices() -> list[dict[str, Any]]:
    return [
        a_price(LARGE, "input", "0.50"),
        a_price(LARGE, "cached_input", "0.05"),
        a_price(LARGE, "output", "2.00"),
        a_price(SMALL, "input", "0.10"),
        a_price(SMALL, "output", "0.37"),
    ]


def to_model(model: str = LARGE, share: float = 1.0) -> dict[str, Any]:
    return {"model": model, "share": share}


def to_fleet(fleet: str = "pool", share: float = 1.0) -> dict[str, Any]:
    return {"fleet": fleet, "share": share}


def a_workload(name: str = "chat", *, to: list[dict[str, Any]] | None = None, **demand: Any) -> dict[str, Any]:
    """One million requests of 500 output tokens a month: 500 million output tokens."""
    return {
        "name": name,
        "cost_center": "4100",
        "demand": {"base_month": "2027-01", "requests_per_month": 1e6, "output_tokens_per_request": 500} | demand,
        "routes": [{"to": to or [to_model()]}],
    }


def a_fleet(name: str = "pool", **fields: Any) -> dict[str, Any]:
    """One rented node of 4,000 output tokens a second at 25 an hour."""
    return {
        "name": name,
        "cost_center": "4200",
        "accelerator": "h100-sxm-80gb",
        "nodes": 1,
        "serves": "some-model",
        "throughput": {"output_tokens_per_second": 4000},
        "cost": {"kind": "rented", "rate_per_node_hour": "25.00"},
    } | fields


def headline(
    low: float, mode: float | None = None, high: float | None = None, *, since: str | None = None, over: str = "none"
) -> dict[str, Any]:
    """A constant speedup, certain where only one number is given."""
    return {
        "preset": "headline",
        "speedup": {"low": low, "mode": low if mode is None else mode, "high": low if high is None else high},
        "speedup_over": over,
        "from": since,
    }


def a_plan(*workloads: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Three months of 30/360 at prices that hold, unless said otherwise."""
    return {
        "calendar": "30/360",
        "horizon": {"first_month": "2027-01", "months": 3},
        "as_of": "2026-11-23",
        "seed": 7,
        "draws": 64,
        "outlooks": [{"outlook": "hold"}],
        "prices": known_prices(),
        "workloads": list(workloads) or [a_workload()],
    } | fields


def with_fleet(**fields: Any) -> dict[str, Any]:
    """A plan of one workload on one fleet."""
    return a_plan(a_workload(to=[to_fleet()]), fleets=[a_fleet(**fields)])


def read(document: Mapping[str, Any]) -> Plan:
    return msgspec.convert(document, PlanIn).to_plan(now=NOW)


def budget_of(document: Mapping[str, Any]) -> Budget:
    return forecast(read(document))


def document_bytes(document: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(ForecastDocument.of(budget_of(document)))


def answer(document: Mapping[str, Any]) -> Any:
    """The whole forecast document as plain JSON values."""
    return msgspec.json.decode(document_bytes(document))


def problems(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is found wrong with a document, as `(pointer, detail)`; empty where it is in order."""
    try:
        read(document)
    except InvalidInput as invalid:
        return [(problem.pointer, problem.detail) for problem in invalid.problems]
    return []


def pointers(document: Mapping[str, Any]) -> list[str]:
    return [pointer for pointer, _ in problems(document)]


def money(text: str) -> Decimal:
    return Decimal(text)
