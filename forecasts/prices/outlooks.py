"""Price outlooks as sampled paths of multipliers, drawn once per provider and shared by all its users."""

from datetime import UTC, date, datetime, time

import numpy as np

from forecasts.draws import Draws
from forecasts.prices.outlook import HOLD, PROJECTED_CUT, Outlook
from forecasts.timeline import FloatArray, Timeline
from forecasts.workload import ApiRoute


class PricePaths:
    """What known rates are multiplied with on each path."""

    def __init__(self, outlooks: tuple[Outlook, ...], timeline: Timeline, draws: Draws) -> None:
        self._outlooks = outlooks
        self._timeline = timeline
        self._draws = draws
        self._cuts: dict[tuple[str, int], FloatArray] = {}

    @property
    def name(self) -> str:
        """The outlook's own name, or `mixed` where several are in use."""
        names = {outlook.outlook for outlook in self._outlooks}
        return names.pop() if len(names) == 1 else "mixed" if names else HOLD

    def multiplier(self, route: ApiRoute, meter: str) -> FloatArray | None:
        """Shape `[months, draws]`, the same object for all that share a provider's event; None where rates hold."""
        for index, outlook in enumerate(self._outlooks):
            if outlook.covers(route.provider, route.model):
                if outlook.outlook != PROJECTED_CUT or meter not in outlook.meters:
                    return None
                key = (route.provider, index)
                if key not in self._cuts:
                    self._cuts[key] = self._cut(route.provider, outlook)
                return self._cuts[key]
        return None

    def _cut(self, provider: str, outlook: Outlook) -> FloatArray:
        """One cut of the outlook's size at a uniform instant of its window, where it happens at all."""
        if outlook.window is None or outlook.size is None:
            raise ValueError("a projected cut has a window and a size")
        size = outlook.size.at(self._draws.normal(f"price cut size:{provider}"))
        if outlook.probability < 1.0:
            size = np.where(self._draws.uniform(f"price cut occurs:{provider}") < outlook.probability, size, 0.0)
        opens, closes = (_hours(day) for day in outlook.window)
        cut_at = opens + (closes - opens) * self._draws.uniform(f"price cut date:{provider}")
        edges = self._timeline.edges[:, None]
        share_after = (edges[1:] - cut_at) / np.diff(edges, axis=0)
        np.clip(share_after, 0.0, 1.0, out=share_after)
        share_after *= -size
        share_after += 1.0
        return share_after


def _hours(day: date) -> float:
    return datetime.combine(day, time(), tzinfo=UTC).timestamp() / 3600.0
