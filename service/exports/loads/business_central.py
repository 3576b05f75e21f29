"""Business Central: one row for each budget entry, an account on the first day of a month with its dimensions."""

from collections.abc import Iterator
from datetime import date

from service.exports.cells import csv_pieces, number_cell, text_cell
from service.exports.loads.tall import version_of
from service.exports.loads.years import Year, years_of
from service.exports.source import Choices, ExportSource

COLUMNS = (
    "budgetName",
    "glAccountNo",
    "budgetDate",
    "budgetAmount",
    "dimensionValueCode1",
    "dimensionValueCode2",
    "entryNo",
)


def write(source: ExportSource, choices: Choices) -> Iterator[bytes]:
    return csv_pieces(COLUMNS, [_entries(source, choices)], choices.profile)


def _entries(source: ExportSource, choices: Choices) -> Iterator[tuple[str, ...]]:
    profile = choices.profile
    starts_in = profile.fiscal_year_start_month or source.fiscal_year_start_month
    name = text_cell(profile.budget_name or f"{profile.scenario} {version_of(source, choices)}")
    entry = 0
    for year in years_of(source, choices):
        for place, amount in enumerate(year.amounts):
            if not amount:
                continue
            entry += 1
            yield (
                name,
                text_cell(year.key.account),
                profile.date(_month(year, place, starts_in), "YYYY-MM-DD"),
                number_cell(amount, profile.decimal_separator),
                text_cell(year.key.cost_center),
                text_cell(year.key.project),
                str(entry),
            )


def _month(year: Year, place: int, starts_in: int) -> date:
    """The first day of a place in a fiscal year, which begins in the calendar year before unless with January."""
    index = (year.key.fiscal_year - (starts_in > 1)) * 12 + starts_in - 1 + place
    return date(index // 12, index % 12 + 1, 1)
