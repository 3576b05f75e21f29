"""The packaged UTC windows in which providers charge their peak prices."""

from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np

from forecasts.catalog.tables import read_table
from forecasts.plan import UtcWindow


@dataclass(frozen=True, kw_only=True, eq=False)
class CatalogUtcWindow(UtcWindow):
    """The peak hours of a provider's model from a day on; the other hours are off-peak. Model `*` is any other."""

    rule: str
    source: str
    date_basis: str
    confidence: str
    note: str


@cache
def load_utc_windows() -> tuple[CatalogUtcWindow, ...]:
    """All windows; of those for one model the latest that has started applies. Hours have shape [168]."""
    windows = []
    for row in read_table("utc_windows.csv"):
        hours = np.frombuffer(row["hours_of_week"].encode("ascii"), dtype=np.uint8) == ord("1")
        hours.setflags(write=False)
        windows.append(
            CatalogUtcWindow(
                provider=row["provider"],
                model=row["model"],
                window=row["window"],
                starts=date.fromisoformat(row["starts"]),
                hours=hours,
                rule=row["rule"],
                source=row["source"],
                date_basis=row["date_basis"],
                confidence=row["confidence"],
                note=row["note"],
            )
        )
    return tuple(windows)
