"""A dated migration to a named model: from then on the route is billed at that model's known rates."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import ClassVar

import numpy as np

from forecasts.prices.outlooks.course import Rates, Scene
from forecasts.timeline import FloatArray
from forecasts.workload import ApiRoute


@dataclass(frozen=True, kw_only=True)
class Successor:
    """The same tokens in the same tier at the successor's rates from a day on, on the paths that migrate.

    Whether a path migrates is one draw for all who use the model. The successor's own future is its known rows.
    """

    name: ClassVar[str] = "successor"
    provider: str
    model: str
    starts: date
    probability: float = 1.0

    def route_from(self, route: ApiRoute) -> ApiRoute:
        return replace(route, provider=self.provider, model=self.model)

    def share_of_months(self, scene_edges: FloatArray) -> FloatArray:
        """The fraction of each month after the migration, shape `[months]`, by the edges of the months in hours."""
        starts = datetime.combine(self.starts, time(), tzinfo=UTC).timestamp() / 3600.0
        share: FloatArray = np.clip((scene_edges[1:] - starts) / np.diff(scene_edges), 0.0, 1.0)
        return share

    def multiplier(self, scene: Scene, route: ApiRoute, meter: str, rates: Rates) -> FloatArray | None:
        share = self.share_of_months(scene.timeline.edges)
        if not share.any():
            return None
        own, following = rates(route, meter), rates(self.route_from(route), meter)
        # `check_outlooks` has refused plans whose successor asks for money where the model of today is free.
        ratio = np.divide(following, own, out=np.ones_like(own), where=own > 0.0)
        change = (share * (ratio - 1.0))[:, None]
        if self.probability >= 1.0:
            return 1.0 + change
        migrates = scene.draws.uniform(f"migration:{route.provider}/{route.model}") < self.probability
        return 1.0 + change * migrates

    def shared_by(self, route: ApiRoute) -> str | None:  # noqa: ARG002 - the interface of all outlooks
        return None
