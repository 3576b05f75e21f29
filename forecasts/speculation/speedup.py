"""The speedup of a fleet's decoder as sample paths: the interface that every preset fills."""

from dataclasses import dataclass

import numpy as np

from forecasts.draws import Draws
from forecasts.fleet.fleet import Fleet
from forecasts.timeline import FloatArray, Timeline


@dataclass(frozen=True, kw_only=True, eq=False)
class FleetSpeedup:
    """Throughput with the decoder over the throughput as measured, ratios that broadcast to `[months, draws]`.

    `by_load` is of the output of each load in order, `unloaded` of a fleet without load.
    """

    by_load: tuple[FloatArray, ...]
    unloaded: FloatArray

    @classmethod
    def none(cls, loads: int) -> "FleetSpeedup":
        one = np.ones((1, 1))
        return cls(by_load=(one,) * loads, unloaded=one)

    def of_mix(self, output_tokens: list[FloatArray], shape: tuple[int, ...]) -> FloatArray:
        """Of the fleet as a whole: output over output weighted by each load's time, `sum(out) / sum(out / S)`."""
        if all(one is self.unloaded for one in self.by_load):
            return np.broadcast_to(self.unloaded, shape)
        served = np.zeros(shape)
        time = np.zeros(shape)
        for tokens, speedup in zip(output_tokens, self.by_load, strict=True):
            served += tokens
            time += tokens / speedup
        mix = np.broadcast_to(self.unloaded, shape).copy()
        np.divide(served, time, out=mix, where=time > 0.0)
        return mix


def fleet_speedup(fleet: Fleet, loads: int, timeline: Timeline, draws: Draws) -> FleetSpeedup:
    """1 before the decoder's first month and where a fleet has none.

    A `headline` speedup is one constant per path, drawn once and shared by all fleets that run it.
    """
    decoder = fleet.decoder
    if decoder.speedup is None:
        return FleetSpeedup.none(loads)
    paths = np.ones((timeline.months, draws.count))
    starts = 0 if decoder.first_month is None else max(0, timeline.offset_of(decoder.first_month))
    paths[starts:] = decoder.speedup.at(draws.normal(f"speedup:{decoder.preset}"))
    return FleetSpeedup(by_load=(paths,) * loads, unloaded=paths)
