"""The policy `hourly`: whole nodes in every hour of the week, as many as the hour needs."""

from dataclasses import dataclass

import numpy as np

from forecasts.fleet.scaling.week import WeeklyWork, whole_nodes, within
from forecasts.timeline import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class ElasticNodes:
    """Nodes that follow the hours; `per_work` are those for a node's worth of work, `least` is `[months, draws]`."""

    work: WeeklyWork
    per_work: float
    least: FloatArray
    most: int | None

    @property
    def in_busiest_hour(self) -> FloatArray:
        """Shape `[months, draws]`."""
        return within(whole_nodes(self.work.peak * self.per_work), self.least, self.most)

    @property
    def mean(self) -> FloatArray:
        """Over the hours of the week, shape `[months, draws]`."""
        return self.mean_above(np.zeros((1, 1)))

    def mean_above(self, level: FloatArray) -> FloatArray:
        """Nodes beyond a level, averaged over the hours; the level broadcasts to `[months, draws]`, may be negative."""
        most = np.inf if self.most is None else float(self.most)
        mean = self.work.mean_whole_nodes(
            per_work=self.per_work, least=np.maximum(np.minimum(self.least, most), level), most=np.maximum(most, level)
        )
        above: FloatArray = mean - level
        return above
