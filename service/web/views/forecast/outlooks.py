"""Price outlooks side by side: what each gives, and in words what its score in the backtest is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from forecasts.prices.outlooks.outlook import Outlook
from service.forecasting.declared_outlooks import DeclaredOutlooks
from service.schemas.explained.outlook_score import outlook_backtest
from service.web.views.forecast.outlook_terms import covered_by, terms_of

# A plan may declare 200; the rest are in its frozen inputs.
MOST_MEMBERS = 20


@dataclass(frozen=True, kw_only=True)
class OutlookMember:
    """One of the outlooks that the chosen one is made of: whom it covers, on which terms, and its own score."""

    covers: str
    name: str
    terms: str
    score: Mapping[str, Any] | None
    note: str


@dataclass(frozen=True, kw_only=True)
class OutlookRow:
    """`difference` is to the chosen outlook; `score` is None where nothing was scored, `note` then says why.

    `terms` are the chosen one's where it is a single outlook; where it is several they are its `members`, of which
    `left_out` are not shown.
    """

    name: str
    chosen: bool
    by_default: bool
    mean: str
    p10: str
    p90: str
    difference: Decimal
    score: Mapping[str, Any] | None
    note: str
    terms: str | None
    members: tuple[OutlookMember, ...]
    left_out: int


def outlook_rows(document: Mapping[str, Any], declared: DeclaredOutlooks) -> list[OutlookRow]:
    """In the order of the document, which has the chosen one first."""
    outlooks = document["outlooks"]
    own = next((Decimal(one["total"]["mean"]) for one in outlooks if one["chosen"]), Decimal(0))
    return [
        OutlookRow(
            name=one["name"],
            chosen=one["chosen"],
            by_default=one["chosen"] and declared.by_default,
            mean=one["total"]["mean"],
            p10=one["total"]["p10"],
            p90=one["total"]["p90"],
            difference=Decimal(one["total"]["mean"]) - own,
            score=one["backtest"],
            note=_note(one["name"], one["backtest"]),
            terms=_terms(declared.outlooks) if one["chosen"] else None,
            members=_members(declared.outlooks) if one["chosen"] else (),
            left_out=max(len(declared.outlooks) - MOST_MEMBERS, 0) if one["chosen"] else 0,
        )
        for one in outlooks
    ]


def _terms(outlooks: tuple[Outlook, ...]) -> str | None:
    if len(outlooks) != 1:
        return None
    return f"{covered_by(outlooks[0])}: {terms_of(outlooks[0])}"


def _members(outlooks: tuple[Outlook, ...]) -> tuple[OutlookMember, ...]:
    return tuple(_member(one) for one in outlooks[:MOST_MEMBERS]) if len(outlooks) > 1 else ()


def _member(outlook: Outlook) -> OutlookMember:
    name = outlook.course.name
    found = outlook_backtest(name)
    score = None if found is None else msgspec.to_builtins(found)
    return OutlookMember(
        covers=covered_by(outlook), name=name, terms=terms_of(outlook), score=score, note=_note(name, score)
    )


def _note(name: str, score: Mapping[str, Any] | None) -> str:
    if score is None:
        if name == "mixed":
            return "A mixture of the outlooks below, each of which is scored by itself."
        return "Not scored: the backtest needs more than the history of prices to score it."
    own, flat = score["pinball"], score["flat_pinball"]
    coverage = score["coverage"]
    held = "" if coverage is None else f"; its range from P10 to P90, meant for 80%, held {coverage:.0%} of what came"
    if own == flat:
        return f"As good as today's price, held{held}."
    word, share = ("better", 1 - own / flat) if own < flat else ("worse", own / flat - 1)
    return f"{share:.0%} {word} than today's price, held{held}."
