"""The speedup of a fleet's decoder as sample paths: the interface that every preset fills."""

import numpy as np

from forecasts.draws import Draws
from forecasts.fleet.fleet import Fleet
from forecasts.timeline import FloatArray, Timeline


def speedup_paths(fleet: Fleet, timeline: Timeline, draws: Draws) -> FloatArray:
    """Throughput with the decoder over the throughput as measured, shape `[months, draws]`.

    A ratio: 1 before the decoder's first month and where it has none. A `headline` speedup is one constant per path,
    drawn once and shared by all fleets that run it.
    """
    decoder = fleet.decoder
    paths = np.ones((timeline.months, draws.count))
    if decoder.speedup is not None:
        running = (
            slice(None)
            if decoder.first_month is None
            else slice(max(0, timeline.offset_of(decoder.first_month)), timeline.months)
        )
        paths[running] = decoder.speedup.at(draws.normal(f"speedup:{decoder.preset}"))
    return paths
