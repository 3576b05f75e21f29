"""Actual cost stands over the forecast, the forecast over the budget; limits are of the amount with contingency."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from service.budgeting.comparison import Comparison, compare
from service.budgeting.crossings import crossings
from service.budgeting.standing import standing
from service.store.budgets.overrides import OverrideRecord
from service.store.budgets.thresholds import ThresholdRecord
from service.store.budgets.versions import BudgetRecord

NOW = datetime(2027, 1, 15, tzinfo=UTC)
MONTHS = [date(2027, month, 1) for month in (1, 2, 3)]
OWN = UUID("01a20ac5-0000-7000-8000-000000000001")
cents = st.integers(-(10**9), 10**12).map(lambda amount: Decimal(amount).scaleb(-2))


def _record(approved_at: datetime | None = None) -> BudgetRecord:
    return BudgetRecord(
        name="fy27",
        forecast_id=OWN,
        currency="USD",
        basis="effective",
        confidence=Decimal("0.8"),
        amount=Decimal("330.00"),
        expected=Decimal("300.00"),
        contingency=Decimal("30.00"),
        first_month=MONTHS[0],
        months=3,
        note="",
        id=OWN,
        number=1,
        status="draft" if approved_at is None else "approved",
        version=1,
        created_by="key/1",
        created_at=NOW,
        updated_at=NOW,
        submitted_by=None,
        submitted_at=approved_at,
        submitted_reason=None,
        approved_by=None,
        approved_at=approved_at,
        approved_reason=None,
        superseded_by=None,
        superseded_at=None,
    )


def _override(expires_on: date) -> OverrideRecord:
    return OverrideRecord(
        budget_id=OWN,
        month=MONTHS[1],
        line=None,
        original=Decimal("100.00"),
        amount=Decimal("150.00"),
        reason="launch",
        expires_on=expires_on,
        id=uuid4(),
        created_by="key/1",
        created_at=NOW,
        withdrawn_by=None,
        withdrawn_at=None,
    )


def _compared(
    *, actual: dict[date, Decimal], forecast: dict[date, Decimal], today: date = date(2027, 4, 1)
) -> Comparison:
    original = dict.fromkeys(MONTHS, Decimal("100.00"))
    budget = standing(_record(), original, (), today=NOW.date())
    return compare(budget, forecast_id=OWN, forecast=forecast, actual=actual, today=today)


def _threshold(measure: str, period: str, fraction: str) -> ThresholdRecord:
    return ThresholdRecord(
        measure=measure,
        period=period,
        fraction=Decimal(fraction),
        amount=None,
        id=uuid4(),
        budget_name="fy27",
        created_by="key/1",
        created_at=NOW,
    )


def test_an_override_ends_after_its_last_day_in_a_draft_but_not_in_what_was_approved_before() -> None:
    original = dict.fromkeys(MONTHS, Decimal("100.00"))
    last = date(2027, 1, 31)
    for record, today, expected in (
        (_record(), last, "350.00"),
        (_record(), date(2027, 2, 1), "300.00"),
        (_record(approved_at=NOW), date(2027, 12, 1), "350.00"),
        (_record(approved_at=datetime(2027, 2, 1, tzinfo=UTC)), date(2027, 12, 1), "300.00"),
    ):
        found = standing(record, original, [_override(last)], today=today)
        assert (str(found.expected), found.amount - found.expected) == (expected, Decimal("30.00"))


def test_actual_cost_stands_over_the_forecast_and_the_forecast_over_the_budget() -> None:
    found = _compared(
        actual={MONTHS[0]: Decimal("120.00")}, forecast={MONTHS[0]: Decimal("90.00"), MONTHS[1]: Decimal("110.00")}
    )
    assert [(str(one.estimate), one.source) for one in found.months] == [
        ("120.00", "actual"),
        ("110.00", "forecast"),
        ("100.00", "budget"),
    ]
    assert (found.actual, found.budget_to_date) == (Decimal("120.00"), Decimal("100.00"))
    assert (found.estimate, found.variance, found.remaining) == (Decimal("330.00"), Decimal("30.00"), Decimal("0.00"))


def test_a_month_that_still_runs_is_estimated_at_its_forecast_but_never_below_what_it_cost_so_far() -> None:
    for spent, estimate, source in (("40.00", "110.00", "forecast"), ("111.00", "111.00", "actual")):
        found = _compared(
            actual={MONTHS[0]: Decimal(spent)}, forecast={MONTHS[0]: Decimal("110.00")}, today=date(2027, 1, 31)
        )
        assert (str(found.months[0].estimate), found.months[0].source) == (estimate, source)
    ended = _compared(
        actual={MONTHS[0]: Decimal("40.00")}, forecast={MONTHS[0]: Decimal("110.00")}, today=date(2027, 2, 1)
    )
    assert (str(ended.months[0].estimate), ended.months[0].source) == ("40.00", "actual")


@given(st.dictionaries(st.sampled_from(MONTHS), cents), st.dictionaries(st.sampled_from(MONTHS), cents))
def test_variances_of_months_add_to_that_of_the_whole(
    actual: dict[date, Decimal], forecast: dict[date, Decimal]
) -> None:
    found = _compared(actual=actual, forecast=forecast)
    assert sum(one.variance for one in found.months) == found.variance
    assert found.remaining == found.standing.amount - found.estimate
    assert found.variance + found.remaining == Decimal("30.00")


def test_actual_cost_reaches_the_fractions_of_the_amount_one_after_the_other() -> None:
    rules = [_threshold("actual", "total", fraction) for fraction in ("0.5", "0.8", "1")]
    for spent, reached in (("164.99", 0), ("165.00", 1), ("263.99", 1), ("264.00", 2), ("330.00", 3)):
        found = _compared(actual={MONTHS[0]: Decimal(spent)}, forecast={})
        assert len(crossings(rules, found)) == reached


def test_a_months_limit_is_of_the_months_own_budget_and_only_where_there_is_a_figure() -> None:
    found = _compared(actual={MONTHS[0]: Decimal("80.00")}, forecast={MONTHS[1]: Decimal("80.00")})
    assert [one.month for one in crossings([_threshold("actual", "month", "0.8")], found)] == [MONTHS[0]]
    # The last month is estimated at its budget.
    assert [one.month for one in crossings([_threshold("forecast", "month", "0.8")], found)] == MONTHS
