"""The sentence of the first page: by how much, in which month, and why."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from service.budgeting.comparison import Comparison, compare
from service.budgeting.standing import standing
from service.schemas.explained.bridge import SentenceOut
from service.store.budgets.versions import BudgetRecord
from service.web.views.home import budget_card, top_driver

ID = UUID(int=1)
MOMENT = datetime(2026, 12, 1, tzinfo=UTC)
MONTHS = [date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)]


def _comparison(*forecast: str) -> Comparison:
    """Three months budgeted at 100 each with a contingency of 30."""
    nobody = dict.fromkeys(("submitted_by", "submitted_at", "submitted_reason", "superseded_by", "superseded_at"))
    record = BudgetRecord(
        **nobody,
        id=ID,
        name="fy27",
        forecast_id=ID,
        currency="USD",
        basis="effective",
        confidence=Decimal("0.8"),
        amount=Decimal("330.00"),
        expected=Decimal("300.00"),
        contingency=Decimal("30.00"),
        first_month=MONTHS[0],
        months=3,
        note="",
        number=1,
        status="approved",
        version=3,
        created_by="key/1",
        created_at=MOMENT,
        updated_at=MOMENT,
        approved_by="key/2",
        approved_at=MOMENT,
        approved_reason="fine",
    )
    budget = standing(record, dict.fromkeys(MONTHS, Decimal("100.00")), (), today=date(2026, 12, 2))
    expected = dict(zip(MONTHS, map(Decimal, forecast), strict=True))
    return compare(budget, forecast_id=ID, forecast=expected, actual={}, today=date(2026, 12, 2))


def test_a_budget_that_is_exceeded_names_the_amount_and_the_month_in_which_it_is_used_up() -> None:
    card = budget_card(_comparison("100.00", "240.00", "20.00"), [], ())
    assert (card.tone, card.over, card.passed_in) == ("bad", Decimal("30.00"), "2027-02")
    assert card.worst is not None
    assert (card.worst.month, card.worst.variance) == (date(2027, 2, 1), Decimal("140.00"))


@pytest.mark.parametrize(("forecast", "tone"), [(("100.00", "110.00", "110.00"), "warn"), (("90.00",) * 3, "good")])
def test_what_the_contingency_covers_is_a_warning_and_no_alarm(forecast: tuple[str, ...], tone: str) -> None:
    card = budget_card(_comparison(*forecast), [], ())
    assert (card.tone, card.passed_in) == (tone, None)


def test_nothing_is_worst_where_every_month_keeps_its_budget() -> None:
    assert budget_card(_comparison("100.00", "90.00", "100.00"), [], ()).worst is None


def test_the_driver_is_the_largest_part_of_the_bridge_before_anything_that_only_could_move_the_cost() -> None:
    drivers = [{"kind": "growth", "name": "chat", "share_of_variance": 0.57}]
    assert top_driver(drivers, ()) == "growth of chat, with 57% of the variance."
    told = {"part": "price", "fraction": None, "causes": ()}
    fell = SentenceOut(**told, amount="-5.00", text="Prices fell.")
    grew = SentenceOut(**told, amount="9.00", text="Volume grew.")
    assert top_driver(drivers, (fell, grew)) == "Volume grew."
    assert top_driver([], ()) is None
