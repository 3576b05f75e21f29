"""An assumption about future prices, for the providers, models and tiers that it names."""

from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from forecasts.prices.outlooks.course import Course
from forecasts.prices.outlooks.courses.history import History
from forecasts.prices.outlooks.courses.hold import Hold
from forecasts.workload import ApiRoute


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """Whom it covers and the course their prices take.

    `meters` of None are all of them. With `scheduled_steps` off, rates stay as they are on the plan's day instead of
    following rows that start later.
    """

    provider: str = "*"
    model: str = "*"
    service_tier: str = "*"
    course: Course = field(default_factory=Hold)
    meters: tuple[str, ...] | None = ("output",)
    scheduled_steps: bool = True

    def covers(self, route: ApiRoute) -> bool:
        return (
            fnmatchcase(route.provider, self.provider)
            and fnmatchcase(route.model, self.model)
            and fnmatchcase(route.service_tier, self.service_tier)
        )


def outlook_of(route: ApiRoute, outlooks: tuple[Outlook, ...]) -> Outlook:
    """The first that covers the route; a route that none covers holds."""
    return next((outlook for outlook in outlooks if outlook.covers(route)), Outlook())


def rivals_of(chosen: tuple[Outlook, ...]) -> dict[str, tuple[Outlook, ...]]:
    """What every budget is compared with, by name: `hold` and `history`, less the one that is chosen itself."""
    rivals = {course.name: (Outlook(course=course),) for course in (Hold(), History())}
    return {name: rival for name, rival in rivals.items() if rival != (chosen or (Outlook(),))}
