"""Random factors as keyed streams: same seed and name, same numbers, whatever else a forecast holds.

Each factor has a stream of its own, keyed by (seed, factor name) or (seed, factor name, calendar month), so two
forecasts differ only where their inputs differ (common random numbers; Glasserman and Yao 1992).
"""

import hashlib
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.special import betaincinv, ndtr

from forecasts.timeline import FloatArray

# Between grid points the quantile function is interpolated; at this spacing the error is below 1e-4 of high - low.
_GRID = np.linspace(-6.0, 6.0, 481)


@dataclass(frozen=True, kw_only=True)
class Pert:
    """A beta-PERT distribution with shape 4: mean `(low + 4 mode + high) / 6` (Malcolm et al. 1959)."""

    low: float
    mode: float
    high: float

    @classmethod
    def certain(cls, value: float) -> "Pert":
        return cls(low=value, mode=value, high=value)

    @property
    def is_certain(self) -> bool:
        return self.low == self.high

    @property
    def mean(self) -> float:
        return (self.low + 4.0 * self.mode + self.high) / 6.0

    def at(self, normals: FloatArray) -> FloatArray:
        """The quantiles at standard normal draws, so that moving a range up moves every path up."""
        if self.is_certain:
            return np.full(normals.shape, self.low)
        alpha = 1.0 + 4.0 * (self.mode - self.low) / (self.high - self.low)
        beta = 1.0 + 4.0 * (self.high - self.mode) / (self.high - self.low)
        return self.low + (self.high - self.low) * np.interp(normals, _GRID, _unit_quantiles(alpha, beta))


@lru_cache(maxsize=512)
def _unit_quantiles(alpha: float, beta: float) -> FloatArray:
    quantiles: FloatArray = betaincinv(alpha, beta, ndtr(_GRID))
    quantiles.flags.writeable = False
    return quantiles


class Draws:
    """The standard normal and uniform draws of one forecast. Paths are the last axis: shape `[..., count]`."""

    def __init__(self, *, seed: int, count: int) -> None:
        self.seed = seed
        self.count = count
        self._shared: dict[tuple[str, int | None, float], FloatArray] = {}

    def normal(self, factor: str) -> FloatArray:
        """One standard normal per path for the whole horizon, shape `[count]`."""
        return self._stream(factor, "").standard_normal(self.count)

    def uniform(self, factor: str) -> FloatArray:
        """One uniform on [0, 1) per path, shape `[count]`."""
        return self._stream(factor, "").random(self.count)

    def normal_by_month(self, factor: str, month_indices: npt.NDArray[np.int64]) -> FloatArray:
        """Standard normals keyed by calendar month, shape `[months, count]`."""
        values = np.empty((len(month_indices), self.count))
        for row, index in zip(values, month_indices.tolist(), strict=True):
            self._stream(factor, str(index)).standard_normal(out=row)
        return values

    def uniform_by_month(self, factor: str, month_indices: npt.NDArray[np.int64]) -> FloatArray:
        """Uniforms on [0, 1) keyed by calendar month, shape `[months, count]`."""
        values = np.empty((len(month_indices), self.count))
        for row, index in zip(values, month_indices.tolist(), strict=True):
            self._stream(factor, str(index)).random(out=row)
        return values

    def correlated(self, common: str, own: str, correlation: float) -> FloatArray:
        """Normals of `own`, shape `[count]`, with the stated correlation to those of all who share `common`."""
        if correlation == 0.0:
            return self.normal(own)
        key = (common, None, correlation)
        if key not in self._shared:
            self._shared[key] = self.normal(common) * math.sqrt(correlation)
        return self._shared[key] + math.sqrt(1.0 - correlation) * self.normal(own)

    def correlated_by_month(
        self, common: str, own: str, correlation: float, month_indices: npt.NDArray[np.int64]
    ) -> FloatArray:
        """The same by calendar month, shape `[months, count]`."""
        values = self.normal_by_month(own, month_indices)
        if correlation == 0.0:
            return values
        values *= math.sqrt(1.0 - correlation)
        weight = math.sqrt(correlation)
        for row, index in zip(values, month_indices.tolist(), strict=True):
            key = (common, index, correlation)
            if key not in self._shared:
                self._shared[key] = self.normal_by_month(common, np.array([index]))[0] * weight
            row += self._shared[key]
        return values

    def _stream(self, factor: str, month: str) -> np.random.Generator:
        key = hashlib.blake2b(f"{self.seed}\0{factor}\0{month}".encode(), digest_size=32).digest()
        return np.random.Generator(_seeded(key))


def _seeded(key: bytes) -> np.random.SFC64:
    return np.random.SFC64(np.random.SeedSequence(int.from_bytes(key[:16], "little")))
