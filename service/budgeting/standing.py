"""A budget as it stands on a day: its forecast's months, with the overrides that are in force."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from forecasts.money import minor_digits
from forecasts.timeline import Month
from service.store.budgets.overrides import OverrideRecord
from service.store.budgets.versions import BudgetRecord


@dataclass(frozen=True, kw_only=True)
class BudgetMonth:
    """`original` is the forecast's expected cost, `budget` what an override made of it."""

    month: date
    original: Decimal
    budget: Decimal


@dataclass(frozen=True, kw_only=True)
class StandingBudget:
    """`expected` is the sum of the months; `amount` adds the contingency, which overrides do not touch."""

    record: BudgetRecord
    months: tuple[BudgetMonth, ...]
    expected: Decimal
    amount: Decimal


def months_of(record: BudgetRecord) -> list[date]:
    """The first day of each month of the budget."""
    first = Month.of(record.first_month)
    return [first.plus(index).first_day for index in range(record.months)]


def nothing(currency: str) -> Decimal:
    """Zero, with the decimals that the currency has."""
    return Decimal(0).scaleb(-minor_digits(currency))


def changes_by_month(overrides: Iterable[OverrideRecord], day: date) -> dict[date, Decimal]:
    """What the overrides in force add to each month; that of a whole month stands over those of its lines."""
    changes: dict[date, Decimal] = {}
    in_force = [one for one in overrides if one.is_in_force(day)]
    whole = {one.month: one.amount - one.original for one in in_force if one.line is None}
    for one in in_force:
        if one.month not in whole:
            changes[one.month] = changes.get(one.month, Decimal(0)) + one.amount - one.original
    return {**changes, **whole}


def standing(
    record: BudgetRecord, original: Mapping[date, Decimal], overrides: Iterable[OverrideRecord], *, today: date
) -> StandingBudget:
    """`original` has the forecast's expected cost of each month that costs anything.

    Overrides count on the day of the approval once there is one: what was approved no longer moves.
    """
    changes = changes_by_month(overrides, record.decided_on(today))
    zero = nothing(record.currency)
    months = tuple(
        BudgetMonth(
            month=month,
            original=original.get(month, zero),
            budget=original.get(month, zero) + changes.get(month, zero),
        )
        for month in months_of(record)
    )
    expected = sum((month.budget for month in months), zero)
    return StandingBudget(record=record, months=months, expected=expected, amount=expected + record.contingency)
