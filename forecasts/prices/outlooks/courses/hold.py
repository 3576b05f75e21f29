"""Outlooks without any move of their own: known rates, with or without the steps that are already dated."""

from dataclasses import dataclass
from typing import ClassVar

from forecasts.prices.outlooks.course import Rates, Scene
from forecasts.timeline import FloatArray
from forecasts.workload import ApiRoute


@dataclass(frozen=True, kw_only=True)
class Hold:
    """Rates stay as known. With the scheduled steps of its outlook switched off, as they are on the plan's day."""

    name: ClassVar[str] = "hold"

    def multiplier(self, scene: Scene, route: ApiRoute, meter: str, rates: Rates) -> FloatArray | None:  # noqa: ARG002 - the interface of all outlooks
        return None

    def shared_by(self, route: ApiRoute) -> str | None:
        return route.provider


@dataclass(frozen=True, kw_only=True)
class Scheduled(Hold):
    """Known dated steps and nothing else: the same as holding, under the name of what it relies on."""

    name: ClassVar[str] = "scheduled"
