"""What measured points make of the model: its scale is moved to them, and what it may still be wrong by shrinks.

The model is off by a factor that belongs to the fleet and by another at every load and length. One point shows the sum
of both, so the model passes through it; with more points the second averages out. How far a point is from the load
that is asked about does not count.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from forecasts.speculation.measurement import Measurement
from forecasts.speculation.model.acceptance import Acceptance, acceptance_from_length
from forecasts.timeline import FloatArray

# Huber's constant: a point more than so many standard deviations away pulls no harder than one at that distance.
_HUBER = 1.345
_REWEIGHTINGS = 40
# The packaged spread counts as much as the scatter of this many points of the fleet's own.
_PRIOR_POINTS = 4.0


@dataclass(frozen=True, kw_only=True)
class Spreads:
    """Standard deviations of the log of observed over predicted speedup, by what is known of the fleet.

    `many_points` is what is left however many points there are. Where nobody measured it, a point's own error is taken
    to be as large as that of the place asked about, so that one point leaves the square root of two times as much.
    """

    preset: float
    acceptance_known: float
    one_point: float
    many_points: float | None = None

    @property
    def at_a_point(self) -> float:
        return self.one_point / math.sqrt(2.0) if self.many_points is None else self.many_points


@dataclass(frozen=True, kw_only=True, eq=False)
class Calibration:
    """The model's speedups are to be multiplied by `exp(log_scale)`, and are then off by a log-normal `sigma`.

    `log_scale` has shape `[]` or, for predictions by draw, `[draws]`. `points` are those that were used.
    """

    log_scale: FloatArray
    sigma: float
    points: tuple[Measurement, ...]


def acceptance_from_points(points: Sequence[Measurement], rho: float) -> Acceptance | None:
    """The acceptance that the points with an acceptance length show: scalars, or None without such a point.

    Each gives a first-position acceptance at the preset's decay `rho`; several are averaged. Load has no part in it:
    what a target keeps of a draft does not depend on who else is served.
    """
    found = [
        acceptance_from_length(
            point.acceptance_length,
            rho,
            point.num_speculative_tokens,
            includes_bonus=point.acceptance_length_includes_bonus,
        )
        for point in points
        if point.acceptance_length is not None
    ]
    if not found:
        return None
    return Acceptance(
        first=np.mean([one.first for one in found], axis=0), rho=np.mean([one.rho for one in found], axis=0)
    )


def calibrate(points: Sequence[Measurement], predicted: npt.ArrayLike, spreads: Spreads) -> Calibration:
    """Scale and remaining spread from all points of one fleet and method.

    `predicted` are the model's positive speedups at the points that have a `speedup`, in their order and over the same
    decoder, of shape `[points]` or `[points, draws]`; empty where there is none. With one such point the scaled model
    passes through it on every draw. With several, the scale is a robust mean of the log ratios (Huber 1964), and the
    spread is that of one point less what averages out, widened where the points contradict each other. Points with an
    acceptance length alone leave the scale as it is. Raises ValueError where the two numbers of points differ.
    """
    observed = np.array([point.speedup for point in points if point.speedup is not None], dtype=np.float64)
    used = tuple(points)
    if observed.size == 0:
        return Calibration(
            log_scale=np.asarray(0.0), sigma=spreads.acceptance_known if used else spreads.preset, points=used
        )
    predictions = np.asarray(predicted, dtype=np.float64)
    if predictions.shape[:1] != observed.shape:
        raise ValueError(f"{observed.size} points with a speedup need as many predictions")
    ratios = np.log(observed.reshape(-1, *[1] * (predictions.ndim - 1))) - np.log(predictions)
    scale = _robust_mean(ratios, spreads.at_a_point)
    scatter = float(np.square(ratios - scale).sum(axis=0).mean())
    return Calibration(log_scale=scale, sigma=_remaining(observed.size, scatter, spreads), points=used)


def _robust_mean(values: FloatArray, deviation: float) -> FloatArray:
    """Huber's location along the first axis for a known standard deviation, by reweighting from the median."""
    centre: FloatArray = np.median(values, axis=0)
    for _ in range(_REWEIGHTINGS):
        distance = np.abs(values - centre)
        weights = np.minimum(1.0, _HUBER * deviation / np.maximum(distance, 1e-300))
        centre = (weights * values).sum(axis=0) / weights.sum(axis=0)
    return centre


def _remaining(count: int, scatter: float, spreads: Spreads) -> float:
    """`scatter` is the sum of squared distances of the points from their centre."""
    lasting = spreads.at_a_point**2
    expected = lasting + max(0.0, spreads.one_point**2 - lasting) / count
    pooled = (_PRIOR_POINTS * lasting + scatter) / (_PRIOR_POINTS + count - 1.0)
    return math.sqrt(expected * pooled / lasting)
