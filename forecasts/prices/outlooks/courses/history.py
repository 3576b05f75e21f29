"""Price jumps as history has them: rises and falls, at the provider's own pace as far as it is known."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar

import numpy as np

from forecasts.prices.history.jumps import JumpRecord
from forecasts.prices.outlooks.course import Rates, Scene, hours_of
from forecasts.timeline import FloatArray, Month, Timeline
from forecasts.units import HOURS_PER_YEAR
from forecasts.workload import ApiRoute

# Jumps between the plan's day and a horizon further off than this are left out: no budget is made that early.
MOST_MONTHS_BEFORE_HORIZON = 120


@dataclass(frozen=True, kw_only=True)
class History:
    """A compound Poisson process from the plan's day on: at most one jump a month, sizes resampled from the record.

    One process per provider, shared by all its models. `series` names the record it is fitted on: `models` on sale, or
    `tiers`, which follow whatever model is current. `window` is None for all time after the plan's day.
    """

    name: ClassVar[str] = "history"
    series: str = "models"
    window: tuple[date, date | None] | None = None

    def multiplier(self, scene: Scene, route: ApiRoute, meter: str, rates: Rates) -> FloatArray | None:  # noqa: ARG002 - the interface of all outlooks
        record = scene.record_of(self.series)
        starts, ends = self._bounds(scene)
        before = scene.timeline.offset_of(Month.of(starts))
        if not record.log_ratios.size or before >= scene.timeline.months:
            return None
        process = Timeline(first=Month.of(starts), months=scene.timeline.months - before)
        exposed = process.share_of_months(starts, ends) * np.diff(process.edges) / HOURS_PER_YEAR
        multiplier = _jumping(scene, record, route.provider, process, exposed)
        if before <= 0:
            return multiplier[-before:]
        held = np.ones((before, scene.draws.count))
        return np.concatenate([held, multiplier])

    def shared_by(self, route: ApiRoute) -> str | None:
        return route.provider

    def _bounds(self, scene: Scene) -> tuple[datetime, datetime | None]:
        earliest = scene.timeline.first.plus(-MOST_MONTHS_BEFORE_HORIZON).first_day
        day_after = scene.as_of + timedelta(days=1)
        opens, closes = self.window or (day_after, None)
        starts = datetime.combine(max(day_after, earliest, opens), time(), tzinfo=UTC)
        ends = None if closes is None else datetime.fromtimestamp(hours_of(closes) * 3600.0, tz=UTC)
        return starts, ends


def _jumping(
    scene: Scene, record: JumpRecord, provider: str, process: Timeline, exposed_years: FloatArray
) -> FloatArray:
    """The mean multiplier of each month since the process began, shape `[months, draws]`.

    A month has a jump where its uniform is below the chance of one, `1 - exp(-rate * exposure)`; the uniform's place
    below that chance gives both the size and the instant, as digits of one number. Few months have one, so all but the
    first comparison is done for them alone.
    """
    uniforms = scene.draws.uniform_by_month(f"price jump:{provider}", process.indices)
    rates = record.rate_per_year(provider, scene.draws.normal(f"price jump rate:{provider}"))
    # The chance is at most rate times exposure, which is quicker to compare with.
    cells = np.flatnonzero(uniforms < exposed_years[:, None] * rates)
    months, paths = np.divmod(cells, rates.size)
    place = uniforms.ravel()[cells] / -np.expm1(-exposed_years[months] * rates[paths]) * record.log_ratios.size
    jumped = place < record.log_ratios.size
    cells, place = cells[jumped], place[jumped]
    which = place.astype(np.int64)
    sizes = record.log_ratios[which]
    # In a month that is exposed in part the jump is placed as if it could fall on any of its days.
    share_after = 1.0 - (place - which)

    level = np.zeros_like(uniforms)
    level.ravel()[cells] = sizes
    np.cumsum(level, axis=0, out=level)
    level.ravel()[cells] -= sizes
    np.exp(level, out=level)
    level.ravel()[cells] *= 1.0 + share_after * np.expm1(sizes)
    return level
