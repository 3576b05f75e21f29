"""What a provider's own decoder may do to its list price: the cut of its unit cost, times what it passes on."""

from dataclasses import dataclass
from typing import ClassVar

from forecasts.draws import Pert
from forecasts.prices.outlooks.course import Rates, Scene, Window, event_hours, share_after, where_it_happens
from forecasts.timeline import FloatArray
from forecasts.workload import ApiRoute

DEFAULT_PASS_THROUGH = Pert(low=0.5, mode=0.75, high=1.0)


@dataclass(frozen=True, kw_only=True)
class PassThrough:
    """One cut in the window by `(1 - 1/speedup) * pass_through`: its cost of a unit at full load falls so much.

    The provider's event, its instant and whether it happens, is the same draw as that of a projected cut.
    """

    name: ClassVar[str] = "pass_through"
    window: Window
    speedup: Pert
    pass_through_fraction: Pert = DEFAULT_PASS_THROUGH
    probability: float = 1.0

    def multiplier(self, scene: Scene, route: ApiRoute, meter: str, rates: Rates) -> FloatArray | None:  # noqa: ARG002 - the interface of all outlooks
        draws, provider = scene.draws, route.provider
        speedup = self.speedup.at(draws.normal(f"provider speedup:{provider}"))
        passed_on = self.pass_through_fraction.at(draws.normal(f"price pass-through:{provider}"))
        size = where_it_happens(draws, provider, self.probability, (1.0 - 1.0 / speedup) * passed_on)
        multiplier: FloatArray = 1.0 - size * share_after(scene.timeline, event_hours(draws, provider, self.window))
        return multiplier

    def shared_by(self, route: ApiRoute) -> str | None:
        return route.provider
