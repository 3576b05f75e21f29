"""Lines as budget loads take them: one basis, the profile's codes and sign, and the contingency beside them."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from service.exports.source import Basis, Choices, ExportSource
from service.store.lines import LineRecord

CONTINGENCY = "contingency"
_PRICE = Decimal("1e-10")


class BudgetRow(NamedTuple):
    """An amount in one month, signed as the profile wants it. Made by the thousand, hence a tuple."""

    month: date
    account: str
    cost_center: str
    project: str
    amount: Decimal
    quantity: Decimal | None
    unit: str
    unit_price: Decimal | None
    basis: Basis
    kind: str
    route: str
    meter: str
    line: str


def budget_rows(source: ExportSource, choices: Choices) -> Iterator[list[BudgetRow]]:
    """The rows of each chunk; a basis in which a line costs nothing has no row unless the line costs nothing at all."""
    for chunk in source.chunks():
        yield [
            _row(line, basis, choices)
            for line in chunk
            for basis in choices.bases
            if getattr(line, basis) or not (line.billed or line.effective)
        ]
    if choices.contingency:
        yield list(_contingency(source, choices))


def _row(line: LineRecord, basis: Basis, choices: Choices) -> BudgetRow:
    amount: Decimal = getattr(line, basis)
    price = line.unit_price
    if line.billed != line.effective and line.quantity:
        # The stored price belongs to one of the two.
        price = (amount / line.quantity).quantize(_PRICE)
    return BudgetRow(
        month=line.month,
        account=choices.profile.account(line.gl_account),
        cost_center=choices.profile.cost_center(line.cost_center),
        project=line.workload or "",
        amount=_signed(amount, choices),
        quantity=line.quantity,
        unit=line.unit or "",
        unit_price=price,
        basis=basis,
        kind=line.kind,
        route=line.route or "",
        meter=line.meter or "",
        line=str(line.position),
    )


def _contingency(source: ExportSource, choices: Choices) -> Iterator[BudgetRow]:
    for month, amount in source.contingency.items():
        yield BudgetRow(
            month=month,
            account=choices.profile.contingency_account,
            cost_center=choices.profile.contingency_cost_center,
            project="",
            amount=_signed(amount, choices),
            quantity=None,
            unit="",
            unit_price=None,
            basis=source.basis,
            kind=CONTINGENCY,
            route="",
            meter="",
            line="",
        )


def _signed(amount: Decimal, choices: Choices) -> Decimal:
    return -amount if amount and choices.profile.sign == "negative" else amount
