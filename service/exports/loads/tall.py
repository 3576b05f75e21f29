"""One row for each line and basis: what most tools can map."""

from collections.abc import Iterable, Iterator

from service.exports.budget_rows import BudgetRow, budget_rows
from service.exports.cells import csv_pieces, number_cell, text_cell
from service.exports.fiscal import fiscal_period
from service.exports.source import Basis, Choices, ExportSource

COLUMNS = (
    "entity",
    "account",
    "cost_center",
    "project",
    "scenario",
    "version",
    "currency",
    "period",
    "fiscal_period",
    "amount",
    "quantity",
    "unit",
    "unit_price",
    "line_type",
    "source_forecast_id",
    "kind",
    "route",
    "meter",
    "line",
)
_LINE_TYPES: dict[Basis, str] = {"billed": "cash", "effective": "accrual"}


def write(source: ExportSource, choices: Choices) -> Iterator[bytes]:
    chunks = (_cells(rows, source, choices) for rows in budget_rows(source, choices))
    return csv_pieces(COLUMNS, chunks, choices.profile)


def _cells(rows: Iterable[BudgetRow], source: ExportSource, choices: Choices) -> Iterator[tuple[str, ...]]:
    profile = choices.profile
    starts_in = profile.fiscal_year_start_month or source.fiscal_year_start_month
    months = {month: (profile.date(month, "YYYY-MM"), fiscal_period(month, starts_in)) for month in source.months}
    separator = profile.decimal_separator
    entity, scenario = text_cell(profile.entity), text_cell(profile.scenario)
    version, forecast_id = text_cell(version_of(source, choices)), str(source.forecast.id)
    for row in rows:
        yield (
            entity,
            text_cell(row.account),
            text_cell(row.cost_center),
            text_cell(row.project),
            scenario,
            version,
            source.currency,
            *months[row.month],
            number_cell(row.amount, separator),
            number_cell(row.quantity, separator),
            row.unit,
            number_cell(row.unit_price, separator),
            _LINE_TYPES[row.basis],
            forecast_id,
            row.kind,
            text_cell(row.route),
            text_cell(row.meter),
            row.line,
        )


def version_of(source: ExportSource, choices: Choices) -> str:
    """The profile's version, or else the day whose prices the forecast knew."""
    named = choices.profile.budget_version
    return source.forecast.as_of.isoformat() if named is None else named
