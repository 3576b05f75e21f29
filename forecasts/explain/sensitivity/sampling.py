"""Draws in blocks of paths: in each block one driver varies and all others stay at their medians."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from forecasts.draws import Draws
from forecasts.explain.sensitivity.drivers import Driver, driver_of
from forecasts.timeline import FloatArray

_MEDIAN = 0.5


class DriverDraws(Draws):
    """One path at the medians, a block in which everything varies, then a block for each driver.

    A factor's values in a block are one from each of as many equal strata, in an order drawn from the factor's own
    stream: a Latin hypercube (McKay, Beckman and Conover 1979), which gives quantiles of few paths. Drivers that
    `grouped` maps to another vary with it.
    """

    def __init__(
        self,
        *,
        seed: int,
        drivers: Sequence[Driver] = (),
        grouped: Mapping[Driver, Driver] | None = None,
        together: int = 0,
        each: int = 0,
    ) -> None:
        super().__init__(seed=seed, count=1 + together + each * len(drivers))
        self.asked: dict[Driver, None] = {}
        self._grouped = grouped or {}
        self._together = together
        self._each = each
        self._places = {driver: 1 + together + each * place for place, driver in enumerate(drivers)}

    def block_of(self, driver: Driver) -> slice:
        start = self._places[driver]
        return slice(start, start + self._each)

    @property
    def everything(self) -> slice:
        return slice(1, 1 + self._together)

    def normal(self, factor: str) -> FloatArray:
        return self._values(factor, "", ndtri)

    def uniform(self, factor: str) -> FloatArray:
        return self._values(factor, "", _as_it_is)

    def normal_by_month(self, factor: str, month_indices: npt.NDArray[np.int64]) -> FloatArray:
        return np.stack([self._values(factor, str(index), ndtri) for index in month_indices.tolist()])

    def uniform_by_month(self, factor: str, month_indices: npt.NDArray[np.int64]) -> FloatArray:
        return np.stack([self._values(factor, str(index), _as_it_is) for index in month_indices.tolist()])

    def _values(self, factor: str, month: str, quantile: Callable[[FloatArray], FloatArray]) -> FloatArray:
        driver = driver_of(factor)
        self.asked[driver] = None
        driver = self._grouped.get(driver, driver)
        values = np.full(self.count, quantile(np.array(_MEDIAN)))
        stream = self._stream(factor, month)
        for block in (self.everything, self.block_of(driver) if driver in self._places else slice(0, 0)):
            strata = block.stop - block.start
            if strata:
                values[block] = quantile((np.arange(strata) + _MEDIAN) / strata)[stream.permutation(strata)]
        return values


def _as_it_is(levels: FloatArray) -> FloatArray:
    return levels
