"""A request to forecast again what an earlier forecast was of."""

from datetime import date

from forecasts.errors import Findings
from service.schemas import meaning
from service.schemas.schedules.schedule import ScheduleHorizonIn
from service.schemas.wire import Wire


class ReforecastIn(Wire, kw_only=True, frozen=True):
    """`as_of` is today by default; `horizon` that of the earlier forecast, or counted from the month of `as_of`."""

    as_of: str | None = None
    horizon: ScheduleHorizonIn | None = None

    def resolve_as_of(self, findings: Findings, today: date) -> date:
        return today if self.as_of is None else meaning.day(findings, "/as_of", self.as_of)

    def check(self, findings: Findings) -> None:
        if self.horizon is not None:
            self.horizon.check(findings, "/horizon")
