"""Calendar months as half-open periods, and the horizon of a forecast as arrays over them."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Literal

import numpy as np
import numpy.typing as npt

Calendar = Literal["actual", "30/360"]
FloatArray = npt.NDArray[np.float64]

MAX_HORIZON_MONTHS = 60
HOURS_PER_30_360_MONTH = 720.0


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month in UTC."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "Month":
        """Reads `2027-01`; raises ValueError on anything else."""
        matched = re.fullmatch(r"(\d{4})-(\d{2})", text)
        if not matched or not 1 <= int(matched[2]) <= 12 or int(matched[1]) < 1970:
            raise ValueError(f"{text!r} is not a month such as 2027-01")
        return cls(int(matched[1]), int(matched[2]))

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @classmethod
    def from_index(cls, index: int) -> "Month":
        return cls(index // 12, index % 12 + 1)

    @property
    def index(self) -> int:
        """Months since year 0: differences of indices are distances in months."""
        return self.year * 12 + self.month - 1

    def plus(self, months: int) -> "Month":
        return Month.from_index(self.index + months)

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def starts(self) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=UTC)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The months of a forecast. Arrays have shape `[months]`."""

    first: Month
    months: int
    calendar: Calendar = "actual"
    fiscal_year_start_month: int = 1
    indices: npt.NDArray[np.int64] = field(init=False, compare=False, repr=False)
    edges: FloatArray = field(init=False, compare=False, repr=False)
    hours: FloatArray = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        indices = self.first.index + np.arange(self.months + 1)
        edges = np.array([Month.from_index(int(index)).starts.timestamp() for index in indices]) / 3600.0
        hours = np.diff(edges) if self.calendar == "actual" else np.full(self.months, HOURS_PER_30_360_MONTH)
        object.__setattr__(self, "indices", indices[:-1])
        object.__setattr__(self, "edges", edges)
        object.__setattr__(self, "hours", hours)

    @property
    def labels(self) -> tuple[Month, ...]:
        return tuple(self.first.plus(offset) for offset in range(self.months))

    @property
    def calendar_months(self) -> npt.NDArray[np.int64]:
        """0 for January, shape `[months]`."""
        return self.indices % 12

    @property
    def fiscal_years(self) -> npt.NDArray[np.int64]:
        """The fiscal year of each month, named by the calendar year in which it ends."""
        # A year that starts in January ends in the calendar year it starts in, every other one in the next.
        return (self.indices + (13 - self.fiscal_year_start_month) % 12) // 12

    def offset_of(self, month: Month) -> int:
        return month.index - self.first.index

    def share_of_months(self, starts: datetime | None, ends: datetime | None) -> FloatArray:
        """The fraction of each month that lies in `[starts, ends)`, shape `[months]`; None is open."""
        low = -np.inf if starts is None else starts.timestamp() / 3600.0
        high = np.inf if ends is None else ends.timestamp() / 3600.0
        covered = np.minimum(self.edges[1:], high) - np.maximum(self.edges[:-1], low)
        share: FloatArray = np.maximum(covered, 0.0) / np.diff(self.edges)
        return share
