"""The packaged first-position acceptance by preset and task, as measured or as the preset's own range."""

from dataclasses import dataclass
from functools import cache

from forecasts.catalog.decoders import Range
from forecasts.catalog.tables import read_table

# The `basis` of a row that a method without creative work of its own takes from all that have some.
CREATIVE_OF_ALL_METHODS = "creative work of all methods"


@dataclass(frozen=True, kw_only=True)
class AcceptanceByTask:
    """P10, median and P90 over sources; `basis` says of which rows, and `preset` that there were none."""

    preset: str
    task: str
    acceptance: Range
    rows: int
    sources: int
    basis: str
    source: str
    date_basis: str


@cache
def load_acceptance_by_task() -> tuple[AcceptanceByTask, ...]:
    """One row for every preset that has a range of first-position acceptance, and every task."""
    return tuple(
        AcceptanceByTask(
            preset=row["preset"],
            task=row["task"],
            acceptance=Range(low=float(row["low"]), mode=float(row["mode"]), high=float(row["high"])),
            rows=int(row["rows"]),
            sources=int(row["sources"]),
            basis=row["basis"],
            source=row["source"],
            date_basis=row["date_basis"],
        )
        for row in read_table("acceptance_by_task.csv")
    )


def find_acceptance(preset: str, task: str) -> AcceptanceByTask | None:
    return next((row for row in load_acceptance_by_task() if (row.preset, row.task) == (preset, task)), None)
