"""Price outlooks side by side: what each gives, and in words what its score in the backtest is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, kw_only=True)
class OutlookRow:
    """`difference` is to the chosen outlook; `score` is None where nothing was scored, `note` then says why."""

    name: str
    chosen: bool
    mean: str
    p10: str
    p90: str
    difference: Decimal
    score: Mapping[str, Any] | None
    note: str


def outlook_rows(document: Mapping[str, Any]) -> list[OutlookRow]:
    """In the order of the document, which has the chosen one first."""
    outlooks = document["outlooks"]
    own = next((Decimal(one["total"]["mean"]) for one in outlooks if one["chosen"]), Decimal(0))
    return [
        OutlookRow(
            name=one["name"],
            chosen=one["chosen"],
            mean=one["total"]["mean"],
            p10=one["total"]["p10"],
            p90=one["total"]["p90"],
            difference=Decimal(one["total"]["mean"]) - own,
            score=one["backtest"],
            note=_note(one),
        )
        for one in outlooks
    ]


def _note(outlook: Mapping[str, Any]) -> str:
    score = outlook["backtest"]
    if score is None:
        if outlook["name"] == "mixed":
            return "A mixture of outlooks, each of which is scored by itself."
        return "Not scored: the backtest needs more than the history of prices to score it."
    own, flat = score["pinball"], score["flat_pinball"]
    coverage = score["coverage"]
    held = "" if coverage is None else f"; its range from P10 to P90, meant for 80%, held {coverage:.0%} of what came"
    if own == flat:
        return f"As good as today's price, held{held}."
    word, share = ("better", 1 - own / flat) if own < flat else ("worse", own / flat - 1)
    return f"{share:.0%} {word} than today's price, held{held}."
