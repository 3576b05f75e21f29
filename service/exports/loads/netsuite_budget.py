"""NetSuite: one row for each record of a budget import, an account of a department with its twelve periods."""

from collections.abc import Iterator

from service.exports.cells import csv_pieces, number_cell, text_cell
from service.exports.loads.years import years_of
from service.exports.source import Choices, ExportSource

COLUMNS = (
    "account",
    "department",
    "subsidiary",
    "accountingBook",
    "category",
    "budgettype",
    "year",
    "currency",
    "amount",
    *(f"periodamount{number}" for number in range(1, 13)),
)


def write(source: ExportSource, choices: Choices) -> Iterator[bytes]:
    profile = choices.profile
    named = (profile.entity, profile.accounting_book, profile.budget_name, profile.budget_type)
    rows = [
        (
            text_cell(year.key.account),
            text_cell(year.key.cost_center),
            *map(text_cell, named),
            str(year.key.fiscal_year),
            source.currency,
            number_cell(year.total, profile.decimal_separator),
            *(number_cell(amount, profile.decimal_separator) for amount in year.amounts),
        )
        for year in years_of(source, choices, by_project=False)
    ]
    return csv_pieces(COLUMNS, [rows], profile)
