"""Speed of one user against load, as curves that can be compared: read off a figure, or computed."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from forecasts.speculation.model.parameters import UpliftParameters
from forecasts.speculation.model.speedup import Speculation, decode_speedup
from forecasts.speculation.model.step_time import step_time
from forecasts.speculation.model.target import TargetModel
from forecasts.timeline import FloatArray


class SpeedCurve(Protocol):
    """Tokens per second of one user, falling with the running requests, between two loads."""

    @property
    def lowest_load(self) -> float: ...

    @property
    def highest_load(self) -> float: ...

    def speed_at(self, load: FloatArray) -> FloatArray: ...


@dataclass(frozen=True, kw_only=True, eq=False)
class SampledCurve:
    """Points of shape `[points]`, loads rising and speeds falling; straight lines between them in logarithms.

    On logarithmic axes the line between two points is the same against concurrency and against throughput.
    """

    loads: FloatArray
    speeds: FloatArray

    def __post_init__(self) -> None:
        if self.loads.size < 2 or bool(np.any(np.diff(self.loads) <= 0.0)) or self.loads[0] <= 0.0:
            raise ValueError("the loads of a curve are positive and rise")
        if self.speeds.shape != self.loads.shape or bool(np.any(np.diff(self.speeds) > 0.0)) or self.speeds[-1] <= 0.0:
            raise ValueError("the speeds of a curve are positive and fall")

    @classmethod
    def from_throughputs(cls, throughputs: npt.ArrayLike, speeds: npt.ArrayLike) -> "SampledCurve":
        """From total tokens per second against tokens per second of one user, in any order."""
        total, per_user = np.asarray(throughputs, dtype=np.float64), np.asarray(speeds, dtype=np.float64)
        order = np.argsort(total / per_user)
        return cls(loads=(total / per_user)[order], speeds=per_user[order])

    @property
    def lowest_load(self) -> float:
        return float(self.loads[0])

    @property
    def highest_load(self) -> float:
        return float(self.loads[-1])

    def speed_at(self, load: FloatArray) -> FloatArray:
        """Beyond an end the end's speed is held."""
        return np.exp(np.interp(np.log(load), np.log(self.loads), np.log(self.speeds)))


@dataclass(frozen=True, kw_only=True, eq=False)
class ModelCurve:
    """The curve that the model computes, with drafts or (`speculation` None) without.

    `unloaded_speed` is the speed of one user without drafts as the load goes to zero. `first` has any shape, such as
    `[draws]`; `factor` scales the speed, such as by a drawn residual.
    """

    target: TargetModel
    parameters: UpliftParameters
    context_tokens: float
    unloaded_speed: float = 1.0
    speculation: Speculation | None = None
    first: npt.ArrayLike = 0.0
    factor: npt.ArrayLike = 1.0
    lowest_load: float = 1.0
    highest_load: float = 1024.0

    def speed_at(self, load: FloatArray) -> FloatArray:
        plain = self.unloaded_speed / step_time(
            load, load, context_tokens=self.context_tokens, target=self.target, parameters=self.parameters
        )
        if self.speculation is None:
            return plain
        speedup = decode_speedup(
            self.first,
            load,
            speculation=self.speculation,
            target=self.target,
            context_tokens=self.context_tokens,
            parameters=self.parameters,
        )
        return plain * speedup * np.asarray(self.factor, dtype=np.float64)
