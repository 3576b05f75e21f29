"""One kind of a fleet's cost over the horizon: what every kind of cost turns into."""

from dataclasses import dataclass

from forecasts.timeline import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class CostStream:
    """Amounts in the plan's currency, shape `[months, draws]`, or `[months, 1]` where certain.

    `allocated` streams are shared out to workloads by the work they cause, the idle part standing alone. Of a stream
    that is paid for more nodes than the fleet runs, only `used_fraction` is shared out; None is all of it.
    """

    kind: str
    unit: str
    quantity: FloatArray
    billed: FloatArray
    effective: FloatArray
    allocated: bool = True
    used_fraction: FloatArray | None = None
