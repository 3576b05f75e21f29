"""A flat planning assumption: rates are lower by a stated share from a day on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import ClassVar

from forecasts.draws import Pert
from forecasts.prices.outlooks.course import Rates, Scene
from forecasts.timeline import FloatArray
from forecasts.workload import ApiRoute

DEFAULT_HAIRCUT = Pert.certain(0.25)


@dataclass(frozen=True, kw_only=True)
class PlanningHaircut:
    """A month is multiplied by `1 - size * (share of the month from the day on)`, for all paths alike if certain."""

    name: ClassVar[str] = "planning_haircut"
    starts: date
    size: Pert = DEFAULT_HAIRCUT

    def multiplier(self, scene: Scene, route: ApiRoute, meter: str, rates: Rates) -> FloatArray | None:  # noqa: ARG002 - the interface of all outlooks
        starts = datetime.combine(self.starts, time(), tzinfo=UTC)
        share = scene.timeline.share_of_months(starts, None)[:, None]
        if self.size.is_certain:
            return 1.0 - self.size.low * share
        return 1.0 - self.size.at(scene.draws.normal(f"price haircut size:{route.provider}")) * share

    def shared_by(self, route: ApiRoute) -> str | None:
        return route.provider
