"""One row for each account, cost centre, project and fiscal year, with its twelve months and their sum."""

from collections.abc import Iterator

from service.exports.cells import csv_pieces, number_cell, text_cell
from service.exports.loads.tall import version_of
from service.exports.loads.years import years_of
from service.exports.source import Choices, ExportSource

COLUMNS = (
    "entity",
    "account",
    "cost_center",
    "project",
    "scenario",
    "version",
    "currency",
    "FY",
    *(f"M{number:02d}" for number in range(1, 13)),
    "total",
)


def write(source: ExportSource, choices: Choices) -> Iterator[bytes]:
    profile = choices.profile
    entity, scenario, version = map(text_cell, (profile.entity, profile.scenario, version_of(source, choices)))
    rows = [
        (
            entity,
            text_cell(year.key.account),
            text_cell(year.key.cost_center),
            text_cell(year.key.project),
            scenario,
            version,
            source.currency,
            str(year.key.fiscal_year),
            *(number_cell(amount, profile.decimal_separator) for amount in year.amounts),
            number_cell(year.total, profile.decimal_separator),
        )
        for year in years_of(source, choices)
    ]
    return csv_pieces(COLUMNS, [rows], profile)
