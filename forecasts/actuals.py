"""Recorded months: what a re-forecast takes as known, in the place of what it would forecast."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from forecasts.route_names import fleet_of_route, provider_of_route
from forecasts.timeline import Month, Timeline


@dataclass(frozen=True, kw_only=True)
class Actual:
    """What one workload (None: none) used and cost on one route and meter in one month.

    `quantity` is in `unit`, `billed` and `effective` in `currency`. The route is written as on cost lines:
    `provider/model`, `provider/model#tier` or `fleet:name`.
    """

    month: Month
    workload: str | None
    route: str
    meter: str
    unit: str
    quantity: float
    billed: Decimal
    effective: Decimal
    currency: str

    @property
    def fleet(self) -> str | None:
        return fleet_of_route(self.route)

    @property
    def provider(self) -> str | None:
        return provider_of_route(self.route, {})


def months_ahead(actuals: Iterable[Actual], timeline: Timeline) -> npt.NDArray[np.bool_]:
    """The months that are forecast, shape `[months]`: those for which nothing is recorded."""
    recorded = sorted({actual.month.index for actual in actuals})
    ahead: npt.NDArray[np.bool_] = ~np.isin(timeline.indices, recorded)
    return ahead
