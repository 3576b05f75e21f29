"""A price history as tables for people."""

from decimal import Decimal

from rich.console import Console
from rich.text import Text

from service.cli.failures import plain
from service.cli.screen import table
from service.schemas.pricing.history import PriceHistoryOut


def print_history(found: PriceHistoryOut, console: Console) -> None:
    """Every known row in its order in time, then the first and last month of each meter's projection."""
    console.print(plain(f"{found.provider}/{found.model} in {found.currency}, as known on {found.as_of}"))
    if not found.rows:
        console.print("No price of it was known then.")
        return
    shown = table("", "Meter", "From", "Until", "Hours", "Status", "Source", "Rate", "Per", numbers=2)
    for row in found.rows:
        shown.add_row(
            _words(row.meter),
            f"{row.effective_from:%Y-%m-%d %H:%M}",
            "" if row.effective_to is None else f"{row.effective_to:%Y-%m-%d %H:%M}",
            _words(row.utc_window or ""),
            row.status,
            Text(plain(row.source)),
            f"{row.rate.normalize():f}",
            f"{row.per_tokens:,}",
        )
    console.print(shown)
    if not found.projections:
        return
    outlook = _words(found.projections[0].outlook)
    shown = table(f"Per million tokens under {outlook}", "Meter", "Month", "Mean", "P10", "P50", "P90", numbers=4)
    for projection in found.projections:
        for month in dict.fromkeys((projection.months[0], projection.months[-1])):
            rates = (month.mean, month.p10, month.p50, month.p90)
            shown.add_row(_words(projection.meter), month.month, *(_rate(rate) for rate in rates))
    console.print(shown)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _rate(rate: Decimal) -> str:
    return f"{rate:.4f}"
