"""The outlooks of a forecast on its routes: which one decides, each multiplier computed once for all who share it."""

from forecasts.prices.outlooks.course import Course, Rates, Scene
from forecasts.prices.outlooks.outlook import Outlook, outlook_of
from forecasts.timeline import FloatArray
from forecasts.workload import ApiRoute


class PricePaths:
    """What known rates are multiplied with on each path."""

    def __init__(self, outlooks: tuple[Outlook, ...], scene: Scene) -> None:
        self._outlooks = outlooks
        self._scene = scene
        self._shared: dict[tuple[Course, str], FloatArray | None] = {}

    @property
    def name(self) -> str:
        """The outlook's own name, or `mixed` where several are in use."""
        names = {outlook.course.name for outlook in self._outlooks}
        return names.pop() if len(names) == 1 else "mixed" if names else Outlook().course.name

    def keeps_scheduled_steps(self, route: ApiRoute) -> bool:
        """Whether the route's known rates are those of the horizon, and not those of the plan's day."""
        return outlook_of(route, self._outlooks).scheduled_steps

    def multiplier(self, route: ApiRoute, meter: str, rates: Rates) -> FloatArray | None:
        """Shape `[months, draws]`, or `[months, 1]` where certain; None where rates stay as known.

        The same object for all that share a provider's event. `rates` are the known ones of the usage at hand.
        """
        outlook = outlook_of(route, self._outlooks)
        if outlook.meters is not None and meter not in outlook.meters:
            return None
        shared_by = outlook.course.shared_by(route)
        if shared_by is None:
            return outlook.course.multiplier(self._scene, route, meter, rates)
        key = (outlook.course, shared_by)
        if key not in self._shared:
            self._shared[key] = outlook.course.multiplier(self._scene, route, meter, rates)
        return self._shared[key]
