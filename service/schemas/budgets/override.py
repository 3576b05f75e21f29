"""Overrides of a budget on the wire: what is budgeted instead, why, and until when."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from forecasts.errors import Findings
from forecasts.money import minor_digits
from service.budgeting.standing import BudgetMonth
from service.schemas import meaning
from service.schemas.budgets.version import Reason
from service.schemas.wire import Amount, Wire
from service.store.budgets.overrides import NewOverride, OverrideRecord
from service.store.budgets.versions import BudgetRecord
from service.store.lines import LineRecord

_LineId = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{1,9}$")]


class OverrideIn(Wire, kw_only=True, frozen=True):
    """Either a month or a line of the budget's forecast; `expires_on` is the last day on which it counts."""

    month: str | None = None
    line: _LineId | None = None
    amount: Amount
    reason: Reason
    expires_on: str | None = None

    def check(self, findings: Findings, budget: BudgetRecord, *, today: date) -> None:
        """What can be told without the forecast's lines."""
        if (self.month is None) == (self.line is None):
            findings.add("/month", "give either a month such as 2027-03 or the id of a line")
        if self.month is not None:
            meaning.month(findings, "/month", self.month)
        if meaning.amount(findings, "/amount", self.amount, least=-meaning.MAX_AMOUNT) == self.amount:
            digits = minor_digits(budget.currency)
            exponent = self.amount.normalize().as_tuple().exponent
            if isinstance(exponent, int) and -exponent > digits:
                findings.add("/amount", f"must have at most {digits} decimals, which is what {budget.currency} has")
        if self.expires_on is not None and meaning.day(findings, "/expires_on", self.expires_on) < today:
            findings.add("/expires_on", f"must not lie before today, {today}")

    def to_override(self, budget: BudgetRecord, original: BudgetMonth | LineRecord) -> NewOverride:
        """`original` is the month or the line that is overridden."""
        if isinstance(original, LineRecord):
            computed = original.billed if budget.basis == "billed" else original.effective
            line: int | None = original.position
        else:
            computed, line = original.original, None
        return NewOverride(
            budget_id=budget.id,
            month=original.month,
            line=line,
            original=computed,
            amount=self.amount.quantize(Decimal(1).scaleb(-minor_digits(budget.currency))),
            reason=self.reason,
            expires_on=None if self.expires_on is None else date.fromisoformat(self.expires_on),
        )


class OverrideOut(msgspec.Struct, frozen=True, kw_only=True):
    """`original` is what was computed; `in_force` says whether it counts, on the day of the approval or today."""

    id: UUID
    month: str
    line: str | None
    original: Decimal
    amount: Decimal
    reason: str
    expires_on: date | None
    in_force: bool
    created_by: str
    created_at: datetime
    withdrawn_by: str | None
    withdrawn_at: datetime | None


class OverrideList(msgspec.Struct, frozen=True, kw_only=True):
    items: list[OverrideOut]


def override_out(record: OverrideRecord, day: date) -> OverrideOut:
    return OverrideOut(
        id=record.id,
        month=f"{record.month:%Y-%m}",
        line=None if record.line is None else str(record.line),
        original=record.original,
        amount=record.amount,
        reason=record.reason,
        expires_on=record.expires_on,
        in_force=record.is_in_force(day),
        created_by=record.created_by,
        created_at=record.created_at,
        withdrawn_by=record.withdrawn_by,
        withdrawn_at=record.withdrawn_at,
    )
