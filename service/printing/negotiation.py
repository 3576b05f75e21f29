"""A negotiation brief as a page to print: every figure has the numbers of the price rows that it rests on."""

from collections.abc import Iterable
from decimal import Decimal
from html import escape

from service.printing.page import figure, row, table, whole_page
from service.schemas.explained.negotiation import (
    AlternativeOut,
    AskOut,
    NegotiationOut,
    PastMovesOut,
    PositionOut,
)
from service.schemas.pricing.price_row import PriceRowOut
from service.wording.units import unit_words

_KINDS = {
    "named_for_work": "named for this work",
    "named_in_plan": "named for other work",
    "same_weights": "the same open weights elsewhere",
    "successor": "a successor",
    "self_hosting": "self-hosting",
}


def negotiation_page(brief: NegotiationOut, *, subject: str) -> str:
    """The whole page; `subject` names the forecast or plan that it was made of."""
    rows = _RowNumbers()
    spend, currency = brief.spend, brief.currency
    ask = brief.ask
    parts = [
        f"<h1>Negotiation brief: {escape(brief.provider)}</h1>",
        f"<p class='muted'>{escape(subject)}. {brief.months} months from {escape(brief.first_month)}, prices as known "
        f"on {brief.as_of}, amounts in {escape(currency)}.</p>",
        "<div class='figures'>",
        figure("Expected spend", _money(spend.mean), f"P10 {_money(spend.p10)} to P90 {_money(spend.p90)}"),
        figure("Share of output", _percent(brief.output_share), "of the spend; a decoder touches output alone"),
        figure("To ask for on output", _range(ask), _worth(ask)),
        figure(
            "Chance of a cut by itself",
            _percent(brief.history.chance_of_cut),
            "of one model's price within the horizon, by this provider's history",
        ),
        "</div>",
        "<h2>Spend by meter</h2>",
        _meters(brief, rows),
    ]
    for position in brief.positions:
        parts += [f"<h2>{escape(position.route)}</h2>", _position(position, currency, rows)]
    parts += [
        "<h2>What its prices have done</h2>",
        _history(brief.history),
        "<h2>How to read this</h2>",
        _NOTES,
        "<h2>Price rows</h2>",
        rows.table(),
    ]
    return whole_page(f"Negotiation brief: {brief.provider}", "\n".join(parts))


class _RowNumbers:
    """Numbers price rows in the order of their first mention."""

    def __init__(self) -> None:
        self._numbers: dict[PriceRowOut, int] = {}

    def links(self, rows: Iterable[PriceRowOut]) -> str:
        numbers = [self._numbers.setdefault(one, len(self._numbers) + 1) for one in rows]
        return " ".join(f"<a href='#row-{number}'>[{number}]</a>" for number in numbers)

    def table(self) -> str:
        return table(
            ("", "Model", "Meter", "Conditions", "In force from", "Rate", "Source"),
            (self._row(one, number) for one, number in self._numbers.items()),
            numbers=1,
            css="rows",
        )

    def _row(self, one: PriceRowOut, number: int) -> str:
        conditions = [one.status, one.service_tier, *([] if one.utc_window is None else [one.utc_window])]
        unit = "1" if one.per_tokens == 1 else f"{one.per_tokens:,}"
        cells = (
            f"[{number}]",
            escape(f"{one.provider}/{one.model}"),
            escape(one.meter),
            escape(", ".join(conditions).replace("_", "-")),
            f"{one.effective_from:%Y-%m-%d %H:%M} UTC",
            f"{one.rate:f} {escape(one.currency)} per {unit}",
            escape(one.source),
        )
        return row(cells, numbers=1, anchor=f"row-{number}")


def _meters(brief: NegotiationOut, rows: _RowNumbers) -> str:
    return table(
        ("Meter", "Unit", "Quantity", "Expected", "P10", "P90", "Share", "Price rows"),
        (
            row(
                (
                    escape(one.meter.replace("_", " ")),
                    escape(unit_words(one.unit)),
                    f"{one.quantity:,.1f}",
                    _money(one.spend.mean),
                    _money(one.spend.p10),
                    _money(one.spend.p90),
                    _percent(one.share),
                    rows.links(one.rows),
                ),
                numbers=5,
            )
            for one in brief.meters
        ),
        numbers=5,
    )


def _position(one: PositionOut, currency: str, rows: _RowNumbers) -> str:
    now = f"At today's rates {_money(one.cost_at_known_rates)} {escape(currency)}"
    if one.per_mtok_output is not None:
        now += f": {one.per_mtok_output} per million output tokens with everything that belongs to them"
        now += "" if one.output_rate is None else f", {one.output_rate} for the output alone"
    parts = [
        f"<p>Used by {escape(', '.join(one.workloads))}. Expected spend {_money(one.spend.mean)}, P10 "
        f"{_money(one.spend.p10)} to P90 {_money(one.spend.p90)}; of it output {_money(one.output_spend)}. "
        f"{rows.links(one.rows)}</p>",
        f"<p>{now}.</p>",
        "<h3>What its own decoder supports</h3>",
        _support(one),
        "<h3>Where else the requests could go</h3>",
        _walk_away(one, currency),
        _vouched(one, currency),
        _alternatives(one, rows),
    ]
    if one.left_out:
        reasons = "; ".join(f"{left.name}: {left.detail}" for left in one.left_out)
        parts.append(f"<p class='muted'>Not compared: {escape(reasons)}.</p>")
    return "\n".join(parts)


def _support(one: PositionOut) -> str:
    support, ask = one.support, one.ask
    if support is None:
        return "<p>No decoder of this provider's model is evidenced, so no cut of its cost supports a discount.</p>"
    told = (
        f"<p>{escape(support.preset)} over {escape(support.speedup_over)}: speedup {support.speedup.low:g} to "
        f"{support.speedup.high:g}, most likely {support.speedup.mode:g}. That takes "
        f"{_percent(support.cost_cut.low)} to {_percent(support.cost_cut.high)}, most likely "
        f"{_percent(support.cost_cut.mode)}, off the cost of an output token at full load. "
        f"<span class='muted'>{escape(support.source)}</span></p>"
    )
    if ask is None:
        return told + "<p>At its most likely speedup it saves nothing, and supports no discount.</p>"
    passed = support.pass_through_fraction
    return told + (
        f"<p>If {_percent(passed.low)} to {_percent(passed.high)} of it is passed on: ask for <b>{_range(ask)}</b> off "
        f"output, worth {_money(ask.low)} to {_money(ask.high)}. Counting on no more than history makes likely: "
        f"{_money(ask.weighed_low)} to {_money(ask.weighed_high)}.</p>"
    )


def _walk_away(one: PositionOut, currency: str) -> str:
    found = one.walk_away
    if found is None:
        return "<p>No alternative is known.</p>"
    where = f"{escape(found.name)} ({_KINDS[found.kind]})"
    price = "" if found.per_mtok_output is None else f", {found.per_mtok_output} per million output tokens"
    if found.discount_fraction <= 0.0:
        return (
            f"<p>No alternative is cheaper: the best is {where} at {_money(found.cost)} {escape(currency)}{price}, "
            f"{_percent(-found.discount_fraction)} more than today's bill. There is nowhere to walk to.</p>"
        )
    matching = (
        "even free output would not match it"
        if found.output_rate is None
        else f"an output rate of {found.output_rate} matches it"
    )
    return (
        f"<p>Walk away above <b>{_money(found.cost)} {escape(currency)}</b>{price}: the cost of {where}. That is "
        f"{_percent(found.discount_fraction)} off today's bill; {matching}.</p>"
    )


def _vouched(one: PositionOut, currency: str) -> str:
    """What only prices speak for is told apart from what the plan or the weights speak for."""
    found = one.vouched_walk_away
    if one.walk_away is None or (found is not None and found.name == one.walk_away.name):
        return ""
    if found is None:
        return "<p>Nothing but the price says that any of these could do this work.</p>"
    against = f"{abs(100 * found.discount_fraction):.3g} % {'below' if found.discount_fraction >= 0.0 else 'above'}"
    return (
        f"<p>Of those that more than a price speaks for, the best is {escape(found.name)} ({_KINDS[found.kind]}) at "
        f"{_money(found.cost)} {escape(currency)}, {against} today's bill.</p>"
    )


def _alternatives(one: PositionOut, rows: _RowNumbers) -> str:
    if not one.alternatives:
        return ""
    return table(
        ("Alternative", "What it is", "Cost", "Per million output", "Against today", "Price rows"),
        (_alternative(other, one, rows, best=place == 0) for place, other in enumerate(one.alternatives)),
        numbers=3,
    )


def _alternative(other: AlternativeOut, one: PositionOut, rows: _RowNumbers, *, best: bool) -> str:
    today = Decimal(one.cost_at_known_rates)
    against = "" if not today else f"{100 * (Decimal(other.cost) / today - 1):+.0f} %"
    kind = _KINDS[other.kind]
    if other.utilization_fraction is not None:
        kind += f" at {_percent(other.utilization_fraction)} utilisation"
        kind += ", the same weights" if other.same_weights else ""
    cells = (
        escape(other.name),
        kind,
        _money(other.cost),
        other.per_mtok_output or "",
        against,
        rows.links(other.rows),
    )
    return row(cells, numbers=3, css="best" if best else "")


def _history(history: PastMovesOut) -> str:
    seen = (
        f"<p>{history.series} series of output prices over {history.series_years:.1f} series-years, "
        f"{len(history.moves)} changes.</p>"
    )
    if not history.moves:
        return seen
    changes = (
        row((f"{move.effective_from:%Y-%m-%d}", f"{100 * move.fraction:+.1f} %", escape(move.model)), numbers=1)
        for move in history.moves
    )
    return seen + table(("From", "Change", "Model"), changes, numbers=1)


_NOTES = """<p>Spend is the forecast's own, under its outlook. Alternatives and the walk-away price are at the rates
known today, for the mean volume of the forecast and the mix of each workload, peak hours and contracts included. A
fleet costs what its busy hours cost, idle hours borne, as if it grew in proportion; whether it has room is not asked.
Whether another model does the work as well is in no price. What history makes likely is a chance of a list price cut,
not of a private discount, of which there is no record.</p>"""


def _range(ask: AskOut | None) -> str:
    return "nothing" if ask is None else f"{100 * ask.low_fraction:.3g}-{_percent(ask.high_fraction)}"


def _worth(ask: AskOut | None) -> str:
    if ask is None:
        return "no decoder of its models is evidenced"
    return f"worth {_money(ask.low)} to {_money(ask.high)}"


def _money(amount: str) -> str:
    return f"{Decimal(amount):,f}"


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.3g} %"
