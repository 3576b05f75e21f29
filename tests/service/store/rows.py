"""Small rows to store, each valid and none interesting."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection

from service.store import claims, forecasts
from service.store.budgets.overrides import NewOverride
from service.store.budgets.thresholds import Crossing, NewThreshold
from service.store.budgets.versions import NewBudget
from service.store.fleets import NewFleet
from service.store.lines import BudgetLine
from service.store.measurements import NewMeasurement
from service.store.price_book.proposals import NewProposal
from service.store.prices import NewPrice
from service.store.schedule_runs import Decision
from service.store.schedules import NewSchedule
from service.store.usage import NewUsage
from service.store.webhooks.claims import DeliveryClaim
from service.store.webhooks.deliveries import NewDelivery
from service.store.webhooks.endpoints import NewEndpoint
from service.store.webhooks.outcomes import Outcome
from service.store.workloads import NewWorkload

# What makes a workload use the model of `price`.
ROUTED = {"routes": [{"to": [{"model": "deepseek/deepseek-v4-pro", "share": 1.0}]}]}


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


def schedule(now: datetime, name: str = "monthly", **changes: Any) -> NewSchedule:
    """Due a minute from now."""
    fields: dict[str, Any] = {"document": {"name": name}, "counts_from": now, "next_due_at": now + timedelta(minutes=1)}
    return NewSchedule(**{"name": name, **fields, **changes})


def decision(schedule_id: UUID, now: datetime, **changes: Any) -> Decision:
    fields: dict[str, Any] = {
        "schedule_id": schedule_id,
        "occurrence": "2027-01-01T06:00:00[UTC]",
        "due_at": now,
        "status": "started",
        "requested_by": "key:test",
    }
    return Decision(**{**fields, **changes})


def used(**changes: Any) -> NewUsage:
    fields: dict[str, Any] = {
        "month": date(2026, 10, 1),
        "day": None,
        "workload": "chat",
        "route": "deepseek/deepseek-v4-pro",
        "meter": "output",
        "quantity": Decimal(1000),
        "billed": Decimal("33.33"),
        "effective": Decimal("33.33"),
        "currency": "USD",
        "source": "",
    }
    return NewUsage(**{**fields, **changes})


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


def budget(forecast_id: UUID, **changes: Any) -> NewBudget:
    fields: dict[str, Any] = {
        "name": "fy27",
        "forecast_id": forecast_id,
        "currency": "USD",
        "basis": "effective",
        "confidence": Decimal("0.8"),
        "amount": Decimal("120.00"),
        "expected": Decimal("100.00"),
        "contingency": Decimal("20.00"),
        "first_month": date(2027, 1, 1),
        "months": 12,
        "note": "",
    }
    return NewBudget(**{**fields, **changes})


def override(budget_id: UUID, **changes: Any) -> NewOverride:
    fields: dict[str, Any] = {
        "budget_id": budget_id,
        "month": date(2027, 1, 1),
        "line": None,
        "original": Decimal("10.00"),
        "amount": Decimal("12.00"),
        "reason": "launch",
        "expires_on": None,
    }
    return NewOverride(**{**fields, **changes})


def threshold(**changes: Any) -> NewThreshold:
    fields: dict[str, Any] = {"measure": "actual", "period": "total", "fraction": Decimal("0.8"), "amount": None}
    return NewThreshold(**{**fields, **changes})


def crossing(threshold_id: UUID, forecast_id: UUID) -> Crossing:
    return Crossing(
        threshold_id=threshold_id,
        month=None,
        limit_amount=Decimal("96.00"),
        value=Decimal("97.00"),
        forecast_id=forecast_id,
    )


def endpoint(**changes: Any) -> NewEndpoint:
    fields: dict[str, Any] = {
        "url": "https://example.com/hooks",
        "description": "",
        "events": None,
        "envelope": "standard",
        "enabled": True,
    }
    return NewEndpoint(**{**fields, **changes})


def delivery(workspace_id: UUID, endpoint_id: UUID, **changes: Any) -> NewDelivery:
    fields: dict[str, Any] = {
        "workspace_id": workspace_id,
        "endpoint_id": endpoint_id,
        "event_id": uuid4(),
        "event": "forecast.completed",
        "subject": "forecast/1",
        "content_type": "application/json",
        "body": b"{}",
    }
    return NewDelivery(**{**fields, **changes})


def outcome(claim: DeliveryClaim, now: datetime, **changes: Any) -> Outcome:
    """An attempt that failed and is to be made again."""
    fields: dict[str, Any] = {
        "began_at": now,
        "milliseconds": 7,
        "status_code": 500,
        "error": "the answer was 500",
        "answer_begins": "",
        "status": "pending",
        "due_at": now + timedelta(seconds=5),
    }
    return Outcome(claim=claim, **{**fields, **changes})


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
