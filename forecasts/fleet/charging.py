"""Runs a fleet for its workloads and charges them: their share of its cost, idle apart, and their overflow."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from forecasts.budgeting.budget import FleetBudget
from forecasts.budgeting.lines import LineLedger
from forecasts.budgeting.metering import record_usage
from forecasts.budgeting.tally import Tally
from forecasts.draws import Draws
from forecasts.explain.break_even.answers import BreakEven
from forecasts.explain.break_even.comparison import FleetRun, break_evens
from forecasts.explain.savings import DecoderVerdict
from forecasts.explain.waiting import WaitingPaths, waiting_paths
from forecasts.fleet.allocation import allocate, stream_series
from forecasts.fleet.decoder_effect import TwoRuns
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.operation import FleetLoad, FleetOperation, operate
from forecasts.fleet.report import fleet_budget
from forecasts.fleet.scaling.terms import Fixed
from forecasts.prices.usage import UsagePricing
from forecasts.speculation.decoder import NONE
from forecasts.speculation.measurement import Measurement
from forecasts.speculation.speedup import FleetSpeedup, fleet_speedup
from forecasts.timeline import FloatArray, Timeline


@dataclass(frozen=True, kw_only=True)
class ChargedFleet:
    """`held` says where the evidence for the decoder's gain ended."""

    budget: FleetBudget
    verdicts: tuple[DecoderVerdict, ...]
    break_evens: tuple[BreakEven, ...]
    waiting: tuple[WaitingPaths, ...]
    held: tuple[str, ...]


def charge_fleet(
    fleet: Fleet,
    loads: list[FleetLoad],
    *,
    timeline: Timeline,
    draws: Draws,
    measurements: tuple[Measurement, ...],
    exchange: FloatArray,
    pricing: UsagePricing,
    digits: int,
    ledger: LineLedger,
    tally: Tally,
    by_outlook: dict[str, FloatArray],
) -> ChargedFleet:
    """Enters a fleet's cost lines and paths, and answers with its figures by month and its decoder's verdicts."""
    speedup = fleet_speedup(fleet, [load.workload for load in loads], timeline, draws, measurements)
    run = operate(fleet, loads, timeline, speedup, exchange, draws.count, digits)
    plain, undecoded = run, FleetSpeedup.none(len(loads))
    if fleet.decoder.preset != NONE:
        plain = operate(fleet, loads, timeline, undecoded, exchange, draws.count, digits)

    _enter_costs(fleet, loads, run, ledger, tally)
    for horizon in by_outlook.values():
        horizon += sum(tally.forecast_part(stream.effective).sum(axis=0) for stream in run.streams)
    lost_tokens = np.zeros(timeline.months)
    for load, served in zip(loads, run.served, strict=True):
        lost = run.not_served(load, served)
        if lost is None:
            continue
        lost_tokens += lost.mean(axis=1) * load.workload.demand.output_tokens
        if fleet.overflow_to is not None:
            usage = pricing.price(load.workload.demand, fleet.overflow_to, lost)
            record_usage(ledger, tally, by_outlook, load.workload, fleet.overflow_to, usage, kind="overflow")

    runs = TwoRuns(
        fleet=fleet,
        loads=loads,
        timeline=timeline,
        pricing=pricing,
        digits=digits,
        speedup=speedup,
        run=run,
        plain=plain,
    )
    effect = runs.effect()
    return ChargedFleet(
        budget=fleet_budget(fleet, timeline, exchange, run, plain, lost_tokens, effect.saving, digits),
        verdicts=effect.verdicts,
        break_evens=break_evens(
            fleet,
            loads,
            timeline=timeline,
            exchange=exchange,
            pricing=pricing,
            digits=digits,
            run=FleetRun(operation=run, speedup=speedup),
            plain=None if plain is run else FleetRun(operation=plain, speedup=undecoded),
        ),
        waiting=tuple(_waiting(fleet, loads, run, speedup, timeline)),
        held=speedup.held,
    )


def _waiting(
    fleet: Fleet, loads: list[FleetLoad], run: FleetOperation, speedup: FleetSpeedup, timeline: Timeline
) -> Iterator[WaitingPaths]:
    """Of the requests that the fleet itself serves."""
    of_users = speedup.of_users(nodes_follow_demand=not isinstance(fleet.scaling, Fixed))
    for load, served, quicker in zip(loads, run.served, of_users, strict=True):
        paths = waiting_paths(fleet, load.workload, load.requests * served, quicker, timeline)
        if paths is not None:
            yield paths


def _enter_costs(fleet: Fleet, loads: list[FleetLoad], run: FleetOperation, ledger: LineLedger, tally: Tally) -> None:
    """Allocated streams go to workloads by their part of the node-hours in use; what nobody uses is the fleet's own."""
    effective_in_use, billed_in_use, effective_idle, billed_idle = np.zeros((4, *run.utilization.shape))
    for stream in run.streams:
        allocation = allocate(stream, run) if stream.allocated else None
        if allocation is not None:
            effective_in_use += stream.effective * allocation.in_use
            billed_in_use += stream.billed * allocation.in_use
            effective_idle += stream.effective * allocation.idle
            billed_idle += stream.billed * allocation.idle
        else:
            tally.add_to_groups((("cost_center", fleet.cost_center),), stream.effective, stream.billed)
        ledger.add_group(stream_series(fleet, stream, loads, allocation))
        tally.add_total(stream.effective, stream.billed)
        tally.add_to_groups((("fleet", fleet.name),), stream.effective, stream.billed)
    for load, share in zip(loads, run.shares, strict=True):
        groups = (("workload", load.workload.name), ("cost_center", load.workload.cost_center))
        tally.add_to_groups(groups, effective_in_use * share, billed_in_use * share)
    tally.add_to_groups((("cost_center", fleet.cost_center),), effective_idle, billed_idle)
