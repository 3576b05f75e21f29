"""Rates that decay continuously by a share a year, over a window or for ever."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from forecasts.draws import Pert
from forecasts.prices.outlooks.course import OpenWindow, Rates, Scene, hours_of
from forecasts.timeline import FloatArray
from forecasts.units import HOURS_PER_YEAR
from forecasts.workload import ApiRoute


@dataclass(frozen=True, kw_only=True)
class Exponential:
    """`(1 - decay)**t` at `t` years into the window, averaged over each month; constant before and after the window.

    `decay_per_year` is below 1; a negative one is a rise.
    """

    name: ClassVar[str] = "exponential"
    window: OpenWindow
    decay_per_year: Pert

    def multiplier(self, scene: Scene, route: ApiRoute, meter: str, rates: Rates) -> FloatArray | None:  # noqa: ARG002 - the interface of all outlooks
        opens, closes = self.window
        years = (scene.timeline.edges[:, None] - hours_of(opens)) / HOURS_PER_YEAR
        length = np.inf if closes is None else (hours_of(closes) - hours_of(opens)) / HOURS_PER_YEAR
        decay = self.decay_per_year
        shares = (
            np.array([decay.low])
            if decay.is_certain
            else decay.at(scene.draws.normal(f"price decay per year:{route.provider}"))
        )
        integral = _integral(years, length, -np.log1p(-shares))
        average: FloatArray = np.diff(integral, axis=0) / np.diff(years, axis=0)
        return average

    def shared_by(self, route: ApiRoute) -> str | None:
        return route.provider


def _integral(years: FloatArray, length: float, force: FloatArray) -> FloatArray:
    """The integral of the multiplier from the window's start to each instant, shape `[edges, draws]`.

    `force` is the force of decay a year, shape `[draws]`. Before the window the multiplier is 1, after it what it
    reached at its end.
    """
    inside = np.clip(years, 0.0, length)
    steady = np.where(force == 0.0, 1.0, force)
    within = np.where(force == 0.0, inside, -np.expm1(-steady * inside) / steady)
    after = np.maximum(years - length, 0.0)
    tail = after * np.exp(-force * length) if np.isfinite(length) else 0.0
    integral: FloatArray = np.minimum(years, 0.0) + within + tail
    return integral
