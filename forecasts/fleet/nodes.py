"""The whole nodes that a fleet runs by month: what capacity decides and what cost is charged for."""

from dataclasses import dataclass

import numpy as np

from forecasts.fleet.scaling.hourly import ElasticNodes
from forecasts.timeline import FloatArray, Timeline


@dataclass(frozen=True, kw_only=True, eq=False)
class NodeWork:
    """What the serving nodes of a fleet do in a month; shapes broadcast to `[months, draws]`.

    `utilization` is the busy fraction of their hours.
    """

    utilization: FloatArray
    output_tokens: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class NodeUse:
    """Nodes in service, spares apart. Arrays have shape `[months, draws]`, or `[months, 1]` where every path is alike.

    `serving` are whole nodes, under an hourly policy the most of the month; `serving_hours` are the node-hours they are
    kept for. Spares serve nothing and are kept for the whole `hours` of a month. `elastic` tells the hours apart where
    nodes follow them; it is None where a month's nodes stay the same.
    """

    serving: FloatArray
    serving_hours: FloatArray
    spares: FloatArray
    hours: FloatArray  # shape [months, 1]
    elastic: ElasticNodes | None = None

    @classmethod
    def within(cls, held: FloatArray, timeline: Timeline, *, serving: FloatArray | float) -> "NodeUse":
        """Nodes that stay for whole months: of those held the serving ones first, and the rest are spares."""
        hours = timeline.hours[:, None]
        serve = np.minimum(held, serving)
        return cls(serving=serve, serving_hours=serve * hours, spares=held - serve, hours=hours)

    @property
    def paid(self) -> FloatArray:
        """Serving nodes and spares."""
        return self.serving + self.spares

    @property
    def paid_hours(self) -> FloatArray:
        """Node-hours of serving nodes and spares."""
        return self.serving_hours + self.spares * self.hours

    def hours_above(self, level: FloatArray) -> FloatArray:
        """Node-hours paid for beyond a level of paid nodes, shape `[months, 1]`: what a commitment does not cover."""
        if self.elastic is None:
            return np.maximum(self.paid - level, 0.0) * self.hours
        return self.elastic.mean_above(level - self.spares) * self.hours
