"""`tokencast budgets` against the running service."""

import json
from typing import Any

import pytest

from tests.service.cli.conftest import ROOT, Invoke


@pytest.fixture
def forecast(invoke: Invoke) -> dict[str, Any]:
    made = invoke("forecast", ROOT / "examples/article.yaml", "--json")
    assert made.exit_code == 0, made.stderr
    return dict(json.loads(made.stdout))


def test_a_forecast_becomes_an_approved_budget_step_by_step(invoke: Invoke, forecast: dict[str, Any]) -> None:
    drafted = invoke("budgets", "draft", forecast["id"], "--name", "steps", "--json")
    assert drafted.exit_code == 0, drafted.stderr
    budget = json.loads(drafted.stdout)
    submitted = invoke("budgets", "submit", budget["id"], "--reason", "ready")
    assert submitted.stdout == f"steps version 1 is submitted: 216,000.00 USD ({budget['id']})\n"
    approved = invoke("budgets", "approve", budget["id"], "--reason", "agreed", "--version", "2")
    assert approved.stdout == f"steps version 1 is approved: 216,000.00 USD ({budget['id']})\n"
    [listed] = json.loads(invoke("budgets", "list", "--name", "steps", "--json").stdout)["items"]
    assert (listed["status"], listed["approved"]["reason"]) == ("approved", "agreed")
    words = " ".join(invoke("budgets", "list", "--name", "steps").stdout.split())
    assert f"{budget['id']} steps approved 2027-01 +12 1 216,000.00 216,000.00 USD" in words


def test_budget_forecast_and_variance_stand_side_by_side(invoke: Invoke, forecast: dict[str, Any]) -> None:
    budget = json.loads(invoke("budgets", "draft", forecast["id"], "--name", "beside", "--json").stdout)
    shown = invoke("budgets", "show", budget["id"], "--forecast", forecast["id"])
    assert shown.exit_code == 0, shown.stderr
    words = " ".join(shown.stdout.split())
    assert shown.stdout.startswith(
        f"\nbeside version 1, draft: effective cost in USD, against forecast {forecast['id']}\n"
    )
    assert "Budget Actual Forecast Variance Comment" in words
    assert "2027-01 18,000.00 - 18,000.00 0.00 0 %" in words
    assert "Total 216,000.00 - 216,000.00 0.00 0 %" in words
    assert "the estimate of 216,000.00 leaves 0.00" in words
    compared = json.loads(invoke("budgets", "show", budget["id"], "--json").stdout)
    assert [month["budget"] for month in compared["months"]] == ["18000.00"] * 12


def test_what_is_refused_ends_with_code_two_and_says_why(invoke: Invoke, forecast: dict[str, Any]) -> None:
    budget = json.loads(invoke("budgets", "draft", forecast["id"], "--name", "refused", "--json").stdout)
    early = invoke("budgets", "approve", budget["id"], "--reason", "x")
    assert (early.exit_code, "is draft; this is done to one that is submitted" in early.stderr) == (2, True)
    stale = invoke("budgets", "submit", budget["id"], "--reason", "x", "--version", "9")
    assert (stale.exit_code, 'at version "1" now' in stale.stderr) == (2, True)
    unknown = invoke("budgets", "draft", budget["id"], "--name", "refused")
    assert (unknown.exit_code, unknown.stderr.partition(":")[0]) == (2, "/forecast_id")
    assert invoke("budgets", "show", "no-such").exit_code == 2


def test_a_key_without_the_scope_cannot_approve(invoke: Invoke, forecast: dict[str, Any]) -> None:
    budget = json.loads(invoke("budgets", "draft", forecast["id"], "--name", "scope", "--json").stdout)
    invoke("budgets", "submit", budget["id"], "--reason", "ready")
    secret = invoke("keys", "create", "writer", "--scope", "read", "--scope", "write").stdout.strip()
    refused = invoke("budgets", "approve", budget["id"], "--reason", "x", TOKENCAST_API_KEY=secret)
    assert (refused.exit_code, "403" in refused.stderr) == (1, True)
