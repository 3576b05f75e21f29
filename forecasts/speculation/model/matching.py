"""Gains on the two matched bases: throughput at the same speed of a user, and speed at the same throughput."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.speculation.model.curves import SpeedCurve
from forecasts.timeline import FloatArray

BoolArray = npt.NDArray[np.bool_]
_BISECTIONS = 50


@dataclass(frozen=True, kw_only=True, eq=False)
class MatchedGain:
    """A ratio, and the running requests of both curves at which it was found; all of one shape.

    `held` marks where a curve ended before it met the target, so that its end was used; `capped` where the gain
    exceeded the most that was allowed.
    """

    gain: FloatArray
    baseline_load: FloatArray
    decoded_load: FloatArray
    held: BoolArray
    capped: BoolArray


def throughput_gain_at_speed(
    baseline: SpeedCurve, decoded: SpeedCurve, speed: npt.ArrayLike, *, most: float = np.inf
) -> MatchedGain:
    """Total tokens per second over the baseline's where both give every user `speed` tokens per second.

    Solves `v0(B0) = vs(Bs) = speed`; the gain is `Bs / B0`. Near the baseline's fastest speed it grows without bound,
    hence `most`. Shape: `speed` broadcast against the curves' own.
    """
    wanted = np.asarray(speed, dtype=np.float64)
    slow_load, slow_held = _load_where(baseline, baseline.speed_at, wanted)
    quick_load, quick_held = _load_where(decoded, decoded.speed_at, wanted)
    return _gain(quick_load / slow_load, slow_load, quick_load, slow_held | quick_held, most)


def speed_gain_at_throughput(
    baseline: SpeedCurve, decoded: SpeedCurve, throughput: npt.ArrayLike, *, most: float = np.inf
) -> MatchedGain:
    """The speed of a user over the baseline's where both give `throughput` tokens per second in total.

    Solves `B0 v0(B0) = Bs vs(Bs) = throughput`; the gain is `vs(Bs) / v0(B0)`.
    """
    wanted = np.asarray(throughput, dtype=np.float64)
    slow_load, slow_held = _load_where(baseline, lambda load: -load * baseline.speed_at(load), -wanted)
    quick_load, quick_held = _load_where(decoded, lambda load: -load * decoded.speed_at(load), -wanted)
    ratio = decoded.speed_at(quick_load) / baseline.speed_at(slow_load)
    return _gain(ratio, slow_load, quick_load, slow_held | quick_held, most)


def _gain(
    ratio: FloatArray, slow_load: FloatArray, quick_load: FloatArray, held: BoolArray, most: float
) -> MatchedGain:
    ratio, slow_load, quick_load, held = np.broadcast_arrays(ratio, slow_load, quick_load, held)
    return MatchedGain(
        gain=np.minimum(ratio, most),
        baseline_load=slow_load,
        decoded_load=quick_load,
        held=held,
        capped=ratio > most,
    )


def _load_where(
    curve: SpeedCurve, falling: Callable[[FloatArray], FloatArray], target: FloatArray
) -> tuple[FloatArray, BoolArray]:
    """The load at which a falling function of it meets the target, by bisection of its logarithm."""
    low, high = np.full(target.shape, np.log(curve.lowest_load)), np.full(target.shape, np.log(curve.highest_load))
    at_low, at_high = falling(np.exp(low)), falling(np.exp(high))
    # An end that meets the target but for rounding is no end that was held.
    slack = 1e-12 * np.abs(target)
    held = (target > at_low + slack) | (target < at_high - slack)
    for _ in range(_BISECTIONS):
        middle = 0.5 * (low + high)
        above = falling(np.exp(middle)) >= target
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.exp(0.5 * (low + high)), held
