"""Works out what a fleet's decoder gains over a range of loads, and where the fleet stands in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecasts.budgeting.tally import quantiles
from forecasts.demand import request_paths
from forecasts.draws import Draws
from forecasts.explain.nearby_measurements import measured_nearby
from forecasts.explain.uplift import MeasuredSpeedup, ServingCurve, ServingPoint, SpeedupCurve, UpliftExplanation
from forecasts.fleet.fleet import Fleet
from forecasts.plan import Plan
from forecasts.routing import shares_by_month
from forecasts.speculation.decoder import NONE
from forecasts.speculation.gains.building import gain_over_measured
from forecasts.speculation.gains.conditions import WorkloadConditions
from forecasts.speculation.gains.over_measured import GainOverMeasured
from forecasts.speculation.gains.served import served_target
from forecasts.speculation.measurement import points_on
from forecasts.speculation.speedup import basis_of
from forecasts.timeline import FloatArray
from forecasts.workload import FleetRoute, Workload

_POINTS = 33
_LEAST_MOST_REQUESTS = 256.0


@dataclass(frozen=True, kw_only=True, eq=False)
class _Mix:
    """A fleet's workloads and their parts of its output, which add to 1."""

    workloads: tuple[Workload, ...]
    shares: FloatArray

    @property
    def conditions(self) -> tuple[WorkloadConditions, ...]:
        return tuple(WorkloadConditions.of(workload) for workload in self.workloads)


def explain_uplift(plan: Plan, fleet: Fleet) -> UpliftExplanation | None:
    """The curves of one fleet's decoder, on the plan's own draws; None for a fleet without a decoder or a load.

    The gain is of the fleet's mix of output over the horizon, each workload at its mean.
    """
    mix = _mix_on(plan, fleet)
    if fleet.decoder.preset in (NONE, fleet.throughput.measured_with) or not mix.workloads:
        return None
    draws = Draws(seed=plan.seed, count=plan.draws)
    gain = gain_over_measured(fleet, mix.workloads, draws, plan.measurements)
    # A curve of speeds needs the model of step time also where the gain itself does not.
    gain = replace(gain, target=gain.target or served_target(fleet))
    basis = basis_of(fleet, gain)
    grid = _grid(fleet, gain)
    bands = quantiles(np.stack([_mixed(gain.at_load(fleet, load), mix) for load in grid]))
    without = _served_without(fleet, gain, mix, grid)
    median = bands[:, 1]
    here = gain.point.requests * fleet.throughput.engines_per_node
    at_here = float(np.median(_mixed(gain, mix)))
    used = float(np.median(_mix_of(mix, [gain.at(basis, one).values for one in mix.conditions])))
    slow = float(np.interp(np.log(here), np.log(grid), without)) if without.size else gain.point.measured_speed
    return UpliftExplanation(
        fleet=fleet.name,
        serves=fleet.serves,
        preset=fleet.decoder.preset,
        speedup_over=fleet.throughput.measured_with,
        basis=basis,
        speedup=used,
        equal_concurrency_speedup=at_here,
        required_tokens_per_second_per_user=gain.point.wanted_speed,
        curve=SpeedupCurve(
            concurrency=tuple(grid.tolist()),
            p10=tuple(bands[:, 0].tolist()),
            p50=tuple(median.tolist()),
            p90=tuple(bands[:, 2].tolist()),
        ),
        measured=_measured(plan, fleet) + measured_nearby(fleet, served_target(fleet), float(grid[-1])),
        without_decoder=_serving(grid, without),
        with_decoder=_serving(grid, without * median if without.size else without),
        standing_without=_point(here, slow),
        standing_with=_point(here, slow * at_here),
    )


def _mix_on(plan: Plan, fleet: Fleet) -> _Mix:
    here = FleetRoute(fleet=fleet.name)
    draws = Draws(seed=plan.seed, count=plan.draws)
    workloads, tokens = [], []
    for workload in plan.workloads:
        for route, share in shares_by_month(workload, plan.timeline):
            if route == here and workload.demand.output_tokens > 0.0:
                requests = request_paths(workload, plan.timeline, draws, plan.correlations) * share[:, None]
                workloads.append(workload)
                tokens.append(float(requests.mean(axis=1).sum()) * workload.demand.output_tokens)
    total = np.array(tokens)
    return _Mix(workloads=tuple(workloads), shares=total / total.sum() if total.sum() > 0.0 else total)


def _mix_of(mix: _Mix, ratios: Sequence[FloatArray]) -> FloatArray:
    """Shape `[draws]`: output over output weighted by each workload's time."""
    time: FloatArray = np.sum([share / ratio for share, ratio in zip(mix.shares, ratios, strict=True)], axis=0)
    return 1.0 / time


def _mixed(gain: GainOverMeasured, mix: _Mix) -> FloatArray:
    return _mix_of(mix, [gain.at("equal_concurrency", one).values for one in mix.conditions])


def _grid(fleet: Fleet, gain: GainOverMeasured) -> FloatArray:
    """Running requests per node, from one on each engine to well beyond what the fleet is sized for."""
    engines = float(fleet.throughput.engines_per_node)
    most = max(_LEAST_MOST_REQUESTS, 2.0 * gain.point.requests * engines, 2.0 * gain.point.measured_requests * engines)
    return np.geomspace(engines, most, _POINTS)


def _served_without(fleet: Fleet, gain: GainOverMeasured, mix: _Mix, grid: FloatArray) -> FloatArray:
    """Tokens per second of one user at each load with the measurement's decoder; empty where nothing can say."""
    if gain.target is None or fleet.throughput.concurrency_per_node is None:
        return np.zeros(0)
    loads = grid / fleet.throughput.engines_per_node
    slowness = np.zeros(loads.shape)
    for share, conditions in zip(mix.shares, mix.conditions, strict=True):
        slowness += share / gain.measured_speed_at(loads, conditions)
    return 1.0 / slowness


def _serving(grid: FloatArray, speeds: FloatArray) -> ServingCurve:
    loads = grid[: speeds.size]
    return ServingCurve(
        concurrency=tuple(loads.tolist()),
        tokens_per_second_per_user=tuple(speeds.tolist()),
        tokens_per_second_per_node=tuple((loads * speeds).tolist()),
    )


def _point(concurrency: float, speed: float) -> ServingPoint:
    return ServingPoint(
        concurrency=concurrency,
        tokens_per_second_per_user=speed,
        tokens_per_second_per_node=concurrency * speed,
    )


def _measured(plan: Plan, fleet: Fleet) -> tuple[MeasuredSpeedup, ...]:
    """The fleet's own points, which the forecast uses, over what its throughput was measured with."""
    return tuple(
        MeasuredSpeedup(
            concurrency=point.concurrency, speedup=point.speedup, source=point.source or "the plan", used=True
        )
        for point in points_on(plan.measurements, fleet.name, fleet.decoder.preset)
        if point.speedup is not None and point.speedup_over == fleet.throughput.measured_with
    )
