"""A gain that the user measured at one or more loads, and nothing else is known about: the preset `measured`."""

from dataclasses import dataclass

import numpy as np

from forecasts.speculation.decoder import Basis
from forecasts.speculation.gains.conditions import OperatingPoint, WorkloadConditions
from forecasts.speculation.gains.gain import Ratio
from forecasts.speculation.model.curves import SpeedCurve
from forecasts.timeline import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class PointsGain:
    """Speedups at running requests of one engine, both of shape `[points]`, requests rising; `factor` is `[draws]`.

    Between two points the logarithm of the speedup is linear in that of the requests; beyond them the end is held.
    """

    requests: FloatArray
    speedups: FloatArray
    factor: FloatArray

    def at(
        self,
        basis: Basis,  # noqa: ARG002 - points without a curve say the same on every basis
        point: OperatingPoint,
        conditions: WorkloadConditions,  # noqa: ARG002 - the interface of all gains
        plain: SpeedCurve | None,  # noqa: ARG002
    ) -> Ratio:
        speedup = np.exp(np.interp(np.log(point.requests), np.log(self.requests), np.log(self.speedups)))
        held: tuple[str, ...] = ()
        if not self.requests[0] <= point.requests <= self.requests[-1]:
            held = (
                f"measured from {self.requests[0]:g} to {self.requests[-1]:g} running requests, used at "
                f"{point.requests:g}; the end's value is held",
            )
        return Ratio(values=float(speedup) * self.factor, held=held)
