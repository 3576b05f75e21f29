"""The whole nodes that a fleet runs by month: what capacity decides and what cost is charged for."""

from dataclasses import dataclass

from forecasts.timeline import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class NodeUse:
    """Nodes in service, spares apart. Arrays have shape `[months, draws]`, or `[months, 1]` where every path is alike.

    `serving` are whole nodes, under an hourly policy the most of the month; `serving_hours` are the node-hours they are
    kept for. Spares serve nothing and are kept for the whole `hours` of a month.
    """

    serving: FloatArray
    serving_hours: FloatArray
    spares: FloatArray  # shape [months, 1]
    hours: FloatArray  # shape [months, 1]

    @property
    def paid(self) -> FloatArray:
        """Serving nodes and spares."""
        return self.serving + self.spares

    @property
    def paid_hours(self) -> FloatArray:
        """Node-hours of serving nodes and spares."""
        return self.serving_hours + self.spares * self.hours
