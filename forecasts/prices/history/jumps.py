"""How often prices jumped and by how much, up to a day: what the outlook `history` is fitted on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

import numpy as np
from scipy.special import gammaincinv, ndtr

from forecasts.prices.history.series import PriceSeries
from forecasts.timeline import FloatArray, Month
from forecasts.units import HOURS_PER_YEAR

_GRID = np.linspace(-6.0, 6.0, 481)


@dataclass(frozen=True, kw_only=True, eq=False)
class JumpRecord:
    """Jumps and years on sale by provider, and the log ratios of all jumps in rising order, shape `[jumps]`."""

    jumps: dict[str, int]
    series_years: dict[str, float]
    log_ratios: FloatArray

    @property
    def pooled_rate_per_year(self) -> float:
        """Jumps of a series in a year over all providers."""
        years = sum(self.series_years.values())
        return self.log_ratios.size / years if years > 0.0 else 0.0

    @property
    def drift_per_year(self) -> float:
        """The mean log change of a series in a year over all providers."""
        years = sum(self.series_years.values())
        return float(self.log_ratios.sum()) / years if years > 0.0 else 0.0

    def posterior(self, provider: str) -> tuple[float, float]:
        """Shape and rate (years) of the gamma distribution of a provider's jumps of a series in a year.

        The prior has the pooled rate as its mean and the weight of one jump (shape 1), a unit-information prior (Kass
        and Wasserman 1995): a provider without a history moves like all others, one with many jumps like itself.
        """
        prior_years = 1.0 / self.pooled_rate_per_year
        return 1.0 + self.jumps.get(provider, 0), prior_years + self.series_years.get(provider, 0.0)

    def rate_per_year(self, provider: str, normals: FloatArray) -> FloatArray:
        """Quantiles of the posterior at standard normal draws, of their shape."""
        shape, years = self.posterior(provider)
        return np.interp(normals, _GRID, _unit_gamma_quantiles(shape)) / years


def jump_record(series: Iterable[PriceSeries], known_by: float) -> JumpRecord:
    """The record up to an instant (hours), from what was known before it and no longer than each was observed.

    A series' changes within one calendar month count as one jump, of their product: the outlook draws by month.
    """
    jumps: defaultdict[str, int] = defaultdict(int)
    years: defaultdict[str, float] = defaultdict(float)
    log_ratios: list[float] = []
    for one in series:
        known = one.known_by(known_by)
        if not known.begun_by(known_by):
            continue
        ends = min(known_by, one.observed_until)
        years[one.provider] += max(0.0, ends - float(known.starts[0])) / HOURS_PER_YEAR
        for log_ratio in _monthly_log_ratios(known, ends):
            jumps[one.provider] += 1
            log_ratios.append(log_ratio)
    return JumpRecord(jumps=dict(jumps), series_years=dict(years), log_ratios=np.sort(np.array(log_ratios)))


def _monthly_log_ratios(series: PriceSeries, ends: float) -> list[float]:
    changed = np.flatnonzero(series.changes_by(ends))
    by_month: defaultdict[int, float] = defaultdict(float)
    for index in changed.tolist():
        month = Month.of(datetime.fromtimestamp(float(series.starts[index]) * 3600.0, tz=UTC)).index
        by_month[month] += float(np.log(series.rates[index] / series.rates[index - 1]))
    return [log_ratio for log_ratio in by_month.values() if abs(log_ratio) > 1e-9]


@lru_cache(maxsize=512)
def _unit_gamma_quantiles(shape: float) -> FloatArray:
    quantiles: FloatArray = gammaincinv(shape, ndtr(_GRID))
    quantiles.flags.writeable = False
    return quantiles
