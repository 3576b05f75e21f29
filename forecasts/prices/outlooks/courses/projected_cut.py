"""The planning case: each provider cuts its rates once, in a window, by a share drawn from a range."""

from dataclasses import dataclass
from typing import ClassVar

from forecasts.draws import Pert
from forecasts.prices.outlooks.course import Rates, Scene, Window, event_hours, share_after, where_it_happens
from forecasts.timeline import FloatArray
from forecasts.workload import ApiRoute

DEFAULT_CUT = Pert(low=0.20, mode=0.25, high=0.40)


@dataclass(frozen=True, kw_only=True)
class ProjectedCut:
    """A month is multiplied by `1 - size * (share of the month after the cut)`; a negative size is a rise."""

    name: ClassVar[str] = "projected_cut"
    window: Window
    probability: float = 1.0
    size: Pert = DEFAULT_CUT

    def multiplier(self, scene: Scene, route: ApiRoute, meter: str, rates: Rates) -> FloatArray | None:  # noqa: ARG002 - the interface of all outlooks
        draws, provider = scene.draws, route.provider
        size = self.size.at(draws.normal(f"price cut size:{provider}"))
        size = where_it_happens(draws, provider, self.probability, size)
        multiplier = share_after(scene.timeline, event_hours(draws, provider, self.window))
        multiplier *= -size
        multiplier += 1.0
        return multiplier

    def shared_by(self, route: ApiRoute) -> str | None:
        return route.provider
