"""A bridge as a table for people: its parts by fiscal year and in all, by workload, and the sentences."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.cli.failures import plain
from service.cli.screen import table
from service.wording.amounts import money

_MOST_WORKLOADS = 20
_NOTHING = "-"


def print_bridge(found: Mapping[str, Any], console: Console) -> None:
    basis = found["basis"]
    forecasts = [found[end] for end in ("from", "to")]
    ends = [f"{one['as_of']} ({one['months']} months from {one['first_month']})" for one in forecasts]
    console.print()
    console.print(plain(f"From the forecast as of {ends[0]} to that of {ends[1]}: {found['currency']}, {basis} cost"))
    console.print()
    years = found["annual"] if len(found["annual"]) > 1 else []
    shown = table("By part", "", *[str(year["fiscal_year"]) for year in years], "All months", numbers=len(years) + 1)
    _add_rows(shown, [*years, found], basis)
    console.print(shown)
    _print_workloads(found, console)
    for sentence in found["sentences"]:
        console.print(plain(f"  {sentence['text']}"))


def _add_rows(shown: Table, splits: list[Mapping[str, Any]], basis: str) -> None:
    shown.add_row("before", *[money(split["before"][basis]) for split in splits])
    for index, part in enumerate(splits[-1]["parts"]):
        amounts = [split["parts"][index][basis] for split in splits]
        if any(float(amount) for amount in amounts):
            shown.add_row(part["part"].replace("_", " "), *[_signed(amount) for amount in amounts])
    shown.add_row("after", *[money(split["after"][basis]) for split in splits])


def _print_workloads(found: Mapping[str, Any], console: Console) -> None:
    """Each workload, and what fleets and contracts cost beside them, with its largest part."""
    basis = found["basis"]
    rows = list(found["workloads"])
    for kind in ("fleet", "contract"):
        rows += [{**one, "name": f"{one['name']} ({kind})"} for one in found[f"{kind}s"]]
    changed = [row for row in rows if any(float(part[basis]) for part in row["parts"])]
    changed.sort(key=lambda row: -abs(float(row["after"][basis]) - float(row["before"][basis])))
    if not changed:
        return
    shown = table("By workload", "", "Largest part", "Before", "Change", "After", numbers=3)
    for row in changed[:_MOST_WORKLOADS]:
        largest = max(row["parts"], key=lambda part: abs(float(part[basis])))
        change = f"{sum(Decimal(part[basis]) for part in row['parts'])}"
        shown.add_row(
            Text(plain(row["name"])),
            f"{largest['part'].replace('_', ' ')} {_signed(largest[basis])}",
            money(row["before"][basis]),
            _signed(change),
            money(row["after"][basis]),
        )
    console.print(shown)
    if len(changed) > _MOST_WORKLOADS:
        console.print(f"and {len(changed) - _MOST_WORKLOADS} more; --json has all")


def _signed(amount: str) -> str:
    if not Decimal(amount):
        return _NOTHING
    return money(amount) if amount.startswith("-") else f"+{money(amount)}"
