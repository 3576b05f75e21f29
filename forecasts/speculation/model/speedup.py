"""Decode speedup at equal concurrency: acceptance length against what a step with a draft costs more."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.speculation.model.acceptance import acceptance_lengths
from forecasts.speculation.model.drafting import Drafting, draft_coefficients, drafting_time, verified_tokens
from forecasts.speculation.model.parameters import UpliftParameters
from forecasts.speculation.model.step_time import requests_time, step_coefficients, weights_time
from forecasts.speculation.model.target import TargetModel
from forecasts.timeline import FloatArray


@dataclass(frozen=True, kw_only=True)
class Speculation:
    """How drafts are made, how long they are, and how acceptance decays over their positions.

    `adaptive` engines take the best draft length from 0 to `depth` at every load.
    """

    drafting: Drafting
    depth: int
    rho: float = 1.0
    adaptive: bool = False


def decode_speedup(
    first: npt.ArrayLike,
    requests: npt.ArrayLike,
    *,
    speculation: Speculation,
    target: TargetModel,
    context_tokens: npt.ArrayLike,
    parameters: UpliftParameters,
) -> FloatArray:
    """Output tokens per second with drafts over without, at `requests` running requests in both cases.

    A ratio: `S = tau(g) T(B, B) / (T(B (1 + g), B) + d(g))`. `first` is the acceptance of the first draft position,
    `requests` the running requests of one replica, `context_tokens` their mean context. Shape: all three broadcast,
    such as `[workloads, 1, draws]` against `[months, 1]`. Raises ValueError as `acceptance_length` does.
    """
    return speedup_from_lengths(
        acceptance_lengths(first, speculation.rho, speculation.depth),
        requests,
        speculation=speculation,
        target=target,
        context_tokens=context_tokens,
        parameters=parameters,
    )


def speedup_from_lengths(
    lengths: Sequence[FloatArray],
    requests: npt.ArrayLike,
    *,
    speculation: Speculation,
    target: TargetModel,
    context_tokens: npt.ArrayLike,
    parameters: UpliftParameters,
) -> FloatArray:
    """The same from acceptance lengths, however they came about: `lengths[g]` is the one at draft length `g`."""
    requests_ = np.asarray(requests, dtype=np.float64)
    steps = step_coefficients(target, parameters)
    drafts = draft_coefficients(speculation.drafting, target, parameters)
    reading = requests_time(requests_, np.asarray(context_tokens, dtype=np.float64), steps)
    plain = weights_time(requests_, steps)
    if speculation.depth == 0:
        return np.ones(np.broadcast_shapes(lengths[0].shape, reading.shape))
    first = lengths[1] - 1.0
    tried = range(1 if speculation.adaptive else speculation.depth, speculation.depth + 1)
    weights = [
        weights_time(requests_ * (1.0 + verified_tokens(depth, first, drafts)), steps)
        + drafting_time(depth, requests_, drafts)
        for depth in tried
    ]
    best = _best_rate(list(lengths[tried.start : tried.stop]), weights, plain, reading)
    # An engine that may draft nothing never loses.
    return np.maximum(best, 1.0, out=best) if speculation.adaptive else best


def _best_rate(
    lengths: Sequence[FloatArray], weights: Sequence[FloatArray], plain: FloatArray, reading: FloatArray
) -> FloatArray:
    """The largest `length / (weights + reading)` times `plain + reading`, block by block so that it stays in cache."""
    shape = np.broadcast_shapes((1,), *(array.shape for array in (*lengths, *weights, plain, reading)))
    whole = np.broadcast_shapes(*(array.shape for array in (*lengths, *weights, plain, reading)))
    rows = max(1, 2**15 // math.prod(shape[1:]))
    best, scratch = np.empty(shape), np.empty((min(rows, shape[0]), *shape[1:]))
    for start in range(0, shape[0], rows):
        block = slice(start, start + rows)

        def here(array: FloatArray, block: slice = block) -> FloatArray:
            return array[block] if array.ndim == len(shape) and array.shape[0] > 1 else array

        out = best[block]
        rate = scratch[: len(out)]
        np.divide(here(lengths[0]), np.add(here(weights[0]), here(reading), out=rate), out=out)
        for length, weight in zip(lengths[1:], weights[1:], strict=True):
            np.divide(here(length), np.add(here(weight), here(reading), out=rate), out=rate)
            np.maximum(out, rate, out=out)
        out *= np.add(here(plain), here(reading), out=rate)
    return best.reshape(whole)


def speedup_over(speedup: npt.ArrayLike, baseline: npt.ArrayLike) -> FloatArray:
    """A gain over another decoder: both given over no speculation. A gain over MTP-1 is not a gain over nothing."""
    over: FloatArray = np.asarray(speedup, dtype=np.float64) / np.asarray(baseline, dtype=np.float64)
    return over
