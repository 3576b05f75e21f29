"""What every journal is made of: a document for each month and kind, its debits and credits equal."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from forecasts.timeline import Month
from service.exports.source import Choices, ExportSource

# What is booked, and the field of the profile with the account against which it is.
AGAINST = {"depreciation": "accumulated_depreciation_account", "amortization": "prepaid_account"}


class Posting(NamedTuple):
    """One side is zero."""

    account: str
    cost_center: str
    debit: Decimal
    credit: Decimal


@dataclass(frozen=True, kw_only=True)
class Document:
    """A month's depreciation, or its part of what was prepaid; `posted` is the last day of the month."""

    name: str
    kind: str
    posted: date
    postings: tuple[Posting, ...]


def documents_of(source: ExportSource, choices: Choices) -> Iterator[Document]:
    """By month and kind; every cost centre is balanced in itself. Only the sums of accounts are held."""
    profile = choices.profile
    sums: dict[tuple[date, str, str, str], Decimal] = {}
    for chunk in source.chunks():
        for line in chunk:
            if line.kind in AGAINST and line.effective:
                key = (line.month, line.kind, profile.cost_center(line.cost_center), profile.account(line.gl_account))
                sums[key] = sums.get(key, Decimal(0)) + line.effective
    for month in source.months:
        for kind, field in AGAINST.items():
            booked = [(key, amount) for key, amount in sorted(sums.items()) if key[:2] == (month, kind) and amount]
            if booked:
                yield Document(
                    name=f"BUDGET-{source.forecast.id}-{month:%Y-%m}-{kind}",
                    kind=kind,
                    posted=date.fromordinal(Month.of(month).plus(1).first_day.toordinal() - 1),
                    postings=tuple(_postings(booked, getattr(profile, field))),
                )


def _postings(booked: list[tuple[tuple[date, str, str, str], Decimal]], against: str) -> Iterator[Posting]:
    owed: dict[str, Decimal] = {}
    for (_, _, cost_center, account), amount in booked:
        yield _posting(account, cost_center, amount)
        owed[cost_center] = owed.get(cost_center, Decimal(0)) + amount
    for cost_center, amount in owed.items():
        if amount:
            yield _posting(against, cost_center, -amount)


def _posting(account: str, cost_center: str, amount: Decimal) -> Posting:
    """A positive amount on the left, a negative one on the right."""
    nothing = Decimal(0)
    return Posting(account, cost_center, amount if amount > 0 else nothing, -amount if amount < 0 else nothing)
