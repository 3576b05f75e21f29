"""What is scored: each outlook as a plan of the day would have used it, and the naive rival that prices stay."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from forecasts.backtest.prices.origins import Case, Origin
from forecasts.draws import Draws, Pert
from forecasts.prices.history.jumps import JumpRecord, jump_record
from forecasts.prices.history.series import PriceSeries
from forecasts.prices.outlooks.course import Course, Scene, Window
from forecasts.prices.outlooks.courses.exponential import Exponential
from forecasts.prices.outlooks.courses.history import History
from forecasts.prices.outlooks.courses.hold import Hold
from forecasts.prices.outlooks.courses.planning_haircut import PlanningHaircut
from forecasts.prices.outlooks.courses.projected_cut import ProjectedCut
from forecasts.timeline import FloatArray
from forecasts.workload import ApiRoute

QUANTILE_LEVELS = (0.1, 0.5, 0.9)
FLAT = "flat"
_SEED, _DRAWS = 0, 4096


@dataclass(frozen=True, kw_only=True)
class Method:
    """An outlook, set up for an origin from what was known there alone."""

    name: str
    assumes: str
    course: Callable[[Origin, JumpRecord], Course]


METHODS = (
    Method(name="hold", assumes="today's price and the steps already dated", course=lambda _origin, _record: Hold()),
    Method(
        name="history",
        assumes="jumps at the provider's pace, with the sizes on record until then",
        course=lambda _origin, _record: History(),
    ),
    Method(
        name="projected_cut",
        assumes="one cut of 20/25/40 % on a day of the twelve months",
        course=lambda origin, _record: ProjectedCut(window=_year(origin)),
    ),
    Method(
        name="planning_haircut",
        assumes="25 % off from the first month on",
        course=lambda origin, _record: PlanningHaircut(starts=origin.horizon.first.first_day),
    ),
    Method(
        name="exponential",
        assumes="the mean drift on record until then, all providers together",
        course=lambda origin, record: Exponential(
            window=(origin.as_of + timedelta(days=1), None),
            decay_per_year=Pert.certain(-float(np.expm1(record.drift_per_year))),
        ),
    ),
)


class Forecaster:
    """Quantiles of the horizon's mean rate by every method, over the rate of the day, from one group of series."""

    def __init__(self, series: Iterable[PriceSeries]) -> None:
        self._series = tuple(series)
        self._scenes: dict[object, Scene] = {}
        self._multipliers: dict[tuple[object, str, str], FloatArray] = {}
        self._quantiles: dict[tuple[object, str, str], FloatArray] = {}

    def quantiles(self, case: Case, method: Method) -> FloatArray:
        """Logarithms at the quantile levels, shape `[levels]`; all alike where the method states no interval."""
        key = (case.origin.as_of, case.series.provider, method.name)
        if key not in self._multipliers:
            self._multipliers[key] = self._multiplier(case, method)
        if not (case.known_path == 1.0).all():
            return _log_quantiles(case.origin.weights * case.known_path, self._multipliers[key])
        if key not in self._quantiles:
            self._quantiles[key] = _log_quantiles(case.origin.weights, self._multipliers[key])
        return self._quantiles[key]

    def _multiplier(self, case: Case, method: Method) -> FloatArray:
        scene = self._scene(case.origin)
        course = method.course(case.origin, scene.record_of(""))
        route = ApiRoute(provider=case.series.provider, model=case.series.name)
        ones = np.ones(scene.timeline.months)
        multiplier = course.multiplier(scene, route, "output", lambda _route, _meter: ones)
        return ones[:, None] if multiplier is None else multiplier

    def _scene(self, origin: Origin) -> Scene:
        if origin.as_of not in self._scenes:
            record = jump_record(self._series, origin.known_by)
            self._scenes[origin.as_of] = Scene(
                timeline=origin.horizon,
                draws=Draws(seed=_SEED, count=_DRAWS),
                as_of=origin.as_of,
                record_of=lambda _series: record,
            )
        return self._scenes[origin.as_of]


def flat_quantiles() -> FloatArray:
    """The naive rival: the rate of the day, whatever was already dated."""
    return np.zeros(len(QUANTILE_LEVELS))


def _log_quantiles(weights: FloatArray, multiplier: FloatArray) -> FloatArray:
    quantiles: FloatArray = np.log(np.quantile(weights @ multiplier, QUANTILE_LEVELS))
    return quantiles


def _year(origin: Origin) -> Window:
    return origin.horizon.first.first_day, origin.horizon.first.plus(origin.horizon.months).first_day
