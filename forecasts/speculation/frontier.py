"""The gain of DSpark over MTP-1 on DeepSeek V4, read off the curves that its paper drew.

The figures' curves are polylines on linear axes (DSpark paper, Fig. 7 and Fig. 8; `decoder_frontiers.csv`), so linear
interpolation between their corners is the figure itself. Beyond an end nothing is known: the end's value is held, and
every answer says where that was done.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from forecasts.catalog.frontiers import FrontierCurve, load_frontiers
from forecasts.timeline import FloatArray

Basis = Literal["equal_concurrency", "matched_speed", "matched_throughput"]

BASELINE = "mtp-1"
METHOD = "dspark"
# The paper compares from here on. All curves of Fig. 8 start at the origin, near which a ratio of two says nothing.
_LEAST_CONCURRENCY_PER_GPU = 5.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Reading:
    """What a figure says: `values` and, in the same shape, where the argument lay outside `measured_range`."""

    values: FloatArray
    held: npt.NDArray[np.bool_]
    measured_range: tuple[float, float]


def frontier_models() -> tuple[str, ...]:
    """The models whose frontier is packaged."""
    return tuple(dict.fromkeys(model for model, _, _ in load_frontiers()))


def throughput_at_speed(model: str, method: str, tokens_per_second_per_user: npt.ArrayLike) -> Reading:
    """Output tokens per second per GPU where each user gets the given speed (Fig. 7). KeyError if not packaged."""
    curve = load_frontiers()[model, method, "by_speed"]
    return _read(curve.x, curve.throughput, tokens_per_second_per_user, _ends(curve.x))


def speed_at_throughput(model: str, method: str, output_tokens_per_second_per_gpu: npt.ArrayLike) -> Reading:
    """Tokens per second per user at the given total throughput: the inverse of `throughput_at_speed`."""
    curve = load_frontiers()[model, method, "by_speed"]
    # Throughput falls as speed rises, and interpolation needs a rising argument.
    at, speed = curve.throughput[::-1], curve.x[::-1]
    return _read(at, speed, output_tokens_per_second_per_gpu, _ends(at))


def throughput_at_concurrency(model: str, method: str, concurrency_per_gpu: npt.ArrayLike) -> Reading:
    """Output tokens per second per GPU at so many running requests per GPU (Fig. 8). KeyError if not packaged."""
    curve = load_frontiers()[model, method, "by_concurrency"]
    return _read(curve.x, curve.throughput, concurrency_per_gpu, _ends(curve.x))


def gain_at_equal_concurrency(model: str, concurrency_per_gpu: npt.ArrayLike) -> Reading:
    """DSpark's throughput over that of MTP-1 at the same running requests per GPU, a ratio (Fig. 8)."""
    baseline, method = _pair(model, "by_concurrency")
    inside = _within(concurrency_per_gpu, (_LEAST_CONCURRENCY_PER_GPU, _shared(baseline.x, method.x)[1]))
    values = np.interp(inside.values, method.x, method.throughput) / np.interp(
        inside.values, baseline.x, baseline.throughput
    )
    return Reading(values=values, held=inside.held, measured_range=inside.measured_range)


def gain_at_matched_speed(model: str, tokens_per_second_per_user: npt.ArrayLike) -> Reading:
    """DSpark's throughput over that of MTP-1 where both give each user the same speed, a ratio (Fig. 7).

    Towards the fastest that MTP-1 can serve the ratio grows without a bound of its own: that says where the baseline
    ends, not what a fleet gains.
    """
    baseline, method = _pair(model, "by_speed")
    inside = _within(tokens_per_second_per_user, _shared(baseline.x, method.x))
    values = np.interp(inside.values, method.x, method.throughput) / np.interp(
        inside.values, baseline.x, baseline.throughput
    )
    return Reading(values=values, held=inside.held, measured_range=inside.measured_range)


def gain_at_matched_throughput(model: str, output_tokens_per_second_per_gpu: npt.ArrayLike) -> Reading:
    """DSpark's speed per user over that of MTP-1 at the same total throughput, a ratio (Fig. 7)."""
    baseline, method = _pair(model, "by_speed")
    inside = _within(output_tokens_per_second_per_gpu, _shared(baseline.throughput, method.throughput))
    faster = speed_at_throughput(model, METHOD, inside.values)
    slower = speed_at_throughput(model, BASELINE, inside.values)
    return Reading(values=faster.values / slower.values, held=inside.held, measured_range=inside.measured_range)


def frontier_gain(model: str, basis: Basis, at: npt.ArrayLike) -> Reading:
    """The gain on one basis; `at` is in the unit of that basis's own function above."""
    read = {
        "equal_concurrency": gain_at_equal_concurrency,
        "matched_speed": gain_at_matched_speed,
        "matched_throughput": gain_at_matched_throughput,
    }[basis]
    return read(model, at)


def _pair(model: str, curve: str) -> tuple[FrontierCurve, FrontierCurve]:
    curves = load_frontiers()
    return curves[model, BASELINE, curve], curves[model, METHOD, curve]


def _ends(x: FloatArray) -> tuple[float, float]:
    return float(x.min()), float(x.max())


def _shared(one: FloatArray, other: FloatArray) -> tuple[float, float]:
    """The range that both cover."""
    return float(max(one.min(), other.min())), float(min(one.max(), other.max()))


def _within(at: npt.ArrayLike, measured_range: tuple[float, float]) -> Reading:
    given = np.asarray(at, dtype=np.float64)
    values = np.clip(given, *measured_range)
    return Reading(values=values, held=values != given, measured_range=measured_range)


def _read(x: FloatArray, y: FloatArray, at: npt.ArrayLike, measured_range: tuple[float, float]) -> Reading:
    inside = _within(at, measured_range)
    return Reading(values=np.interp(inside.values, x, y), held=inside.held, measured_range=measured_range)
