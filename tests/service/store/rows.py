"""Small rows to store, each valid and none interesting."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from service.store import claims, forecasts
from service.store.fleets import NewFleet
from service.store.lines import BudgetLine
from service.store.measurements import NewMeasurement
from service.store.price_book.proposals import NewProposal
from service.store.prices import NewPrice
from service.store.workloads import NewWorkload


def fleet(name: str = "pool", **changes: Any) -> NewFleet:
    fields = {"cost_center": "4200", "accelerator": "h100-sxm-80gb", "serves": "deepseek-v4-pro", "nodes": 1}
    return NewFleet(**{"name": name, **fields, "currency": "USD", "document": {"name": name}, **changes})


def workload(name: str = "chat", **changes: Any) -> NewWorkload:
    fields = {"cost_center": "4100", "gl_account": "6420", "task": "chat", "document": {"name": name}}
    return NewWorkload(**{"name": name, **fields, **changes})


def price(**changes: Any) -> NewPrice:
    fields: dict[str, Any] = {
        "provider": "deepseek",
        "model": "deepseek-v4-pro",
        "meter": "output",
        "rate": Decimal("1.98"),
        "currency": "USD",
        "per_tokens": 1_000_000,
        "effective_from": datetime(2026, 8, 16, 16, tzinfo=UTC),
        "recorded_at": datetime(2026, 8, 16, 16, tzinfo=UTC),
    }
    return NewPrice(**{**fields, **changes})


def measurement(**changes: Any) -> NewMeasurement:
    fields: dict[str, Any] = {
        "fleet": "pool",
        "method": "eagle3",
        "concurrency": 32.0,
        "input_tokens": 1000.0,
        "output_tokens": 500.0,
        "acceptance_length": None,
        "acceptance_length_includes_bonus": True,
        "speedup": 1.4,
        "speedup_over": "none",
        "num_speculative_tokens": None,
        "measured_on": None,
        "source": "",
        "note": "",
    }
    return NewMeasurement(**{**fields, **changes})


def proposal(**changes: Any) -> NewProposal:
    fields: dict[str, Any] = {
        "format": "litellm",
        "provider": "deepseek",
        "model": "deepseek-v4-pro",
        "meter": "output",
        "rate": Decimal("1.90"),
        "currency": "USD",
        "per_tokens": 1_000_000,
        "effective_from": datetime(2026, 11, 23, tzinfo=UTC),
        "dated": False,
        "service_tier": "standard",
        "prompt_tokens_from": 0,
        "source": "litellm",
        "date_basis": "observed",
    }
    return NewProposal(**{**fields, **changes})


def line(**changes: Any) -> BudgetLine:
    fields: dict[str, Any] = {
        "month": date(2027, 1, 1),
        "workload": "chat",
        "cost_center": None,
        "gl_account": "6420",
        "route": "deepseek/deepseek-v4-pro",
        "kind": "usage",
        "meter": "output",
        "quantity": Decimal(1000),
        "unit": "tokens",
        "unit_price": Decimal("0.00000198"),
        "billed": Decimal("33.33"),
        "effective": Decimal("33.34"),
        "currency": "USD",
    }
    return BudgetLine(**{**fields, **changes})


def result(**changes: Any) -> claims.Result:
    fields: dict[str, Any] = {
        "document": b'{"total": "100.00"}',
        "lines": [line()],
        "basis": "effective",
        "confidence": Decimal("0.8"),
        "amount": Decimal("120.00"),
        "expected": Decimal("100.00"),
        "contingency": Decimal("20.00"),
    }
    return claims.Result(**{**fields, **changes})


def queue_forecast(session: Connection, now: datetime, snapshot: bytes = b"{}") -> UUID:
    return forecasts.add_queued(
        session,
        snapshot=snapshot,
        inputs_sha256="0" * 64,
        as_of=now.date(),
        seed=7,
        draws=4096,
        model_version="1",
        currency="USD",
        requested_by="key:test",
        horizon_first_month=date(2027, 1, 1),
        horizon_months=12,
        now=now,
    )
