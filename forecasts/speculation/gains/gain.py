"""The interface that every way of knowing a gain fills."""

from dataclasses import dataclass
from typing import Protocol

from forecasts.speculation.decoder import Basis
from forecasts.speculation.gains.conditions import OperatingPoint, WorkloadConditions
from forecasts.speculation.model.curves import SpeedCurve
from forecasts.timeline import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class GainQuestion:
    """On which basis a gain is asked for, at which load and for which workload.

    The matched bases need more: `plain` is the fleet's speed without any speculation, where that can be computed, and
    `baseline_speed` what a user of the decoder that the gain is over gets, in tokens per second, at the throughput that
    is asked about; None is the speed of the fleet as it was measured.
    """

    basis: Basis = "equal_concurrency"
    point: OperatingPoint
    conditions: WorkloadConditions
    plain: SpeedCurve | None = None
    baseline_speed: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Ratio:
    """A gain by sample path, shape `[draws]`, and in words where evidence ended and an end was held instead."""

    values: FloatArray
    held: tuple[str, ...] = ()


class Gain(Protocol):
    """What one decoder gains over another."""

    def at(self, asked: GainQuestion, /) -> Ratio:
        """On `matched_throughput` a gain in the speed of a user, on the other two bases in throughput.

        `matched_speed` is asked only where the point states a wanted speed.
        """
        ...
