"""The one interface of all outlooks: a route in, what its known rates are multiplied with out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import ClassVar, Protocol

import numpy as np

from forecasts.draws import Draws
from forecasts.prices.history.jumps import JumpRecord
from forecasts.timeline import FloatArray, Timeline
from forecasts.workload import ApiRoute

Rates = Callable[[ApiRoute, str], FloatArray]
Window = tuple[date, date]
OpenWindow = tuple[date, date | None]


@dataclass(frozen=True, kw_only=True, eq=False)
class Scene:
    """What all outlooks of a forecast share. `record_of` answers with the jumps known as of the plan's day."""

    timeline: Timeline
    draws: Draws
    as_of: date
    record_of: Callable[[str], JumpRecord]


class Course(Protocol):
    """What prices are assumed to do.

    `multiplier` answers with shape `[months, draws]`, or `[months, 1]` where it is certain, and None where rates stay
    as known. `rates` gives the known rate of a route's meter by month, shape `[months]`, for the usage at hand; it may
    raise NoPrice. Draws are keyed by provider, never by outlook, so that all who use a provider share its events and
    one more outlook changes no other draw. `shared_by` is what the multiplier depends on beside the course itself;
    None says that it also depends on the usage and cannot be kept.
    """

    name: ClassVar[str]

    def multiplier(self, scene: Scene, route: ApiRoute, meter: str, rates: Rates) -> FloatArray | None: ...

    def shared_by(self, route: ApiRoute) -> str | None: ...


def hours_of(day: date) -> float:
    """The first instant of a day in hours since the epoch, the unit of a timeline's edges."""
    return datetime.combine(day, time(), tzinfo=UTC).timestamp() / 3600.0


def share_after(timeline: Timeline, instants: FloatArray) -> FloatArray:
    """The fraction of each month after an instant of each path, shape `[months, draws]`; instants in hours."""
    edges = timeline.edges[:, None]
    share = (edges[1:] - instants) / np.diff(edges, axis=0)
    np.clip(share, 0.0, 1.0, out=share)
    return share


def event_hours(draws: Draws, provider: str, window: Window) -> FloatArray:
    """When a provider's one price move of a window happens, uniform in it, in hours; shape `[draws]`."""
    opens, closes = (hours_of(day) for day in window)
    return opens + (closes - opens) * draws.uniform(f"price cut date:{provider}")


def where_it_happens(draws: Draws, provider: str, probability: float, size: FloatArray) -> FloatArray:
    """`size` on the paths on which the provider's move of the given probability happens, 0 on the others."""
    if probability >= 1.0:
        return size
    return np.where(draws.uniform(f"price cut occurs:{provider}") < probability, size, 0.0)
