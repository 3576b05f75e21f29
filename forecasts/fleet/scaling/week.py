"""A month's work spread over the hours of a week: what the policies size nodes for, in whole nodes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from forecasts.timeline import FloatArray
from forecasts.units import HOURS_PER_WEEK

# Profiles x hours x columns that are multiplied at once: they stay in a core's cache, and below the 262,144 products
# from which OpenBLAS splits the work among threads, which costs more than it gains on a busy machine.
_BLOCK_PRODUCTS = 250_000
# A need that floating point puts this far above a whole number of nodes is that number.
_WHOLE = 1e-9


@dataclass(frozen=True, kw_only=True, eq=False)
class Week:
    """Distinct hours of a week: `levels` by profile, shape `[profiles, hours]`, and their `shares` of the week."""

    levels: FloatArray
    shares: FloatArray

    @classmethod
    def of(cls, profiles: list[FloatArray]) -> "Week":
        """`profiles` are weights of the 168 hours, mean 1; hours in which all profiles agree are one."""
        levels, counts = np.unique(np.stack(profiles), axis=1, return_counts=True)
        return cls(levels=levels, shares=counts / HOURS_PER_WEEK)

    @cached_property
    def busiest(self) -> FloatArray:
        """The hours that no other exceeds in every profile, shape `[profiles, few]`: one of them is the peak."""
        levels = self.levels
        no_lower: npt.NDArray[np.bool_] = np.all(levels[:, None, :] >= levels[:, :, None], axis=0)
        # Every hour is no lower than itself; the distinct hours have no other equal.
        return np.ascontiguousarray(levels[:, no_lower.sum(axis=1) == 1])

    def mean_of(self, by_hour: FloatArray) -> FloatArray:
        """The week's mean of figures by distinct hour, shape `[hours, columns]`."""
        first = float(self.shares[0])
        if (self.shares == first).all():
            alike: FloatArray = by_hour.sum(axis=0) * first
            return alike
        mean: FloatArray = np.einsum("h,hc->c", self.shares, by_hour)
        return mean


@dataclass(frozen=True, kw_only=True, eq=False)
class WeeklyWork:
    """Mean nodes' worth of work of months and draws `shape`, one column each.

    `columns` has a row for each profile and one of ones, which subtracts a tolerance within a product:
    shape `[profiles + 1, months * draws]`.
    """

    week: Week
    columns: FloatArray
    shape: tuple[int, ...]

    @classmethod
    def of(cls, works: list[FloatArray], profiles: list[FloatArray], hours: FloatArray) -> "WeeklyWork":
        """`works` are node-hours of a month, shape `[months, draws]`; `hours` of the months, shape `[months, 1]`."""
        columns = np.empty((len(works) + 1, works[0].size))
        columns[-1] = 1.0
        for row, work in zip(columns, works, strict=False):
            np.divide(work, hours, out=row.reshape(work.shape))
        return cls(week=Week.of(profiles), columns=columns, shape=works[0].shape)

    @property
    def by_profile(self) -> FloatArray:
        """Shape `[profiles, months * draws]`."""
        return self.columns[:-1]

    @cached_property
    def peak(self) -> FloatArray:
        """Nodes' worth of work in the busiest hour, shape `[months, draws]`."""
        highest = np.empty(self.by_profile.shape[1])
        hours = np.ascontiguousarray(self.week.busiest.T)
        step = max(16, _BLOCK_PRODUCTS // hours.size)
        for start in range(0, len(highest), step):
            columns = slice(start, start + step)
            np.max(hours @ self.by_profile[:, columns], axis=0, out=highest[columns])
        return highest.reshape(self.shape)

    @cached_property
    def trough(self) -> FloatArray:
        """Nodes' worth of work that no hour falls below, shape `[months, draws]`."""
        lowest: FloatArray = np.einsum("p,pc->c", self.week.levels.min(axis=1), self.by_profile).reshape(self.shape)
        return lowest

    def served_fractions(self, usable: FloatArray) -> list[FloatArray]:
        """The fraction of each profile's work that is served, shapes `[months, draws]`.

        `usable` are the nodes that may be filled, broadcast to `[months, draws]`. In an hour short of nodes every
        profile gets the same fraction.
        """
        served = np.ones(self.by_profile.shape)
        flat_usable = np.broadcast_to(usable, self.shape).ravel()
        shares = self.week.levels * self.week.shares
        weights = np.ascontiguousarray(self.week.levels.T)
        for columns in self._blocks(np.flatnonzero(self.peak.ravel() > flat_usable + _WHOLE)):
            need = weights @ self.by_profile[:, columns]
            np.maximum(need, 1e-300, out=need)
            np.divide(flat_usable[columns], need, out=need)
            np.minimum(need, 1.0, out=need)
            served[:, columns] = shares @ need
        # Adding up the hours' shares leaves the last binary digit open: what is served in every hour is served.
        served[served > 1.0 - 1e-12] = 1.0
        return [row.reshape(self.shape) for row in served]

    def mean_whole_nodes(self, *, per_work: float, least: FloatArray, most: FloatArray | float) -> FloatArray:
        """Whole nodes of each hour within bounds, averaged over the week, shape `[months, draws]`.

        `per_work` are the nodes to be had for a node's worth of work; the bounds broadcast to `[months, draws]`.
        """
        mean = np.empty(self.by_profile.shape[1])
        lower, upper = (np.broadcast_to(bound, self.shape).ravel() for bound in (least, most))
        bound_to = (whole_nodes(self.trough * per_work).ravel() < lower) | (
            whole_nodes(self.peak * per_work).ravel() > upper
        )
        weights = np.vstack([self.week.levels * per_work, np.full(self.week.levels.shape[1], -_WHOLE)]).T.copy()
        scratch = np.empty((len(weights), self._block_columns))
        for are_bound in (False, True):
            for columns in self._blocks(np.flatnonzero(bound_to == are_bound)):
                nodes = np.matmul(weights, self.columns[:, columns], out=scratch[:, : len(columns)])
                np.ceil(nodes, out=nodes)
                if are_bound:
                    np.maximum(nodes, lower[columns], out=nodes)
                    np.minimum(nodes, upper[columns], out=nodes)
                mean[columns] = self.week.mean_of(nodes)
        return mean.reshape(self.shape)

    @property
    def _block_columns(self) -> int:
        return max(16, _BLOCK_PRODUCTS // (len(self.columns) * len(self.week.shares)))

    def _blocks(self, columns: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
        for start in range(0, len(columns), self._block_columns):
            yield columns[start : start + self._block_columns]


def whole_nodes(need: FloatArray) -> FloatArray:
    """Nodes for a need in nodes' worth of work: the next whole number."""
    return np.ceil(need - _WHOLE)


def within(nodes: FloatArray, least: FloatArray, most: int | None) -> FloatArray:
    """Nodes between a policy's bounds; the upper one holds where they contradict each other."""
    bounded: FloatArray = np.maximum(nodes, least)
    return bounded if most is None else np.minimum(bounded, float(most))
