"""A negotiation brief on the wire: spend by meter, the discount that evidence supports, and when to walk away."""

from datetime import date, datetime
from typing import Literal

import msgspec
import numpy as np

from forecasts.explain.negotiation.answers import (
    Alternative,
    Ask,
    DecoderSupport,
    MeterSpend,
    NegotiationBrief,
    PastMoves,
    Position,
    WalkAway,
)
from forecasts.money import format_minor, to_minor
from service.schemas.figures import Money, money_of
from service.schemas.pricing.price_row import PriceRowOut, price_rows_out
from service.schemas.wire import PertIn


class MeterSpendOut(msgspec.Struct, kw_only=True, frozen=True):
    meter: str
    unit: str
    quantity: float
    spend: Money
    share: float
    rows: tuple[PriceRowOut, ...]


class SupportOut(msgspec.Struct, kw_only=True, frozen=True):
    """`cost_cut` is `1 - 1/speedup`: what the decoder takes off the unit cost of output at full load.

    `declared` says that the plan's own outlook gave the speedup.
    """

    preset: str
    speedup: PertIn
    speedup_over: str
    cost_cut: PertIn
    pass_through_fraction: PertIn
    declared: bool
    source: str


class AskOut(msgspec.Struct, kw_only=True, frozen=True):
    """Discounts on output, and their worth over the horizon; the weighed ones are times the chance of a cut."""

    low_fraction: float
    high_fraction: float
    low: str
    high: str
    weighed_low: str
    weighed_high: str


class AlternativeOut(msgspec.Struct, kw_only=True, frozen=True):
    """`cost` is of the whole horizon at known rates; a fleet's at the utilisation that it really reaches."""

    kind: Literal["named_for_work", "named_in_plan", "same_weights", "successor", "self_hosting"]
    name: str
    same_weights: bool
    cost: str
    per_mtok_output: str | None
    utilization_fraction: float | None
    rows: tuple[PriceRowOut, ...]


class LeftOutOut(msgspec.Struct, kw_only=True, frozen=True):
    name: str
    detail: str


class WalkAwayOut(msgspec.Struct, kw_only=True, frozen=True):
    """Above `per_mtok_output`, the best alternative's unit cost at the workloads' own mix, leaving is cheaper.

    `output_rate` is the average output rate at which staying costs the same, all other rates as they are; null where
    even free output would not do, or there is none.
    """

    name: str
    kind: str
    cost: str
    per_mtok_output: str | None
    discount_fraction: float
    output_rate: str | None


class PositionOut(msgspec.Struct, kw_only=True, frozen=True):
    """One model of the provider in one service tier. `spend` is as forecast, the rest at the rates known today.

    `vouched_walk_away` is by the cheapest of what the plan names for these very workloads, the same weights and
    successors.
    """

    route: str
    workloads: tuple[str, ...]
    spend: Money
    output_spend: str
    cost_at_known_rates: str
    per_mtok_output: str | None
    output_rate: str | None
    rows: tuple[PriceRowOut, ...]
    support: SupportOut | None
    ask: AskOut | None
    alternatives: tuple[AlternativeOut, ...]
    left_out: tuple[LeftOutOut, ...]
    walk_away: WalkAwayOut | None
    vouched_walk_away: WalkAwayOut | None


class MoveOut(msgspec.Struct, kw_only=True, frozen=True):
    model: str
    effective_from: datetime
    fraction: float


class PastMovesOut(msgspec.Struct, kw_only=True, frozen=True):
    series: int
    series_years: float
    moves: tuple[MoveOut, ...]
    chance_of_cut: float


class NegotiationOut(msgspec.Struct, kw_only=True, frozen=True):
    """Money is in `currency`; unit costs are per million tokens."""

    provider: str
    currency: str
    as_of: date
    first_month: str
    months: int
    spend: Money
    output_share: float
    meters: tuple[MeterSpendOut, ...]
    ask: AskOut | None
    positions: tuple[PositionOut, ...]
    history: PastMovesOut


class NegotiationsOut(msgspec.Struct, kw_only=True, frozen=True):
    briefs: tuple[NegotiationOut, ...]


def negotiation_out(brief: NegotiationBrief) -> NegotiationOut:
    digits = brief.digits
    return NegotiationOut(
        provider=brief.provider,
        currency=brief.currency,
        as_of=brief.as_of,
        first_month=str(brief.timeline.first),
        months=brief.timeline.months,
        spend=money_of(brief.spend, digits),
        output_share=round(brief.output_share, 6),
        meters=tuple(_meter_out(one, brief.spend.mean, digits) for one in brief.meters),
        ask=_ask_out(brief.ask, digits),
        positions=tuple(_position_out(one, digits) for one in brief.positions),
        history=_moves_out(brief.history),
    )


def _meter_out(one: MeterSpend, total: int, digits: int) -> MeterSpendOut:
    return MeterSpendOut(
        meter=one.meter,
        unit=one.unit,
        quantity=round(one.quantity, 6),
        spend=money_of(one.spend, digits),
        share=round(one.spend.mean / total, 6) if total else 0.0,
        rows=price_rows_out(one.rows),
    )


def _position_out(one: Position, digits: int) -> PositionOut:
    return PositionOut(
        route=str(one.route),
        workloads=one.workloads,
        spend=money_of(one.spend, digits),
        output_spend=format_minor(one.output_spend, digits),
        cost_at_known_rates=_money(one.cost_at_known_rates, digits),
        per_mtok_output=_unit_cost(one.per_mtok_output),
        output_rate=_unit_cost(one.output_rate),
        rows=price_rows_out(one.rows),
        support=_support_out(one.support),
        ask=_ask_out(one.ask, digits),
        alternatives=tuple(_alternative_out(other, digits) for other in one.alternatives),
        left_out=tuple(LeftOutOut(name=name, detail=detail) for name, detail in one.left_out),
        walk_away=_walk_away_out(one.walk_away, digits),
        vouched_walk_away=_walk_away_out(one.vouched_walk_away, digits),
    )


def _support_out(support: DecoderSupport | None) -> SupportOut | None:
    if support is None:
        return None
    cut = support.cost_cut
    return SupportOut(
        preset=support.preset,
        speedup=PertIn(low=support.speedup.low, mode=support.speedup.mode, high=support.speedup.high),
        speedup_over=support.speedup_over,
        cost_cut=PertIn(low=round(cut.low, 6), mode=round(cut.mode, 6), high=round(cut.high, 6)),
        pass_through_fraction=PertIn(
            low=support.pass_through_fraction.low,
            mode=support.pass_through_fraction.mode,
            high=support.pass_through_fraction.high,
        ),
        declared=support.declared,
        source=support.source,
    )


def _ask_out(ask: Ask | None, digits: int) -> AskOut | None:
    if ask is None:
        return None
    return AskOut(
        low_fraction=round(ask.low_fraction, 6),
        high_fraction=round(ask.high_fraction, 6),
        low=format_minor(ask.low, digits),
        high=format_minor(ask.high, digits),
        weighed_low=format_minor(ask.weighed_low, digits),
        weighed_high=format_minor(ask.weighed_high, digits),
    )


def _alternative_out(one: Alternative, digits: int) -> AlternativeOut:
    return AlternativeOut(
        kind=one.kind,
        name=one.name,
        same_weights=one.same_weights,
        cost=_money(one.cost, digits),
        per_mtok_output=_unit_cost(one.per_mtok_output),
        utilization_fraction=None if one.utilization_fraction is None else round(one.utilization_fraction, 6),
        rows=price_rows_out(one.rows),
    )


def _walk_away_out(found: WalkAway | None, digits: int) -> WalkAwayOut | None:
    if found is None:
        return None
    return WalkAwayOut(
        name=found.alternative.name,
        kind=found.alternative.kind,
        cost=_money(found.alternative.cost, digits),
        per_mtok_output=_unit_cost(found.alternative.per_mtok_output),
        discount_fraction=round(found.discount_fraction, 6),
        output_rate=_unit_cost(found.output_rate),
    )


def _moves_out(history: PastMoves) -> PastMovesOut:
    return PastMovesOut(
        series=history.series,
        series_years=round(history.series_years, 3),
        moves=tuple(
            MoveOut(model=move.model, effective_from=move.effective_from, fraction=round(move.fraction, 6))
            for move in history.moves
        ),
        chance_of_cut=round(history.chance_of_cut, 6),
    )


def _money(amount: float, digits: int) -> str:
    return format_minor(int(to_minor(np.array(amount), digits)), digits)


def _unit_cost(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"
