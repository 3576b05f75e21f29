"""The peak hours of a provider as a plan declares them, beside the packaged ones."""

import re
from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
import numpy as np

from forecasts.catalog.holidays import holiday_calendars
from forecasts.errors import Findings
from forecasts.plan import UtcWindow
from service.schemas import meaning
from service.schemas.wire import Label, Name, Wire

Weekday = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

WEEKDAYS: tuple[Weekday, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOURS = re.compile(r"([01]\d|2[0-3]):00-([01]\d|2[0-4]):00")


class UtcWindowIn(Wire, kw_only=True, frozen=True):
    """`hours_utc` of `weekdays` are peak from a day on, but for `holidays`: dates, or names of packaged calendars."""

    provider: Name
    model: Name = "*"
    from_: str = msgspec.field(name="from")
    weekdays: Annotated[tuple[Weekday, ...], msgspec.Meta(min_length=1, max_length=7)] = WEEKDAYS
    hours_utc: Annotated[list[Label], msgspec.Meta(min_length=1, max_length=24)]
    holidays: Annotated[list[Label], msgspec.Meta(max_length=2000)] = []

    def to_utc_window(self, findings: Findings, at: str) -> UtcWindow:
        hours = np.zeros((7, 24), dtype=bool)
        for index, text in enumerate(self.hours_utc):
            matched = _HOURS.fullmatch(text)
            if matched is None or int(matched[1]) >= int(matched[2]):
                findings.add(f"{at}/hours_utc/{index}", f"{text!r} is no range of whole hours such as 01:00-04:00")
                continue
            for weekday in self.weekdays:
                hours[WEEKDAYS.index(weekday), int(matched[1]) : int(matched[2])] = True
        return UtcWindow(
            provider=self.provider,
            model=self.model,
            window="peak",
            starts=meaning.day(findings, f"{at}/from", self.from_),
            hours=hours.reshape(-1),
            holidays=tuple(sorted(self._holidays(findings, f"{at}/holidays"))),
        )

    def _holidays(self, findings: Findings, at: str) -> set[date]:
        days: set[date] = set()
        for index, text in enumerate(self.holidays):
            if text in holiday_calendars():
                days.update(holiday_calendars()[text])
                continue
            try:
                days.add(datetime.strptime(text, "%Y-%m-%d").date())  # noqa: DTZ007 - a day has no zone.
            except ValueError:
                known = ", ".join(sorted(holiday_calendars()))
                findings.add(f"{at}/{index}", f"{text!r} is neither a date nor a packaged calendar; there are {known}")
        return days
