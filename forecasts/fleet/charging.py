"""Runs a fleet for its workloads and charges them: their share of its cost, idle apart, and their overflow."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from forecasts.budgeting.budget import FleetBudget
from forecasts.budgeting.lines import LineLedger, LineSeries
from forecasts.budgeting.metering import record_usage
from forecasts.budgeting.tally import Tally
from forecasts.draws import Draws
from forecasts.explain.savings import DecoderVerdict
from forecasts.explain.waiting import WaitingPaths, waiting_paths
from forecasts.fleet.cost import CostStream
from forecasts.fleet.decoder_effect import TwoRuns
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.operation import FleetLoad, FleetOperation, operate
from forecasts.fleet.report import fleet_budget
from forecasts.prices.usage import UsagePricing
from forecasts.speculation.decoder import NONE
from forecasts.speculation.measurement import Measurement
from forecasts.speculation.speedup import FleetSpeedup, fleet_speedup
from forecasts.timeline import FloatArray, Timeline

# Kinds of cost that finance keeps on accounts of their own; every other kind goes to `other`.
_ACCOUNT_KINDS = ("depreciation", "rental", "power", "purchase")


@dataclass(frozen=True, kw_only=True)
class ChargedFleet:
    """`held` says where the evidence for the decoder's gain ended."""

    budget: FleetBudget
    verdicts: tuple[DecoderVerdict, ...]
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
    run = operate(fleet, loads, timeline, speedup, exchange, draws.count)
    plain = run
    if fleet.decoder.preset != NONE:
        plain = operate(fleet, loads, timeline, FleetSpeedup.none(len(loads)), exchange, draws.count)

    _enter_costs(fleet, loads, run, ledger, tally)
    for horizon in by_outlook.values():
        horizon += sum(stream.effective.sum(axis=0) for stream in run.streams)
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
        budget=fleet_budget(fleet, timeline, exchange, run, plain, lost_tokens, effect.saving),
        verdicts=effect.verdicts,
        waiting=tuple(_waiting(fleet, loads, run, speedup, timeline)),
        held=speedup.held,
    )


def _waiting(
    fleet: Fleet, loads: list[FleetLoad], run: FleetOperation, speedup: FleetSpeedup, timeline: Timeline
) -> Iterator[WaitingPaths]:
    """Of the requests that the fleet itself serves."""
    for load, served, quicker in zip(loads, run.served, speedup.of_users, strict=True):
        paths = waiting_paths(fleet, load.workload, load.requests * served, quicker, timeline)
        if paths is not None:
            yield paths


def _enter_costs(fleet: Fleet, loads: list[FleetLoad], run: FleetOperation, ledger: LineLedger, tally: Tally) -> None:
    allocated_effective = np.zeros(run.utilization.shape)
    allocated_billed = np.zeros(run.utilization.shape)
    idle_share = 1.0 - np.sum(run.shares, axis=0) if loads else np.ones(run.utilization.shape)
    for stream in run.streams:
        members = []
        if stream.allocated:
            members = [
                _series(fleet, stream, load, share, meter="used") for load, share in zip(loads, run.shares, strict=True)
            ]
            members.append(_series(fleet, stream, None, idle_share, meter="idle"))
            allocated_effective += stream.effective
            allocated_billed += stream.billed
        else:
            members.append(_series(fleet, stream, None, np.ones((len(idle_share), 1)), meter=stream.kind))
            tally.add_to_groups((("cost_center", fleet.cost_center),), stream.effective, stream.billed)
        ledger.add_group(members)
        tally.add_total(stream.effective, stream.billed)
        tally.add_to_groups((("fleet", fleet.name),), stream.effective, stream.billed)
    for load, share in zip(loads, run.shares, strict=True):
        groups = (("workload", load.workload.name), ("cost_center", load.workload.cost_center))
        tally.add_to_groups(groups, allocated_effective * share, allocated_billed * share)
    tally.add_to_groups(
        (("cost_center", fleet.cost_center),), allocated_effective * idle_share, allocated_billed * idle_share
    )


def _series(fleet: Fleet, stream: CostStream, load: FleetLoad | None, share: FloatArray, *, meter: str) -> LineSeries:
    account = stream.kind if stream.kind in _ACCOUNT_KINDS else "other"
    return LineSeries(
        workload=None if load is None else load.workload.name,
        cost_center=fleet.cost_center if load is None else load.workload.cost_center,
        gl_account=fleet.gl_accounts.get(account, ""),
        fleet=fleet.name,
        route=f"fleet:{fleet.name}",
        kind=stream.kind,
        meter=meter,
        unit=stream.unit,
        quantity=(stream.quantity * share).mean(axis=1),
        billed=(stream.billed * share).mean(axis=1),
        effective=(stream.effective * share).mean(axis=1),
    )
