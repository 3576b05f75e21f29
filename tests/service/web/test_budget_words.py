"""What a budget's page says in words: rules, deeds, and the forecasts to choose from."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest

from service.store.audit import AuditRecord
from service.store.budgets.thresholds import AlertRecord, NewThreshold, ThresholdRecord
from service.store.forecasts import ForecastRecord
from service.web.views.actors import actor_name, key_ids
from service.web.views.budgets import deeds, forecast_choices, threshold_words, watched

NOW = datetime(2027, 1, 15, 9, 30, tzinfo=UTC)
KEY = UUID("01a20ac5-0000-7000-8000-000000000001")


def _logged(action: str, **detail: Any) -> AuditRecord:
    return AuditRecord(uuid4(), f"key/{KEY}", action, "budget/1", detail, NOW)


def _forecast(number: int, currency: str = "USD") -> ForecastRecord:
    return ForecastRecord(
        id=UUID(int=number),
        status="succeeded",
        inputs_sha256="",
        as_of=date(2027, 1, 1),
        seed=1,
        draws=64,
        model_version="1",
        currency=currency,
        horizon_first_month=date(2027, 1, 1),
        horizon_months=12,
        requested_by="key/1",
        previous_forecast_id=None,
        progress_fraction=1.0,
        queued_at=NOW,
        started_at=NOW,
        finished_at=NOW,
        attempt=1,
        cancel_requested_at=None,
        problem=None,
        basis="effective",
        confidence=Decimal("0.8"),
        budget_amount=Decimal("1234.56"),
        expected=Decimal(1000),
        contingency=Decimal("234.56"),
    )


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (("actual", "total", "0.8", None), "Actual cost of the whole budget reaches 80 %"),
        (("forecast", "month", "1.125", None), "Forecast cost of a month reaches 112.5 %"),
        (("forecast", "total", "1", None), "Forecast cost of the whole budget reaches 100 %"),
        (("actual", "month", None, "5000"), "Actual cost of a month reaches $5,000.00"),
    ],
)
def test_a_threshold_is_said_with_its_limit(rule: tuple[str, str, str | None, str | None], said: str) -> None:
    measure, period, fraction, amount = rule
    one = NewThreshold(
        measure=measure,
        period=period,
        fraction=None if fraction is None else Decimal(fraction),
        amount=None if amount is None else Decimal(amount),
    )
    assert threshold_words(one, "USD") == said


def test_the_history_says_who_did_what_and_why() -> None:
    log = [
        _logged("budget.approve", name="fy27", number=1, reason="signed"),
        _logged("budget.override", month="2027-03-01", line=None, original="10", amount="12.5", reason="launch"),
        _logged("budget.comment", month=None, comment="as expected"),
        _logged("budget.add_threshold", measure="actual", period="total", fraction="0.5", amount=None),
    ]
    found = deeds(log, {KEY: "finance"}, "USD")
    assert {one.by for one in found} == {"finance"}
    assert [(one.what, one.why) for one in found] == [
        ("Approved", "signed"),
        ("Budgeted Mar 2027 at $12.50 instead of $10.00", "launch"),
        ("Commented on the whole budget", "as expected"),
        ("Added a threshold: Actual cost of the whole budget reaches 50 %", ""),
    ]


def test_a_deed_that_has_no_words_is_left_out() -> None:
    assert deeds([_logged("budget.something_new")], {}, "USD") == []


def test_an_alert_outlives_its_threshold() -> None:
    rule = ThresholdRecord(
        measure="actual",
        period="month",
        fraction=Decimal("0.8"),
        amount=None,
        id=uuid4(),
        budget_name="fy27",
        created_by="key/1",
        created_at=NOW,
    )
    alert = AlertRecord(
        threshold_id=rule.id,
        month=date(2027, 2, 1),
        limit_amount=Decimal(8),
        value=Decimal(9),
        forecast_id=uuid4(),
        id=uuid4(),
        budget_id=uuid4(),
        crossed_at=NOW,
        cleared_at=None,
    )
    [standing] = watched([alert], [rule], "USD")
    assert (standing.rule, standing.of) == ("Actual cost of a month reaches 80 %", "Feb 2027")
    [left] = watched([alert], [], "USD")
    assert left.rule == "A threshold that was removed since"


def test_only_forecasts_in_the_budgets_currency_are_offered_and_the_chosen_one_always_is() -> None:
    chosen = _forecast(1)
    offered = forecast_choices([_forecast(9, "EUR"), _forecast(5)], newest=UUID(int=5), chosen=chosen)
    assert [address for address, _ in offered] == [str(UUID(int=5)), str(chosen.id)]
    assert offered[0][1] == (
        "2027-01-15 09:30 UTC, 12 months from Jan 2027, $1,235 (the newest that covers the budget)"
    )


def test_who_is_no_key_is_called_as_the_log_does() -> None:
    assert key_ids([f"key/{KEY}", "command line", None, "key/no-id"]) == {KEY}
    assert actor_name(f"key/{KEY}", {KEY: "ci"}) == "ci"
    assert actor_name(f"key/{KEY}", {}) == "a key that is gone"
    assert actor_name("schedule/0192", {}) == "schedule"
