"""What moves a forecast's total as a table for people."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from service.cli.failures import plain
from service.cli.screen import table
from service.wording.amounts import money, percent

_MOST_DRIVERS = 6


def print_sensitivity(drivers: Sequence[Mapping[str, Any]], console: Console) -> None:
    if not drivers:
        return
    title = "What moves the total: one driver alone, all others at their medians"
    shown = table(title, "Driver", "", "P10", "P90", "Share of variance", numbers=3)
    for driver in drivers[:_MOST_DRIVERS]:
        shown.add_row(
            driver["kind"],
            Text(plain(driver["name"])),
            money(driver["p10"]),
            money(driver["p90"]),
            percent(driver["share_of_variance"]),
        )
    console.print(shown)
