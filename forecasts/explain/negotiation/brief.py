"""The negotiation brief of each provider that a plan pays."""

from dataclasses import dataclass, field

import numpy as np

from forecasts.budgeting.metering import MTOK_UNIT
from forecasts.budgeting.tally import Distribution, distribution
from forecasts.explain.negotiation.alternatives import find_alternatives, output_mtok, walk_away
from forecasts.explain.negotiation.answers import (
    Ask,
    DecoderSupport,
    MeterSpend,
    NegotiationBrief,
    PastMoves,
    Position,
)
from forecasts.explain.negotiation.flows import Flow, UsedFleet, plan_flows
from forecasts.explain.negotiation.pricing import FlowPricing, has_requests, unique_rows
from forecasts.explain.negotiation.support import decoder_support, past_moves
from forecasts.money import minor_digits, running_minor
from forecasts.plan import Plan
from forecasts.prices.price import UNITS_BY_METER, Price
from forecasts.timeline import FloatArray
from forecasts.units import TOKENS_PER_MTOK
from forecasts.workload import ApiRoute

OUTPUT_METERS = ("output", "reasoning_output")


class NotPaid(LookupError):  # noqa: N818 - a fact about the plan.
    """The plan sends nothing to a provider; `providers` are those that it does pay."""

    def __init__(self, provider: str, providers: tuple[str, ...]) -> None:
        super().__init__(f"this forecast pays nothing to {provider}; it pays {', '.join(providers) or 'no provider'}")
        self.providers = providers


def negotiation_briefs(plan: Plan, provider: str | None = None) -> tuple[NegotiationBrief, ...]:
    """One brief for each provider in use, or for the one that is named; raises NotPaid where that has no requests.

    Everything is worked out from the plan and the packaged catalogue, on the draws of the plan's own forecast.
    """
    flows, fleets = plan_flows(plan)
    flows = [flow for flow in flows if has_requests(flow)]
    providers = tuple(sorted({flow.route.provider for flow in flows}))
    if provider is not None and provider not in providers:
        raise NotPaid(provider, providers)
    desk = _Desk(plan=plan, fleets=fleets, forecast=FlowPricing(plan, plan.outlooks), known=FlowPricing(plan, ()))
    return tuple(
        desk.brief(one, [flow for flow in flows if flow.route.provider == one])
        for one in providers
        if provider in (None, one)
    )


@dataclass
class _Spent:
    """The cost of some flows by meter: whole minor units as lines have them, paths `[draws]`, units and rows."""

    mean: dict[str, int] = field(default_factory=dict)
    paths: dict[str, FloatArray] = field(default_factory=dict)
    units: dict[str, float] = field(default_factory=dict)
    rows: dict[str, list[Price]] = field(default_factory=dict)

    def add(self, meter: str, mean: int, paths: FloatArray, units: float, rows: list[Price]) -> None:
        self.mean[meter] = self.mean.get(meter, 0) + mean
        self.paths[meter] = self.paths[meter] + paths if meter in self.paths else paths
        self.units[meter] = self.units.get(meter, 0.0) + units
        self.rows.setdefault(meter, []).extend(rows)

    def total(self, digits: int) -> Distribution:
        return distribution(sum(self.mean.values()), np.sum(list(self.paths.values()), axis=0), digits)

    @property
    def output(self) -> int:
        return sum(self.mean.get(meter, 0) for meter in OUTPUT_METERS)

    @property
    def all_rows(self) -> tuple[Price, ...]:
        return unique_rows([row for rows in self.rows.values() for row in rows])


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """What all briefs of a plan share."""

    plan: Plan
    fleets: list[UsedFleet]
    forecast: FlowPricing
    known: FlowPricing

    def brief(self, provider: str, flows: list[Flow]) -> NegotiationBrief:
        digits = minor_digits(self.plan.currency)
        spent = self._spent(flows, digits)
        history = past_moves(self.plan, provider)
        by_route: dict[ApiRoute, list[Flow]] = {}
        for flow in flows:
            by_route.setdefault(flow.route, []).append(flow)
        positions = [self._position(route, group, history, digits) for route, group in by_route.items()]
        total = spent.total(digits)
        return NegotiationBrief(
            provider=provider,
            currency=self.plan.currency,
            digits=digits,
            as_of=self.plan.as_of,
            timeline=self.plan.timeline,
            spend=total,
            output_share=spent.output / total.mean if total.mean else 0.0,
            meters=tuple(_meter_spend(spent, meter, digits) for meter in spent.mean),
            positions=tuple(sorted(positions, key=lambda one: (-one.spend.mean, str(one.route)))),
            ask=_together([one.ask for one in positions if one.ask is not None], spent.output),
            history=history,
        )

    def _spent(self, flows: list[Flow], digits: int) -> _Spent:
        spent = _Spent()
        for flow in flows:
            quote = self.forecast.quote(flow, flow.route)
            requests = flow.requests.mean(axis=1)
            units = self.forecast.units(flow.workload.demand, flow.route)
            for meter, cost in quote.mean_costs(flow.requests, requests).items():
                spent.add(
                    meter,
                    int(running_minor(cost, digits).sum()),
                    quote.cost_of(flow.requests, [meter]).sum(axis=0),
                    units[meter] * float(requests.sum()),
                    self.forecast.rows(flow, flow.route, meter),
                )
        return spent

    def _position(self, route: ApiRoute, flows: list[Flow], history: PastMoves, digits: int) -> Position:
        spent = self._spent(flows, digits)
        costs = [self.known.mean_costs(flow, route) for flow in flows]
        cost = sum(float(by_month.sum()) for by_meter in costs for by_month in by_meter.values())
        output = sum(float(by_meter[one].sum()) for by_meter in costs for one in OUTPUT_METERS if one in by_meter)
        mtok = output_mtok(flows)
        support = decoder_support(self.plan, route)
        alternatives, left_out = find_alternatives(self.plan, route, flows, self.fleets, self.known)
        return Position(
            route=route,
            workloads=tuple(dict.fromkeys(flow.workload.name for flow in flows)),
            spend=spent.total(digits),
            output_spend=spent.output,
            cost_at_known_rates=_as_lines_have_it(costs, digits),
            per_mtok_output=cost / mtok if mtok > 0.0 else None,
            output_rate=output / mtok if mtok > 0.0 else None,
            rows=spent.all_rows,
            support=support,
            ask=None if support is None else _ask(support, spent.output, history),
            alternatives=alternatives,
            left_out=left_out,
            walk_away=walk_away(alternatives, cost=cost, output_cost=output, mtok=mtok),
            vouched_walk_away=walk_away(
                [one for one in alternatives if one.is_vouched_for], cost=cost, output_cost=output, mtok=mtok
            ),
        )


def _as_lines_have_it(costs: list[dict[str, FloatArray]], digits: int) -> float:
    """Months by meter, a mapping of each flow, added up after the rounding of spend: at equal rates both are one."""
    minor = sum(int(running_minor(by_month, digits).sum()) for by_meter in costs for by_month in by_meter.values())
    return minor / 10.0**digits


def _meter_spend(spent: _Spent, meter: str, digits: int) -> MeterSpend:
    in_tokens = UNITS_BY_METER[meter] == "Tokens"
    return MeterSpend(
        meter=meter,
        unit=MTOK_UNIT if in_tokens else UNITS_BY_METER[meter],
        quantity=spent.units[meter] / (TOKENS_PER_MTOK if in_tokens else 1.0),
        spend=distribution(spent.mean[meter], spent.paths[meter], digits),
        rows=unique_rows(spent.rows[meter]),
    )


def _ask(support: DecoderSupport, output: int, history: PastMoves) -> Ask | None:
    """What may be passed on of the cost that a most likely speedup saves; None where it saves none."""
    cut = support.cost_cut.mode
    if cut <= 0.0:
        return None
    low, high = support.pass_through_fraction.low * cut, support.pass_through_fraction.high * cut
    return Ask(
        low_fraction=low,
        high_fraction=high,
        low=round(low * output),
        high=round(high * output),
        weighed_low=round(low * output * history.chance_of_cut),
        weighed_high=round(high * output * history.chance_of_cut),
    )


def _together(asks: list[Ask], output: int) -> Ask | None:
    """Of all routes, as fractions of the provider's whole output."""
    if not asks or not output:
        return None
    low, high = sum(one.low for one in asks), sum(one.high for one in asks)
    return Ask(
        low_fraction=low / output,
        high_fraction=high / output,
        low=low,
        high=high,
        weighed_low=sum(one.weighed_low for one in asks),
        weighed_high=sum(one.weighed_high for one in asks),
    )
