"""What a route's requests would cost elsewhere, and the price from which on leaving is cheaper."""

from collections.abc import Iterable

import numpy as np

from forecasts.explain.negotiation.answers import Alternative, WalkAway
from forecasts.explain.negotiation.candidates import candidate_routes
from forecasts.explain.negotiation.flows import Flow, UsedFleet
from forecasts.explain.negotiation.pricing import FlowPricing, unique_rows
from forecasts.plan import Plan
from forecasts.prices.book import NoPrice
from forecasts.prices.price import Price
from forecasts.units import TOKENS_PER_MTOK
from forecasts.workload import ApiRoute

LeftOut = tuple[str, str]


def find_alternatives(
    plan: Plan, route: ApiRoute, flows: list[Flow], fleets: list[UsedFleet], known: FlowPricing
) -> tuple[tuple[Alternative, ...], tuple[LeftOut, ...]]:
    """The alternatives for all flows of one route, the cheapest first, and what nothing can be said about, with why."""
    found, left_out = [], []
    workloads = {flow.workload.name for flow in flows}
    for other, kind in candidate_routes(plan, route, workloads, known.book).items():
        try:
            cost = sum(float(cost.sum()) for flow in flows for cost in known.mean_costs(flow, other).values())
        except NoPrice as missing:
            left_out.append((str(other), missing.detail))
            continue
        found.append(
            Alternative(
                kind=kind,
                name=str(other),
                same_weights=other.model == route.model,
                cost=cost,
                per_mtok_output=_per_mtok(cost, flows),
                utilization_fraction=None,
                rows=unique_rows(_rows(other, flows, known)),
            )
        )
    for fleet in fleets:
        reasons = [fleet.cannot_tell(flow.workload.demand) for flow in flows]
        reason = next((one for one in reasons if one is not None), None)
        if reason is None:
            found.append(_self_hosted(route, flows, fleet))
        else:
            left_out.append((fleet.fleet.name, reason))
    return tuple(sorted(found, key=lambda one: (one.cost, one.name))), tuple(left_out)


def walk_away(alternatives: Iterable[Alternative], *, cost: float, output_cost: float, mtok: float) -> WalkAway | None:
    """By the cheapest of them; None where there is none, or nothing is paid.

    `cost` is what the route costs at known rates, `output_cost` its `mtok` million output tokens alone.
    """
    best = min(alternatives, key=lambda one: one.cost, default=None)
    if best is None or cost <= 0.0:
        return None
    to_match = output_cost - (cost - best.cost)
    return WalkAway(
        alternative=best,
        discount_fraction=1.0 - best.cost / cost,
        output_rate=to_match / mtok if mtok > 0.0 and to_match >= 0.0 else None,
    )


def output_mtok(flows: list[Flow]) -> float:
    """Mean millions of output tokens over the horizon."""
    return sum(_mean_requests(flow) * flow.workload.demand.output_tokens for flow in flows) / TOKENS_PER_MTOK


def _rows(route: ApiRoute, flows: list[Flow], known: FlowPricing) -> list[Price]:
    return [
        row
        for flow in flows
        for meter in known.units(flow.workload.demand, route)
        for row in known.rows(flow, route, meter)
    ]


def _self_hosted(route: ApiRoute, flows: list[Flow], used: UsedFleet) -> Alternative:
    cost = sum(float(flow.requests.mean(axis=1) @ used.cost_per_request(flow.workload.demand)) for flow in flows)
    return Alternative(
        kind="self_hosting",
        name=used.fleet.name,
        same_weights=used.fleet.serves.rpartition("/")[2] == route.model,
        cost=cost,
        per_mtok_output=_per_mtok(cost, flows),
        utilization_fraction=used.utilization_fraction,
        rows=(),
    )


def _per_mtok(cost: float, flows: list[Flow]) -> float | None:
    mtok = output_mtok(flows)
    return cost / mtok if mtok > 0.0 else None


def _mean_requests(flow: Flow) -> float:
    return float(np.sum(flow.requests.mean(axis=1)))
