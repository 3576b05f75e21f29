"""The expected cost lines of one fleet in many plans: run once for all plans in which it does the same."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from forecasts.budgeting.lines import LineLedger, LineSeries
from forecasts.budgeting.metering import usage_series
from forecasts.draws import Draws
from forecasts.explain.bridge.costing.usage import MeanUsage
from forecasts.fleet.allocation import allocate, stream_series
from forecasts.fleet.costs.terms import Rented
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.operation import FleetLoad, FleetOperation, operate
from forecasts.money import minor_digits
from forecasts.plan import Plan
from forecasts.prices.contracts.settlement import ContractAccounts
from forecasts.speculation.speedup import FleetSpeedup, fleet_speedup
from forecasts.timeline import FloatArray, Timeline
from forecasts.workload import ApiRoute, Demand

PriceUsage = Callable[[int, Demand, ApiRoute, FloatArray], MeanUsage]
Exchange = Callable[[int, str], FloatArray]
_FREE = Rented(rates=())


@dataclass(frozen=True, kw_only=True, eq=False)
class FleetState:
    """A fleet in one of the plans, its loads with a key each that is equal where they are; `prices` says whose."""

    plan: Plan
    fleet: Fleet
    loads: list[tuple[Any, FleetLoad]]
    ledger: LineLedger
    accounts: ContractAccounts
    prices: int


def enter_fleet(
    states: list[FleetState], timeline: Timeline, draws: Draws, exchange_of: Exchange, usage_of: PriceUsage
) -> None:
    """Enters the fleet's lines into each state's ledger, as a forecast enters them."""
    speedups: dict[Any, FleetSpeedup] = {}
    alike: dict[Any, list[FleetState]] = {}
    for state in states:
        exchange = exchange_of(state.prices, state.fleet.currency)
        # A fleet's repr spells out every field, and there is no array in it.
        key = (repr(state.fleet), tuple(key for key, _ in state.loads), state.plan.measurements, exchange.tobytes())
        alike.setdefault(key, []).append(state)
    for members in alike.values():
        first = members[0]
        fleet, loads = first.fleet, [load for _, load in first.loads]
        of_speedup = (_speed_key(fleet), tuple(key for key, _ in first.loads), first.plan.measurements)
        if of_speedup not in speedups:
            speedups[of_speedup] = fleet_speedup(
                fleet, [load.workload for load in loads], timeline, draws, first.plan.measurements
            )
        exchange = exchange_of(first.prices, fleet.currency)
        digits = minor_digits(first.plan.currency)
        run = operate(fleet, loads, timeline, speedups[of_speedup], exchange, draws.count, digits)
        groups = [
            stream_series(fleet, stream, loads, allocate(stream, run) if stream.allocated else None)
            for stream in run.streams
        ]
        overflow: dict[int, list[Overflow]] = {}
        for state in members:
            for group in groups:
                state.ledger.add_group(group)
            if state.prices not in overflow:
                overflow[state.prices] = _overflow(fleet, loads, run, state.prices, usage_of)
            for one in overflow[state.prices]:
                for series in one.series:
                    state.ledger.add(series)
                state.accounts.add(one.usage.contract_uses)


class Overflow(NamedTuple):
    """What one workload's overflow costs on its route."""

    series: list[LineSeries]
    usage: MeanUsage


def _overflow(
    fleet: Fleet, loads: list[FleetLoad], run: FleetOperation, prices: int, usage_of: PriceUsage
) -> list[Overflow]:
    if fleet.overflow_to is None:
        return []
    entered: list[Overflow] = []
    for load, served in zip(loads, run.served, strict=True):
        lost = run.not_served(load, served)
        if lost is not None:
            usage = usage_of(prices, load.workload.demand, fleet.overflow_to, lost)
            entered.append(
                Overflow(usage_series(load.workload, fleet.overflow_to, usage.meters, kind="overflow"), usage)
            )
    return entered


def _speed_key(fleet: Fleet) -> str:
    """All of a fleet but what no decoder depends on."""
    bare = replace(fleet, cost_center="", gl_accounts={}, nodes=0, spare_nodes=0, cost=_FREE, one_offs=())
    return repr(bare)
