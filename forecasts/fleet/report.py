"""A fleet's run as figures by month: nodes, utilisation, unit cost, headroom and what the decoder saves."""

import numpy as np

from forecasts.budgeting.budget import DecoderSaving, FleetBudget, RegisteredAsset
from forecasts.budgeting.tally import spread_by_month
from forecasts.fleet.assets.books import asset_books
from forecasts.fleet.assets.register import asset_register
from forecasts.fleet.costs.stream import CostStream
from forecasts.fleet.costs.streams import cost_streams
from forecasts.fleet.costs.terms import Owned
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.nodes import NodeWork
from forecasts.fleet.operation import FleetOperation
from forecasts.timeline import FloatArray, Timeline
from forecasts.units import TOKENS_PER_MTOK


def fleet_budget(
    fleet: Fleet,
    timeline: Timeline,
    exchange: FloatArray,
    run: FleetOperation,
    without_decoder: FleetOperation,
    lost_tokens: FloatArray,
    decoder: DecoderSaving,
    digits: int,
) -> FleetBudget:
    """`lost_tokens` are mean output tokens without capacity, shape `[months]`: overflow if there is a route for it."""
    nodes = np.broadcast_to(run.nodes.paid, run.speedup.shape)
    node_hours = np.broadcast_to(run.nodes.paid_hours, run.speedup.shape)
    served = run.served_tokens.mean(axis=1)
    capacity = run.capacity_tokens.mean(axis=1)
    overflows = fleet.overflow_to is not None
    return FleetBudget(
        name=fleet.name,
        nodes=spread_by_month(nodes),
        node_hours=spread_by_month(node_hours),
        speedup=spread_by_month(run.speedup),
        speedup_basis=decoder.basis,
        utilization_fraction=run.utilization.mean(axis=1),
        usd_per_mtok_served=_per_mtok(mean_effective(run.streams), served),
        usd_per_mtok_full_load=_per_mtok(_at_full_load(fleet, timeline, exchange, run, digits), capacity),
        usd_per_mtok_full_load_without_decoder=_per_mtok(
            _at_full_load(fleet, timeline, exchange, without_decoder, digits),
            without_decoder.capacity_tokens.mean(axis=1),
        ),
        tokens_served=served,
        headroom_tokens=np.maximum(capacity - served, 0.0),
        overflow_tokens=lost_tokens if overflows else np.zeros_like(lost_tokens),
        unserved_tokens=np.zeros_like(lost_tokens) if overflows else lost_tokens,
        decoder=decoder,
        assets=_assets(fleet, timeline, exchange, run, digits),
    )


def mean_effective(streams: list[CostStream]) -> FloatArray:
    """Shape `[months]`."""
    total: FloatArray = np.sum([stream.effective.mean(axis=1) for stream in streams], axis=0)
    return total


def _assets(
    fleet: Fleet, timeline: Timeline, exchange: FloatArray, run: FleetOperation, digits: int
) -> tuple[RegisteredAsset, ...]:
    if not isinstance(fleet.cost, Owned):
        return ()
    work = NodeWork(utilization=run.utilization, output_tokens=run.served_tokens)
    return asset_register(asset_books(fleet, fleet.cost, timeline, exchange, run.nodes, work, digits), digits)


def _at_full_load(
    fleet: Fleet, timeline: Timeline, exchange: FloatArray, run: FleetOperation, digits: int
) -> FloatArray:
    work = NodeWork(utilization=np.ones((timeline.months, 1)), output_tokens=run.capacity_tokens)
    return mean_effective(cost_streams(fleet, timeline, exchange, run.nodes, work, digits))


def _per_mtok(cost: FloatArray, tokens: FloatArray) -> FloatArray:
    unit_cost: FloatArray = np.full(cost.shape, np.nan)
    np.divide(cost * TOKENS_PER_MTOK, tokens, out=unit_cost, where=tokens > 0.0)
    return unit_cost
