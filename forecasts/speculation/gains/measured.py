"""A gain that the user measured at one or more loads, and nothing else is known about: the preset `measured`."""

from dataclasses import dataclass

import numpy as np

from forecasts.speculation.gains.gain import GainQuestion, Ratio
from forecasts.timeline import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class PointsGain:
    """Speedups at running requests of one engine, both of shape `[points]`, requests rising; `factor` is `[draws]`.

    Between two points the logarithm of the speedup is linear in that of the requests; beyond them the end is held.
    """

    requests: FloatArray
    speedups: FloatArray
    factor: FloatArray

    def at(self, asked: GainQuestion, /) -> Ratio:
        """Points without a curve say the same on every basis and of every workload."""
        here = asked.point.requests
        speedup = np.exp(np.interp(np.log(here), np.log(self.requests), np.log(self.speedups)))
        held: tuple[str, ...] = ()
        if not self.requests[0] <= here <= self.requests[-1]:
            held = (
                f"measured from {self.requests[0]:g} to {self.requests[-1]:g} running requests, used at "
                f"{here:g}; the end's value is held",
            )
        return Ratio(values=float(speedup) * self.factor, held=held)
