"""The interface that every way of knowing a gain fills."""

from dataclasses import dataclass
from typing import Protocol

from forecasts.speculation.decoder import Basis
from forecasts.speculation.gains.conditions import OperatingPoint, WorkloadConditions
from forecasts.speculation.model.curves import SpeedCurve
from forecasts.timeline import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Ratio:
    """A gain by sample path, shape `[draws]`, and in words where evidence ended and an end was held instead."""

    values: FloatArray
    held: tuple[str, ...] = ()


class Gain(Protocol):
    """What one decoder gains over another."""

    def at(
        self, basis: Basis, point: OperatingPoint, conditions: WorkloadConditions, plain: SpeedCurve | None
    ) -> Ratio:
        """The gain on a basis; `plain` is the fleet's speed without any speculation, where that can be computed.

        `matched_speed` is asked only where `point` states a wanted speed. On `matched_throughput` it is a gain in the
        speed of a user, on the other two in throughput.
        """
        ...
