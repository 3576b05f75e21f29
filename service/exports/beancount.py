"""Budgets for beancount: one directive for each account and month."""

import re
from collections.abc import Iterator
from decimal import Decimal

from forecasts.timeline import Month
from service.exports.budget_rows import CONTINGENCY, budget_rows
from service.exports.cells import number_cell
from service.exports.source import Choices, ExportSource

_ACCOUNT = re.compile(r"(Assets|Liabilities|Equity|Income|Expenses)(:[A-Z0-9][A-Za-z0-9-]*)+")
_NOT_OF_A_NAME = re.compile(r"[^A-Za-z0-9-]+")


def write(source: ExportSource, choices: Choices) -> Iterator[bytes]:
    nothing = Decimal(0).quantize(source.cent)
    accounts: dict[str, list[Decimal]] = {}
    places = {month: place for place, month in enumerate(source.months)}
    for rows in budget_rows(source, choices):
        for row in rows:
            named = row.account or (CONTINGENCY if row.kind == CONTINGENCY else "Unassigned")
            amounts = accounts.setdefault(account_name(named), [nothing] * len(places))
            amounts[places[row.month]] += row.amount
    # A budget holds until the next directive, so each month has one, and so has the first month after the horizon.
    months = [*source.months, Month.of(source.months[-1]).plus(1).first_day]
    yield f"; Tokencast forecast {source.forecast.id}, {choices.bases[0]} cost\n".encode()
    for account, amounts in sorted(accounts.items()):
        for month, amount in zip(months, [*amounts, nothing], strict=True):
            line = f'{month:%Y-%m-%d} custom "budget" {account} "monthly" {number_cell(amount)} {source.currency}\n'
            yield line.encode()


def account_name(code: str) -> str:
    """The code itself where it is a name that beancount takes, otherwise an account of expenses made of it."""
    if _ACCOUNT.fullmatch(code):
        return code
    parts = (_NOT_OF_A_NAME.sub("-", part).strip("-") for part in code.split(":"))
    named = [part[0].upper() + part[1:] for part in parts if part]
    return ":".join(("Expenses", *(named or ["Unnamed"])))
