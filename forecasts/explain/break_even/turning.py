"""The volume of a workload from which on its own fleet is cheaper than an API route."""

from dataclasses import replace

import numpy as np

from forecasts.explain.break_even.question import BreakEvenQuestion
from forecasts.fleet.operation import FleetLoad, operate
from forecasts.speculation.speedup import FleetSpeedup
from forecasts.timeline import FloatArray

# Volumes that are tried for the turning point, as multiples of the workload's own: from 1/256 to 256.
_MULTIPLES = 2.0 ** np.arange(-8.0, 8.25, 0.5)
# A mean over these paths tells where two costs cross; all of them would take as long as 30 forecasts.
_TURNING_PATHS = 128


def turning_tokens(question: BreakEvenQuestion, speedup: FleetSpeedup) -> FloatArray:
    """Output tokens a month from which on the fleet is cheaper in the mean, shape `[months]`; NaN where never.

    The fleet is run once with the workload at all multiples of its volume side by side, everyone else's staying; where
    the difference of the two mean costs turns last, the volume is interpolated.
    """
    load = question.loads[question.index]
    paths = min(_TURNING_PATHS, load.requests.shape[1])
    columns = len(_MULTIPLES) * paths
    multiples = np.repeat(_MULTIPLES, paths)
    loads = [
        _tiled_load(one, paths, multiples if index == question.index else None)
        for index, one in enumerate(question.loads)
    ]
    tiled = replace(question, loads=loads, api_per_request=_tiled(question.api_per_request, paths))
    operation = operate(
        question.fleet,
        loads,
        question.timeline,
        _tiled_speedup(speedup, paths),
        question.exchange,
        columns,
        question.digits,
    )
    by_multiple = (len(load.requests), len(_MULTIPLES), paths)
    fleet_cost, api_cost = (cost.reshape(by_multiple).mean(axis=2) for cost in tiled.costs(operation))
    tokens = tiled.served_requests(operation).reshape(by_multiple).mean(axis=2) * question.output_tokens
    return last_crossing(tokens, api_cost - fleet_cost)


def last_crossing(volume: FloatArray, gain: FloatArray) -> FloatArray:
    """The volume from which on the gain stays positive, by row; 0 where it always is, NaN where it ends negative."""
    rows = np.arange(len(gain))
    last = gain.shape[1] - 1
    not_yet = gain <= 0.0
    before = np.where(not_yet.any(axis=1), last - np.argmax(not_yet[:, ::-1], axis=1), 0)
    after = np.minimum(before + 1, last)
    low, high = gain[rows, before], gain[rows, after]
    weight = np.divide(-low, high - low, out=np.zeros(len(gain)), where=high > low)
    crossing = volume[rows, before] + weight * (volume[rows, after] - volume[rows, before])
    crossing = np.where(not_yet.any(axis=1), crossing, 0.0)
    turning: FloatArray = np.where(not_yet[:, -1], np.nan, crossing)
    return turning


def _tiled_load(load: FleetLoad, paths: int, multiples: FloatArray | None) -> FleetLoad:
    factor = 1.0 if multiples is None else multiples
    planned = None if load.planned is None else _tiled(load.planned, paths) * factor
    return replace(load, requests=_tiled(load.requests, paths) * factor, planned=planned)


def _tiled_speedup(speedup: FleetSpeedup, paths: int) -> FleetSpeedup:
    """The same paths once for each multiple; arrays that are one and the same stay so.

    What users gain on another basis than throughput has no part in the cost, and is left behind.
    """
    tiles = {id(one): _tiled(one, paths) for one in (*speedup.by_load, speedup.unloaded)}
    return replace(
        speedup,
        by_load=tuple(tiles[id(one)] for one in speedup.by_load),
        unloaded=tiles[id(speedup.unloaded)],
        basis=None,
    )


def _tiled(paths: FloatArray, count: int) -> FloatArray:
    return paths if paths.shape[1] == 1 else np.tile(paths[:, :count], (1, len(_MULTIPLES)))
