"""Running sums over sample paths: the portfolio by month, and every group for the horizon."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from forecasts.money import to_minor
from forecasts.prices.contracts.settlement import ContractAccounts
from forecasts.timeline import FloatArray

QUANTILE_LEVELS = (0.1, 0.5, 0.9)
Group = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """Money in minor units. The mean is the sum of the lines' cells; quantiles are of the joint paths."""

    mean: int
    p10: int
    p50: int
    p90: int


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Mean and quantiles over the sample paths of something that is not money."""

    mean: float
    p10: float
    p50: float
    p90: float


def quantiles(paths: FloatArray, levels: Iterable[float] = QUANTILE_LEVELS) -> FloatArray:
    """Linearly interpolated quantiles over the last axis (Hyndman and Fan 1996, type 7), shape `[..., levels]`."""
    ordered = np.sort(paths, axis=-1)
    position = np.array(tuple(levels)) * (ordered.shape[-1] - 1)
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, ordered.shape[-1] - 1)
    fraction = position - below
    values: FloatArray = ordered[..., below] * (1.0 - fraction) + ordered[..., above] * fraction
    return values


def distribution(mean: int, paths: FloatArray, digits: int) -> Distribution:
    p10, p50, p90 = to_minor(quantiles(paths), digits).tolist()
    return Distribution(mean=mean, p10=p10, p50=p50, p90=p90)


def spread(paths: FloatArray) -> Spread:
    """Of paths of shape `[draws]`."""
    p10, p50, p90 = quantiles(paths).tolist()
    return Spread(mean=float(paths.mean()), p10=p10, p50=p50, p90=p90)


def spread_by_month(paths: FloatArray) -> tuple[Spread, ...]:
    """Of paths of shape `[months, draws]`."""
    return tuple(
        Spread(mean=mean, p10=p10, p50=p50, p90=p90)
        for mean, (p10, p50, p90) in zip(paths.mean(axis=1).tolist(), quantiles(paths).tolist(), strict=True)
    )


class Tally:
    """Adds cost paths up as they come, so that a portfolio never has to be held whole."""

    def __init__(self, months: int, count: int) -> None:
        self._effective = np.zeros((months, count))
        self._billed: FloatArray | None = None
        self._groups: dict[Group, list[FloatArray]] = {}
        self.contracts = ContractAccounts()

    def add(self, groups: Iterable[Group], effective: FloatArray, billed: FloatArray | None = None) -> None:
        """Adds paths of shape `[months, draws]`, or `[months]` where certain; `billed` of None is as effective."""
        self.add_total(effective, billed)
        self.add_to_groups(groups, effective, billed)

    def add_total(self, effective: FloatArray, billed: FloatArray | None = None) -> None:
        if billed is not None and self._billed is None:
            self._billed = self._effective.copy()
        if self._billed is not None:
            self._billed += _column(effective if billed is None else billed)
        self._effective += _column(effective)

    def add_to_groups(self, groups: Iterable[Group], effective: FloatArray, billed: FloatArray | None = None) -> None:
        horizon = effective.sum(axis=0)
        invoiced = horizon if billed is None else billed.sum(axis=0)
        for group in groups:
            if group not in self._groups:
                count = self._effective.shape[1]
                self._groups[group] = [np.zeros(count), np.zeros(count)]
            sums = self._groups[group]
            sums[0] += horizon
            sums[1] += invoiced

    @property
    def effective(self) -> FloatArray:
        """Shape `[months, draws]`."""
        return self._effective

    @property
    def billed(self) -> FloatArray:
        """Shape `[months, draws]`; the same array as `effective` where nothing set them apart."""
        return self._effective if self._billed is None else self._billed

    def groups(self, kind: str) -> dict[str, tuple[FloatArray, FloatArray]]:
        """Horizon sums `(effective, billed)` of the groups of a kind by name, each of shape `[draws]`."""
        return {name: (sums[0], sums[1]) for (of_kind, name), sums in self._groups.items() if of_kind == kind}


def _column(paths: FloatArray) -> FloatArray:
    return paths if paths.ndim == 2 else paths[:, None]
