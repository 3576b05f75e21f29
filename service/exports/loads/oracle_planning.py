"""Oracle Planning: accounts as the driver, twelve months across, and the point of view in one quoted cell."""

import calendar
from collections.abc import Iterator
from datetime import date

from service.exports.cells import csv_pieces, number_cell, text_cell
from service.exports.loads.tall import version_of
from service.exports.loads.years import Year, years_of
from service.exports.source import Choices, ExportSource

_CUBE = "Plan1"


def write(source: ExportSource, choices: Choices) -> Iterator[bytes]:
    profile = choices.profile
    starts_in = profile.fiscal_year_start_month or source.fiscal_year_start_month
    months = [calendar.month_abbr[date(2000, (starts_in - 1 + place) % 12 + 1, 1).month] for place in range(12)]
    rows = [
        (
            text_cell(year.key.account),
            *(number_cell(amount, profile.decimal_separator) for amount in year.amounts),
            text_cell(_point_of_view(year, source, choices)),
            text_cell(profile.cube or _CUBE),
        )
        for year in years_of(source, choices, by_project=False)
    ]
    return csv_pieces(("Account", *months, "Point-of-View", "Data Load Cube Name"), [rows], profile)


def _point_of_view(year: Year, source: ExportSource, choices: Choices) -> str:
    """Currency, entity, scenario, version and year; the entity of a cost is its cost centre where it has one."""
    entity = year.key.cost_center or choices.profile.entity
    fiscal_year = f"FY{year.key.fiscal_year % 100:02d}"
    return ",".join(("Local", entity, choices.profile.scenario, version_of(source, choices), fiscal_year))
