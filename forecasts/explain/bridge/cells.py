"""Cost lines gathered into the rows of a bridge: a workload or a fleet's own cost, under a cost centre, by month."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from forecasts.budgeting.lines import LineLedger, LineSeries
from forecasts.money import IntArray
from forecasts.timeline import FloatArray, Month

BASES = ("effective", "billed")

Cells = TypeVar("Cells", IntArray, FloatArray)


@dataclass(frozen=True, kw_only=True, order=True)
class BridgeRow:
    """Whose cost it is: a workload's, or what a fleet costs or a contract settles beside them; one of the three."""

    workload: str = ""
    fleet: str = ""
    contract: str = ""
    cost_center: str = ""


@dataclass(frozen=True, kw_only=True)
class StatedLine:
    """A cell of a budget as it was written down, in minor units."""

    month: Month
    row: BridgeRow
    effective: int
    billed: int


@dataclass(kw_only=True)
class Grid:
    """The rows and months that both forecasts have, and where each stands; rows join as they are met."""

    first: Month
    months: int
    rows: dict[BridgeRow, int] = field(default_factory=dict)

    def stated(self, lines: Iterable[StatedLine]) -> IntArray:
        """Shape `[bases, rows, months]`, as the next."""
        told = list(lines)
        places = [self.rows.setdefault(line.row, len(self.rows)) for line in told]
        cells = np.zeros((len(BASES), len(self.rows), self.months), dtype=np.int64)
        for line, place in zip(told, places, strict=True):
            month = line.month.index - self.first.index
            cells[0, place, month] += line.effective
            cells[1, place, month] += line.billed
        return cells

    def rounded(self, ledger: LineLedger, first: Month, digits: int) -> IntArray:
        """The cells of a forecast that starts in `first`, rounded as it rounds them."""
        lines = ledger.close(digits)
        places = self._places(lines.series)
        cells = np.zeros((len(BASES), len(self.rows), self.months), dtype=np.int64)
        inside = self._inside(first, ledger.months)
        for basis, amounts in enumerate((lines.effective, lines.billed)):
            np.add.at(cells[basis][:, inside], places, amounts)
        return cells

    def exact(self, ledger: LineLedger, first: Month) -> FloatArray:
        """The same before any rounding."""
        places = self._places(ledger.series)
        cells = np.zeros((len(BASES), len(self.rows), self.months))
        inside = self._inside(first, ledger.months)
        for place, series in zip(places, ledger.series, strict=True):
            cells[0, place, inside] += series.effective
            cells[1, place, inside] += series.billed
        return cells

    def widened(self, cells: Cells) -> Cells:
        """With room for the rows that have joined since."""
        missing = len(self.rows) - cells.shape[1]
        return np.pad(cells, ((0, 0), (0, missing), (0, 0))) if missing else cells

    def _places(self, series: Sequence[LineSeries]) -> list[int]:
        return [
            self.rows.setdefault(row_of(one.workload, one.route, one.cost_center), len(self.rows)) for one in series
        ]

    def _inside(self, first: Month, months: int) -> slice:
        start = first.index - self.first.index
        return slice(start, start + months)


def row_of(workload: str | None, route: str, cost_center: str) -> BridgeRow:
    """By the route of a line that no workload bears, `fleet:NAME` or `contract:NAME`."""
    if workload is not None:
        return BridgeRow(workload=workload, cost_center=cost_center)
    kind, _, name = route.partition(":")
    if kind == "fleet":
        return BridgeRow(fleet=name, cost_center=cost_center)
    return BridgeRow(contract=name, cost_center=cost_center)
