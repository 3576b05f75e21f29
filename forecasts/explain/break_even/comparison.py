"""Break-even of self-hosting: how likely a fleet is cheaper than the API, and at which utilisation and volume."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.explain.break_even.answers import BreakEven, BreakEvenCost, BreakEvenMonth
from forecasts.explain.break_even.question import BreakEvenQuestion
from forecasts.explain.break_even.turning import turning_tokens
from forecasts.fleet.costs.streams import cost_streams
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.nodes import NodeWork
from forecasts.fleet.operation import FleetLoad, FleetOperation
from forecasts.prices.usage import UsagePricing
from forecasts.speculation.speedup import FleetSpeedup
from forecasts.timeline import FloatArray, Timeline
from forecasts.units import TOKENS_PER_MTOK
from forecasts.workload import ApiRoute

# The utilisations of the curve; 5, 25, 50 and 100 % are the rows of its table.
BUSY_FRACTIONS = (0.05, 0.1, 0.15, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.85, 1.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class FleetRun:
    """A fleet's run and the speedup it ran with."""

    operation: FleetOperation
    speedup: FleetSpeedup


def break_evens(
    fleet: Fleet,
    loads: list[FleetLoad],
    *,
    timeline: Timeline,
    exchange: FloatArray,
    pricing: UsagePricing,
    digits: int,
    run: FleetRun,
    plain: FleetRun | None,
) -> tuple[BreakEven, ...]:
    """One for each load that says what to compare it with and has output served; `plain` is without the decoder."""
    found = []
    for index, load in enumerate(loads):
        route, demand = load.workload.compare_to, load.workload.demand
        if route is None or demand.output_tokens == 0.0 or not (load.requests * run.operation.served[index]).any():
            continue
        asked = (load.requests.max(axis=1) > 0.0).astype(np.float64)[:, None]
        per_request = pricing.price(demand, route, np.broadcast_to(asked, load.requests.shape)).paths
        question = BreakEvenQuestion(
            fleet=fleet,
            loads=loads,
            index=index,
            timeline=timeline,
            exchange=exchange,
            digits=digits,
            api_per_request=per_request,
        )
        found.append(_answer(question, route, run, plain))
    return tuple(found)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Side:
    """The comparison as one run of the fleet tells it: probability and volume by month, costs by utilisation."""

    probability: FloatArray
    turning_tokens: FloatArray
    curve: FloatArray

    @classmethod
    def of(cls, question: BreakEvenQuestion, run: FleetRun, in_use: npt.NDArray[np.bool_]) -> "_Side":
        fleet_cost, api_cost = question.costs(run.operation)
        return cls(
            probability=(fleet_cost < api_cost).mean(axis=1),
            turning_tokens=turning_tokens(question, run.speedup),
            curve=_unit_costs(question, run.operation, in_use),
        )


def _answer(question: BreakEvenQuestion, route: ApiRoute, run: FleetRun, plain: FleetRun | None) -> BreakEven:
    operation = run.operation
    served = question.served_requests(operation)
    in_use: npt.NDArray[np.bool_] = np.any(served, axis=1)
    side = _Side.of(question, run, in_use)
    other = None if plain is None else _Side.of(question, plain, in_use)
    fleet_cost, api_cost = (_total(cost, in_use) for cost in question.costs(operation))
    mtok = _total(served, in_use) * question.output_tokens / TOKENS_PER_MTOK
    hours = _total(np.broadcast_to(operation.nodes.serving_hours, served.shape), in_use)
    return BreakEven(
        workload=question.loads[question.index].workload.name,
        fleet=question.fleet.name,
        compare_to=route,
        utilization_fraction=_total(operation.utilization * operation.nodes.serving_hours, in_use) / hours,
        usd_per_mtok_fleet=fleet_cost / mtok,
        usd_per_mtok_api=api_cost / mtok,
        months=tuple(
            BreakEvenMonth(
                month=question.timeline.labels[month],
                probability=float(side.probability[month]),
                probability_without_decoder=None if other is None else float(other.probability[month]),
                turning_tokens=_known(side.turning_tokens[month]),
                turning_tokens_without_decoder=None if other is None else _known(other.turning_tokens[month]),
            )
            for month in np.flatnonzero(in_use).tolist()
        ),
        curve=tuple(
            BreakEvenCost(
                utilization_fraction=busy,
                usd_per_mtok_fleet=float(side.curve[point]),
                usd_per_mtok_fleet_without_decoder=None if other is None else float(other.curve[point]),
                usd_per_mtok_api=api_cost / mtok,
            )
            for point, busy in enumerate(BUSY_FRACTIONS)
        ),
    )


def _unit_costs(question: BreakEvenQuestion, operation: FleetOperation, in_use: npt.NDArray[np.bool_]) -> FloatArray:
    """Money per million output tokens of the workload with the fleet's nodes busy for each of BUSY_FRACTIONS."""
    nodes, shape = operation.nodes, operation.utilization.shape
    hours = _total(np.broadcast_to(nodes.serving_hours, shape), in_use)
    work = _total(operation.shares[question.index] * nodes.paid_hours, in_use)
    tokens = _total(question.served_requests(operation), in_use) * question.output_tokens
    costs = []
    for busy in BUSY_FRACTIONS:
        doing = NodeWork(utilization=np.full((len(in_use), 1), busy), output_tokens=operation.capacity_tokens * busy)
        streams = cost_streams(question.fleet, question.timeline, question.exchange, nodes, doing, question.digits)
        cost = sum(_total(np.broadcast_to(stream.effective, shape), in_use) for stream in streams)
        costs.append(cost / (busy * hours) * work / tokens * TOKENS_PER_MTOK)
    return np.array(costs)


def _total(paths: FloatArray, in_use: npt.NDArray[np.bool_]) -> float:
    """Over the months in use, as a mean of the paths."""
    return float(paths[in_use].mean(axis=1).sum())


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
