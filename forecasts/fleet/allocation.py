"""Who bears a stream of a fleet's cost: workloads by their part of the node-hours in use, the fleet itself the rest."""

from dataclasses import dataclass

import numpy as np

from forecasts.budgeting.lines import LineSeries
from forecasts.fleet.costs.stream import CostStream
from forecasts.fleet.fleet import Fleet
from forecasts.fleet.operation import FleetLoad, FleetOperation
from forecasts.timeline import FloatArray

# The account of a kind that the fleet names no account for: what is hired is rental, assets have none but their own.
_OTHER_ACCOUNT = {
    **dict.fromkeys(("commitment", "on_demand", "amortization", "lease"), "rental"),
    **dict.fromkeys(("rental", "depreciation", "power", "purchase", "upfront"), ""),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Allocation:
    """Fractions of a stream, each broadcasting to `[months, draws]`: `in_use` in all, by load, and what idles."""

    in_use: FloatArray
    by_load: list[FloatArray]
    idle: FloatArray


def allocate(stream: CostStream, run: FleetOperation) -> Allocation:
    """Of an allocated stream; nobody's work causes the others."""
    everything = np.ones((run.utilization.shape[0], 1))
    in_use = everything if stream.used_fraction is None else stream.used_fraction
    by_load = [share * in_use for share in run.shares]
    idle = 1.0 - np.sum(by_load, axis=0) if by_load else everything
    return Allocation(in_use=in_use, by_load=by_load, idle=idle)


def stream_series(
    fleet: Fleet, stream: CostStream, loads: list[FleetLoad], allocation: Allocation | None
) -> list[LineSeries]:
    """The lines of a stream, which together are the stream; without an allocation it is one line of the fleet."""
    if allocation is None:
        return [_series(fleet, stream, None, np.ones((1, 1)), meter=stream.kind)]
    members = [
        _series(fleet, stream, load, share, meter="used") for load, share in zip(loads, allocation.by_load, strict=True)
    ]
    members.append(_series(fleet, stream, None, allocation.idle, meter="idle"))
    return members


def _series(fleet: Fleet, stream: CostStream, load: FleetLoad | None, share: FloatArray, *, meter: str) -> LineSeries:
    other = fleet.gl_accounts.get(_OTHER_ACCOUNT.get(stream.kind, "other"), "")
    return LineSeries(
        workload=None if load is None else load.workload.name,
        cost_center=fleet.cost_center if load is None else load.workload.cost_center,
        gl_account=fleet.gl_accounts.get(stream.kind, other),
        fleet=fleet.name,
        route=f"fleet:{fleet.name}",
        kind=stream.kind,
        meter=meter,
        unit=stream.unit,
        quantity=(stream.quantity * share).mean(axis=1),
        billed=(stream.billed * share).mean(axis=1),
        effective=(stream.effective * share).mean(axis=1),
    )
