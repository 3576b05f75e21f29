"""Cost lines: what a month of one workload, route and meter costs, in whole minor units that add up."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from forecasts.money import IntArray, running_minor
from forecasts.timeline import FloatArray


@dataclass(frozen=True, kw_only=True)
class LineSeries:
    """One line over all months: means over the sample paths, shape `[months]`. Idle fleet cost has no workload."""

    workload: str | None
    cost_center: str
    gl_account: str
    provider: str | None = None
    fleet: str | None = None
    route: str
    kind: str
    meter: str
    unit: str
    quantity: FloatArray
    billed: FloatArray
    effective: FloatArray


@dataclass(frozen=True, kw_only=True)
class Lines:
    """Series and their cells in minor units, shape `[series, months]`."""

    series: tuple[LineSeries, ...]
    billed: IntArray
    effective: IntArray


@dataclass
class LineLedger:
    """Collects series; those of one deterministic schedule form a group whose cells keep the schedule's own total.

    What is forecast counts in the months `ahead`, shape `[months]`; None is all of them.
    """

    months: int
    ahead: npt.NDArray[np.bool_] | None = None
    series: list[LineSeries] = field(default_factory=list)
    groups: list[slice] = field(default_factory=list)

    def add(self, series: LineSeries) -> None:
        self.series.append(self._forecast(series))

    def add_recorded(self, series: LineSeries) -> None:
        """What is recorded counts in its own months."""
        self.series.append(series)

    def add_group(self, members: list[LineSeries]) -> None:
        self.groups.append(slice(len(self.series), len(self.series) + len(members)))
        self.series.extend(map(self._forecast, members))

    def close(self, digits: int) -> Lines:
        """Rounds every series by its running totals; the largest member of a group takes what its rounding left."""
        if not self.series:
            empty = np.zeros((0, self.months), dtype=np.int64)
            return Lines(series=(), billed=empty, effective=empty)
        billed = np.stack([one.billed for one in self.series])
        effective = np.stack([one.effective for one in self.series])
        return Lines(
            series=tuple(self.series),
            billed=self._round(billed, digits),
            effective=self._round(effective, digits),
        )

    def _forecast(self, series: LineSeries) -> LineSeries:
        if self.ahead is None:
            return series
        return replace(
            series,
            quantity=series.quantity * self.ahead,
            billed=series.billed * self.ahead,
            effective=series.effective * self.ahead,
        )

    def _round(self, amounts: FloatArray, digits: int) -> IntArray:
        cells = running_minor(amounts, digits)
        totals = cells.sum(axis=1).tolist()
        for group in self.groups:
            # Equal members are told apart by name: whoever a plan names first must not be charged differently.
            absorber = max(
                range(group.start, group.stop), key=lambda index: (totals[index], self.series[index].workload or "")
            )
            cells[absorber] += running_minor(amounts[group].sum(axis=0), digits) - cells[group].sum(axis=0)
        return cells
