"""Decode speedup at equal concurrency: acceptance length against what a step with a draft costs more."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.speculation.model.acceptance import acceptance_lengths
from forecasts.speculation.model.drafting import Drafting, drafting_time
from forecasts.speculation.model.parameters import UpliftParameters
from forecasts.speculation.model.step_time import requests_time, weights_time
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
    """The same from acceptance lengths, however they came about: `lengths[g]` is the one at draft length `g`.

    Of a fixed draft only the last is used.
    """
    requests_ = np.asarray(requests, dtype=np.float64)
    reading = requests_time(requests_, context_tokens=context_tokens, target=target, parameters=parameters)
    plain = weights_time(requests_, target, parameters) + reading
    best: FloatArray | None = None
    for depth in draft_lengths_tried(speculation):
        weights = weights_time(requests_ * (1.0 + depth), target, parameters)
        weights += drafting_time(speculation.drafting, depth, requests_, target=target, parameters=parameters)
        speedup = lengths[depth] * (plain / (weights + reading))
        best = speedup if best is None else np.maximum(best, speedup)
    shape = np.broadcast_shapes(np.shape(lengths[-1]), plain.shape)
    return np.ones(shape) if best is None else best


def draft_lengths_tried(speculation: Speculation) -> range:
    """The draft lengths among which an engine chooses; no draft at all is one of them where it adapts."""
    return range(0 if speculation.adaptive else speculation.depth, speculation.depth + 1)


def speedup_over(speedup: npt.ArrayLike, baseline: npt.ArrayLike) -> FloatArray:
    """A gain over another decoder: both given over no speculation. A gain over MTP-1 is not a gain over nothing."""
    over: FloatArray = np.asarray(speedup, dtype=np.float64) / np.asarray(baseline, dtype=np.float64)
    return over
