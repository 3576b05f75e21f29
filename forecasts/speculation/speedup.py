"""The speedup of a fleet's decoder as sample paths, load by load, on the basis that the fleet is judged by."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

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
    """What a decoder gains for each load of a fleet, in order; ratios that broadcast to `[months, draws]`.

    `by_load` is throughput over the throughput as measured, which is what takes work off nodes, `unloaded` the same for
    a fleet without load. `gains` say it by basis for the months in which the decoder is `running`, shape `[draws]`
    each; on `matched_throughput` they are of the speed of a user. `held` is where evidence ended, in words.
    """

    by_load: tuple[FloatArray, ...]
    unloaded: FloatArray
    running: FloatArray = field(default_factory=lambda: np.zeros((1, 1)))  # 1 or 0, shape [months, 1]
    basis: Basis | None = None
    gain: GainOverMeasured | None = None
    gains: dict[Basis, tuple[FloatArray, ...]] = field(default_factory=dict)
    held: tuple[str, ...] = ()

    @classmethod
    def none(cls, loads: int) -> "FleetSpeedup":
        one = np.ones((1, 1))
        return cls(by_load=(one,) * loads, unloaded=one)

    @property
    def on_basis(self) -> tuple[FloatArray, ...]:
        """By load on the basis in use: as `by_load`, but for a basis that is not of throughput."""
        if self.basis != "matched_throughput":
            return self.by_load
        return tuple(in_force(gain, self.running) for gain in self.gains[self.basis])

    def of_users(self, *, nodes_follow_demand: bool) -> tuple[FloatArray, ...]:
        """By load, of the speed of a user: what of the gain is not spent on nodes.

        Nodes that stay share the same throughput, so that all of it goes to users. Where nodes are given back, users
        keep what the basis leaves them: the gain at equal concurrency, nothing at a matched speed.
        """
        if self.basis is None:
            return self.by_load
        if nodes_follow_demand and self.basis == "equal_concurrency":
            return self.by_load
        if nodes_follow_demand and self.basis == "matched_speed":
            return tuple(np.ones((1, 1)) for _ in self.by_load)
        return tuple(in_force(gain, self.running) for gain in self.gains["matched_throughput"])

    def of_mix(self, output_tokens: Sequence[FloatArray], shape: tuple[int, ...]) -> FloatArray:
        """Of the fleet as a whole, shape `shape`."""
        return self._mixed(self.by_load, output_tokens, shape)

    def of_mix_on_basis(self, output_tokens: Sequence[FloatArray], shape: tuple[int, ...]) -> FloatArray:
        return self._mixed(self.on_basis, output_tokens, shape)

    def _mixed(
        self, by_load: tuple[FloatArray, ...], output_tokens: Sequence[FloatArray], shape: tuple[int, ...]
    ) -> FloatArray:
        if all(one is self.unloaded for one in by_load):
            return np.broadcast_to(self.unloaded, shape)
        mixed = mix_of(output_tokens, by_load, shape)
        np.copyto(mixed, self.unloaded, where=np.isnan(mixed))
        return mixed


def mix_of(output_tokens: Sequence[FloatArray], speedups: Sequence[FloatArray], shape: tuple[int, ...]) -> FloatArray:
    """The speedup of a mix of outputs, `sum(out) / sum(out / S)`, shape `shape`; NaN where nothing is put out."""
    offered, time = np.zeros(shape), np.zeros(shape)
    for tokens, speedup in zip(output_tokens, speedups, strict=True):
        offered += tokens
        time += tokens / speedup
    mixed: FloatArray = np.full(shape, np.nan)
    np.divide(offered, time, out=mixed, where=time > 0.0)
    return mixed


def fleet_speedup(
    fleet: Fleet,
    workloads: Sequence[Workload],
    timeline: Timeline,
    draws: Draws,
    measurements: Sequence[Measurement] = (),
) -> FleetSpeedup:
    """1 before the decoder's first month, and where a fleet runs what its throughput was measured with.

    Everything drawn is keyed by preset: fleets that run the same decoder share its luck.
    """
    if fleet.decoder.preset == NONE:
        return FleetSpeedup.none(len(workloads))
    gain = gain_over_measured(fleet, workloads, draws, measurements)
    if fleet.decoder.preset == fleet.throughput.measured_with:
        return replace(FleetSpeedup.none(len(workloads)), gain=gain)
    basis = basis_of(fleet, gain)
    conditions = [WorkloadConditions.of(workload) for workload in workloads]
    ratios = {one: [gain.at(one, of) for of in conditions] for one in _bases_that_apply(gain)}
    running = (timeline.indices >= _first_index(fleet, timeline)).astype(np.float64)[:, None]
    by_load = tuple(in_force(_of_throughput(ratio.values, basis), running) for ratio in ratios[basis])
    return FleetSpeedup(
        by_load=by_load,
        unloaded=in_force(_of_throughput(gain.at(basis, ORDINARY).values, basis), running),
        running=running,
        basis=basis,
        gain=gain,
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


def in_force(ratio: FloatArray, running: FloatArray) -> FloatArray:
    """A ratio of shape `[draws]` in the months in which the decoder runs, and 1 in the others."""
    if running.all():
        return ratio[None, :]
    paths: FloatArray = np.where(running > 0.0, ratio[None, :], 1.0)
    return paths


def _bases_that_apply(gain: GainOverMeasured) -> tuple[Basis, ...]:
    return tuple(one for one in BASES if one != "matched_speed" or gain.point.wanted_speed is not None)


def _of_throughput(ratio: FloatArray, basis: Basis) -> FloatArray:
    """At the same throughput users are quicker and nodes are not: such a gain takes no work off the fleet."""
    return np.ones_like(ratio) if basis == "matched_throughput" else ratio


def _first_index(fleet: Fleet, timeline: Timeline) -> int:
    first = fleet.decoder.first_month
    return int(timeline.indices[0]) if first is None else first.index
