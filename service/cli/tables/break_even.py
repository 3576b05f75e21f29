"""Self-hosting against the API as a table: what each costs, and from which volume on the fleet is the cheaper one."""

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.text import Text

from service.cli.failures import plain
from service.cli.screen import table
from service.wording.amounts import percent


def print_break_even(found: Sequence[Mapping[str, Any]], console: Console) -> None:
    """One row for each workload on a fleet that says what to compare it with; the volume is that of the last month."""
    columns = ("Used", "Per Mtok", "by API", "P(cheaper)", "Turns at Mtok a month")
    shown = table("Self-hosting against an API, over the horizon", "", *columns, numbers=5)
    for one in found:
        months = one["months"]
        likely = sum(month["probability"] for month in months) / len(months)
        turning = months[-1]["turning_tokens"]
        shown.add_row(
            Text(plain(f"{one['workload']} on {one['fleet']}, not {one['compare_to']}")),
            percent(one["utilization_fraction"]),
            one["usd_per_mtok_fleet"],
            one["usd_per_mtok_api"],
            percent(likely),
            "never" if turning is None else f"{turning / 1e6:,.0f}",
        )
    if shown.row_count:
        console.print(shown)
