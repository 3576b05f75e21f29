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


def test_a_draft_is_overridden_commented_on_and_given_back(invoke: Invoke, forecast: dict[str, Any]) -> None:
    budget = json.loads(invoke("budgets", "draft", forecast["id"], "--name", "changed", "--json").stdout)
    month = ("--month", "2027-03", "--amount", "15000", "--reason", "a pilot ends")
    added = invoke("budgets", "override", "add", budget["id"], *month, "--expires-on", "2027-01-31", "--json")
    assert added.exit_code == 0, added.stderr
    override = json.loads(added.stdout)
    assert (override["original"], override["amount"]) == ("18000.00", "15000.00")
    listed = " ".join(invoke("budgets", "override", "list", budget["id"]).stdout.split())
    assert f"{override['id']} 2027-03 18,000.00 15,000.00 until 2027-01-31 a pilot ends" in listed
    withdrawn = invoke("budgets", "override", "withdraw", budget["id"], override["id"])
    assert withdrawn.stdout == "2027-03 is budgeted at 18,000.00 again\n"
    assert "withdrawn" in invoke("budgets", "override", "list", budget["id"]).stdout
    said = invoke("budgets", "comment", budget["id"], "a launch\x1b[2J moved", "--month", "2027-03")
    assert said.stdout == "2027-03: a launch\\x1b[2J moved\n"
    assert "moved" in invoke("budgets", "show", budget["id"], "--forecast", forecast["id"]).stdout
    invoke("budgets", "submit", budget["id"], "--reason", "ready")
    returned = invoke("budgets", "return", budget["id"], "--reason", "not yet")
    assert returned.stdout.startswith("changed version 1 is draft")
    assert invoke("budgets", "delete", budget["id"]).exit_code == 0
    assert invoke("budgets", "show", budget["id"]).exit_code == 2


def test_a_threshold_is_added_listed_with_what_it_raised_and_removed(invoke: Invoke, forecast: dict[str, Any]) -> None:
    budget = json.loads(invoke("budgets", "draft", forecast["id"], "--name", "watched", "--json").stdout)
    limit = ("--amount", "100", "--measure", "forecast", "--period", "month")
    added = invoke("budgets", "threshold", "add", budget["id"], *limit, "--json")
    assert added.exit_code == 0, added.stderr
    threshold = json.loads(added.stdout)
    part = invoke("budgets", "threshold", "add", budget["id"], "--fraction", "0.95")
    assert part.stdout.startswith("watched is watched for actual at 95 % of the budget (")
    invoke("budgets", "submit", budget["id"], "--reason", "ready")
    invoke("budgets", "approve", budget["id"], "--reason", "agreed")
    # A threshold that is added to an approved budget is looked at there and then.
    again = invoke("budgets", "threshold", "add", budget["id"], "--amount", "200", "--measure", "forecast")
    assert again.exit_code == 0, again.stderr
    listed = " ".join(invoke("budgets", "threshold", "list", budget["id"]).stdout.split())
    assert f"{threshold['id']} forecast at 100 in a month" in listed
    assert "forecast at 200 in total 200 216,000.00" in listed
    removed = invoke("budgets", "threshold", "remove", budget["id"], threshold["id"])
    assert removed.stdout == f"removed {threshold['id']}\n"
    left = json.loads(invoke("budgets", "threshold", "list", budget["id"], "--json").stdout)["items"]
    assert threshold["id"] not in [one["id"] for one in left]


def test_bad_overrides_comments_and_thresholds_are_told_by_their_fields(
    invoke: Invoke, forecast: dict[str, Any]
) -> None:
    budget = json.loads(invoke("budgets", "draft", forecast["id"], "--name", "bad", "--json").stdout)
    out = invoke("budgets", "override", "add", budget["id"], "--month", "2031-01", "--amount", "x", "--reason", "r")
    assert (out.exit_code, "/amount" in out.stderr) == (2, True)
    far = invoke("budgets", "override", "add", budget["id"], "--month", "2031-01", "--amount", "5", "--reason", "r")
    assert (far.exit_code, far.stderr.partition(":")[0]) == (2, "/month")
    both = invoke("budgets", "threshold", "add", budget["id"], "--amount", "5", "--fraction", "0.5")
    assert (both.exit_code, both.stderr.partition(":")[0]) == (2, "/fraction")
    odd = invoke("budgets", "comment", budget["id"], "why", "--month", "2027-13")
    assert (odd.exit_code, odd.stderr.partition(":")[0]) == (2, "/month")
    assert invoke("budgets", "override", "withdraw", budget["id"], "none").exit_code == 2
