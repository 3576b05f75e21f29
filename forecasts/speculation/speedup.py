"""The speedup of a fleet's decoder as sample paths, load by load, on the basis that the fleet is judged by."""

from dataclasses import dataclass, field

import numpy as np

from forecasts.draws import Draws
from forecasts.fleet.fleet import Fleet
from forecasts.speculation.decoder import BASES, HEADLINE, NONE, Basis
from forecasts.speculation.gains.building import gain_over_measured
from forecasts.speculation.gains.conditions import ORDINARY, WorkloadConditions
from forecasts.speculation.gains.over_measured import GainOverMeasured
from forecasts.speculation.measurement import Measurement
from forecasts.timeline import FloatArray, Timeline
from forecasts.workload import Workload


@dataclass(frozen=True, kw_only=True, eq=False)
class FleetSpeedup:
    """Throughput with the decoder over the throughput as measured, ratios that broadcast to `[months, draws]`.

    `by_load` is of the output of each load in order, `unloaded` of a fleet without load. `gains` are the same by basis
    while the decoder runs, shape `[draws]` for each load; on `matched_throughput` they are of the speed of a user.
    """

    by_load: tuple[FloatArray, ...]
    unloaded: FloatArray
    running: FloatArray = field(default_factory=lambda: np.ones((1, 1)))  # 1 in months with the decoder, [months, 1]
    basis: Basis | None = None
    gains: dict[Basis, tuple[FloatArray, ...]] = field(default_factory=dict)
    held: tuple[str, ...] = ()

    @classmethod
    def none(cls, loads: int) -> "FleetSpeedup":
        one = np.ones((1, 1))
        return cls(by_load=(one,) * loads, unloaded=one)

    def of_mix(self, output_tokens: list[FloatArray], shape: tuple[int, ...]) -> FloatArray:
        """Of the fleet as a whole: output over output weighted by each load's time, `sum(out) / sum(out / S)`."""
        if all(one is self.unloaded for one in self.by_load):
            return np.broadcast_to(self.unloaded, shape)
        return np.where(_offered(output_tokens, shape) > 0.0, mix(output_tokens, self.by_load, shape), self.unloaded)


def mix(output_tokens: list[FloatArray], speedups: tuple[FloatArray, ...], shape: tuple[int, ...]) -> FloatArray:
    """The speedup of a mix of outputs, shape `shape`; 1 where nothing is put out."""
    time = np.zeros(shape)
    for tokens, speedup in zip(output_tokens, speedups, strict=True):
        time += tokens / speedup
    return np.divide(_offered(output_tokens, shape), time, out=np.ones(shape), where=time > 0.0)


def fleet_speedup(
    fleet: Fleet,
    workloads: list[Workload],
    timeline: Timeline,
    draws: Draws,
    measurements: tuple[Measurement, ...] = (),
) -> FleetSpeedup:
    """1 before the decoder's first month, and where a fleet runs what its throughput was measured with.

    Everything drawn is keyed by preset: fleets that run the same decoder share its luck.
    """
    if fleet.decoder.preset in (NONE, fleet.throughput.measured_with):
        return FleetSpeedup.none(len(workloads))
    gain = gain_over_measured(fleet, workloads, draws, measurements)
    basis = basis_of(fleet, gain)
    conditions = [WorkloadConditions.of(workload) for workload in workloads]
    asked: tuple[Basis, ...] = BASES if gain.point.wanted_speed is not None else (BASES[0], BASES[2])
    ratios = {one: tuple(gain.at(one, of) for of in conditions) for one in asked}
    running = (timeline.indices >= _first_index(fleet, timeline)).astype(np.float64)[:, None]
    by_load = tuple(_in_force(_throughput_gain(ratio.values, basis), running) for ratio in ratios[basis])
    unloaded = by_load[0] if by_load else _in_force(_throughput_gain(gain.at(basis, ORDINARY).values, basis), running)
    return FleetSpeedup(
        by_load=by_load,
        unloaded=unloaded,
        running=running,
        basis=basis,
        gains={one: tuple(ratio.values for ratio in of_loads) for one, of_loads in ratios.items()},
        held=tuple(dict.fromkeys(note for ratio in ratios[basis] for note in ratio.held)),
    )


def basis_of(fleet: Fleet, gain: GainOverMeasured) -> Basis:
    """The plan's, or by default the same speed of a user where a workload states one, otherwise equal concurrency."""
    if fleet.decoder.basis is not None:
        return fleet.decoder.basis
    if fleet.decoder.preset != HEADLINE and gain.point.wanted_speed is not None:
        return "matched_speed"
    return "equal_concurrency"


def _throughput_gain(ratio: FloatArray, basis: Basis) -> FloatArray:
    """At the same throughput users are quicker and nodes are not: such a gain takes no work off the fleet."""
    return np.ones_like(ratio) if basis == "matched_throughput" else ratio


def _in_force(ratio: FloatArray, running: FloatArray) -> FloatArray:
    if running.all():
        return ratio[None, :]
    paths: FloatArray = np.where(running > 0.0, ratio[None, :], 1.0)
    return paths


def _first_index(fleet: Fleet, timeline: Timeline) -> int:
    first = fleet.decoder.first_month
    return int(timeline.indices[0]) if first is None else first.index


def _offered(output_tokens: list[FloatArray], shape: tuple[int, ...]) -> FloatArray:
    total = np.zeros(shape)
    for tokens in output_tokens:
        total += tokens
    return total
