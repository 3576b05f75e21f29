"""A price over time as a step function, with what was known of it when."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from forecasts.timeline import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class PriceSeries:
    """`rates[i]` applies from `starts[i]` on and was known from `recorded[i]` on; all of shape `[steps]`, by start.

    Instants are hours since the epoch. Nothing is known after `observed_until`. `kind` is `sku`, `alias` or `tier`.
    """

    provider: str
    name: str
    kind: str
    starts: FloatArray
    recorded: FloatArray
    rates: FloatArray
    observed_until: float

    def known_by(self, instant: float) -> "PriceSeries":
        """The series without what was recorded at the instant or later; it may have steps after the instant."""
        known = self.recorded < instant
        if known.all():
            return self
        return replace(self, starts=self.starts[known], recorded=self.recorded[known], rates=self.rates[known])

    def begun_by(self, instant: float) -> bool:
        return bool(self.starts.size) and float(self.starts[0]) < instant

    def rate_at(self, instant: float) -> float:
        """The rate in force just before an instant after the series has begun."""
        return float(self.rates[np.searchsorted(self.starts, instant, side="left") - 1])

    def mean_rates(self, edges: FloatArray) -> FloatArray:
        """The mean over time between each two edges, shape `[edges - 1]`; the series has begun at the first edge."""
        ends = np.append(self.starts[1:], np.inf)
        overlap = np.minimum(edges[1:, None], ends) - np.maximum(edges[:-1, None], self.starts)
        means: FloatArray = np.maximum(overlap, 0.0) @ self.rates / np.diff(edges)
        return means

    def changes_by(self, instant: float) -> npt.NDArray[np.bool_]:
        """Which steps until an instant changed the rate, shape `[steps]`; the first step is no change."""
        changed = np.zeros(self.starts.shape, dtype=bool)
        changed[1:] = (self.rates[1:] != self.rates[:-1]) & (self.starts[1:] < instant)
        return changed
