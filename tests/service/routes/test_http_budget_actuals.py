"""What was recorded stands beside the budget, in the place of the forecast once its month has ended."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.service.routes import budgets
from tests.service.routes.api import MODEL, Api, price
from workers.budget_watch import check_budgets

# Three months that have ended, whenever these tests run.
PAST = {"first_month": "2026-06", "months": 3}
PRICES = [
    price(provider="acme", model="acme-1", meter=meter, effective_from="2026-01-01T00:00:00Z") | {"rate": "2.00"}
    for meter in ("input", "output")
]


@pytest.fixture
def budget(api: Api) -> dict[str, Any]:
    """1,000,000 requests of 300 and 500 tokens at 2.00 a million: 1,600.00 a month."""
    chat = {
        "name": "chat",
        "demand": {
            "base_month": "2026-06",
            "requests_per_month": 1_000_000,
            "input_tokens_per_request": 300,
            "output_tokens_per_request": {"mean": 500},
        },
        "routes": [{"to": [{"model": "acme/acme-1", "share": 1.0}]}],
    }
    forecast_id = budgets.forecast(api, as_of="2026-05-31", horizon=PAST, workloads=[chat], prices=PRICES)
    rules = [{"measure": "actual", "fraction": fraction} for fraction in ("0.5", "0.8", "1")]
    return budgets.approved(api, forecast_id, thresholds=rules)


def _record(api: Api, period: str, billed: str, **changes: Any) -> None:
    row = {"period": period, "workload": "chat", "route": "acme/acme-1", "meter": "output", "quantity": "1"}
    sent = {"rows": [{**row, "billed": billed, **changes}], "replace": True}
    answer = api.post("/v1/usage", json=sent)
    assert answer.status_code == 200, answer.text
    check_budgets(api.database, now=datetime.now(UTC))


def _variance(api: Api, budget: dict[str, Any]) -> dict[str, Any]:
    return dict(api.get(f"/v1/budgets/{budget['id']}/variance").json())


def test_actual_cost_stands_in_the_place_of_the_forecast(api: Api, budget: dict[str, Any]) -> None:
    assert budget["expected"] == "4800.00"
    _record(api, "2026-06", "2000.00")
    _record(api, "2026-06", "100.00", meter="input")
    found = _variance(api, budget)
    assert [(one["estimate"], one["estimate_from"]) for one in found["months"]] == [
        ("2100.00", "actual"),
        ("1600.00", "forecast"),
        ("1600.00", "forecast"),
    ]
    total = found["total"]
    assert (total["actual"], total["budget_to_date"], total["variance_to_date"]) == ("2100.00", "1600.00", "500.00")
    assert (total["estimate"], total["variance"], total["remaining"]) == ("5300.00", "500.00", "-500.00")


def test_each_fraction_that_actual_cost_reaches_is_told_once(api: Api, budget: dict[str, Any]) -> None:
    for month, told in (("2026-06", 1), ("2026-07", 2), ("2026-08", 3)):
        _record(api, month, "2500.00" if month == "2026-06" else "1500.00")
        assert len(api.get(f"/v1/budgets/{budget['id']}/alerts").json()["items"]) == told
    _record(api, "2026-08", "1600.00")
    events = budgets.events(api, "budget.threshold_crossed")
    assert [Decimal(event.data["limit"]) for event in events] == [Decimal(2400), Decimal(3840), Decimal(4800)]
    assert [event.data["measure"] for event in events] == ["actual"] * 3


def test_only_what_the_budget_or_the_forecast_knows_counts(api: Api, budget: dict[str, Any]) -> None:
    _record(api, "2026-06", "70.00", workload="another", route=MODEL)
    _record(api, "2025-06", "70.00")
    assert _variance(api, budget)["total"]["actual"] is None


def test_cost_in_another_currency_is_left_out_and_named(api: Api, budget: dict[str, Any]) -> None:
    _record(api, "2026-06", "70.00", currency="EUR")
    found = _variance(api, budget)
    assert (found["total"]["actual"], found["currencies_left_out"]) == (None, ["EUR"])


def test_nobody_sees_the_cost_of_another_workspace(api: Api, stranger: Api, budget: dict[str, Any]) -> None:
    _record(stranger, "2026-06", "999.00")
    assert _variance(api, budget)["total"]["actual"] is None
