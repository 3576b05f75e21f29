"""Budgets as tables for people: their versions, and one beside what is forecast, month by month."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.text import Text

from service.cli.failures import plain
from service.cli.screen import table
from service.wording.amounts import money, percent

Json = Mapping[str, Any]

_NONE = "-"


def print_budgets(found: Iterable[Json], console: Console) -> None:
    shown = table("", "Id", "Name", "Status", "Months", "Version", "Amount", "Expected", "", numbers=4)
    for budget in found:
        horizon = budget["horizon"]
        shown.add_row(
            budget["id"],
            Text(plain(budget["name"])),
            budget["status"],
            f"{horizon['first_month']} +{horizon['months']}",
            str(budget["number"]),
            money(budget["amount"]),
            money(budget["expected"]),
            budget["currency"],
        )
    console.print(shown)


def print_comparison(found: Json, console: Console) -> None:
    """Months, their total, and what the estimate leaves of the amount."""
    total = found["total"]
    console.print()
    console.print(
        plain(
            f"{found['name']} version {found['number']}, {found['status']}: {found['basis']} cost in "
            f"{found['currency']}, against forecast {found['forecast_id']}"
        )
    )
    console.print()
    columns = ("Budget", "Actual", "Forecast", "Variance", "")
    shown = table("Budget against forecast", "", *columns, "Comment", numbers=0)
    for column in shown.columns[1 : 1 + len(columns)]:
        column.justify, column.no_wrap = "right", True
    for month in found["months"]:
        shown.add_row(month["month"] + ("*" if month["budget"] != month["original"] else ""), *_cells(month))
    shown.add_section()
    shown.add_row("Total", *_cells(total))
    console.print(shown)
    if any(month["budget"] != month["original"] for month in found["months"]):
        console.print("* budgeted at another amount than was computed\n")
    console.print(
        f"Budget {money(total['amount'])} with a contingency of {money(total['contingency'])}; "
        f"the estimate of {money(total['estimate'])} leaves {money(total['remaining'])}"
    )


def _cells(figures: Json) -> list[str | Text]:
    fraction = figures["variance_fraction"]
    return [
        money(figures["budget"]),
        _NONE if figures["actual"] is None else money(figures["actual"]),
        _NONE if figures["forecast"] is None else money(figures["forecast"]),
        _signed(figures["variance"]),
        _NONE if fraction is None else f"{'+' if fraction > 0 else ''}{percent(fraction)}",
        Text(plain(figures["comment"] or "")),
    ]


def _signed(amount: str) -> str:
    return f"{'+' if Decimal(amount) > 0 else ''}{money(amount)}"
