"""A gain that is said to be the same at any load: a headline figure, or a range of local measurements."""

from dataclasses import dataclass

from forecasts.speculation.decoder import Basis
from forecasts.speculation.gains.conditions import OperatingPoint, WorkloadConditions
from forecasts.speculation.gains.gain import Ratio
from forecasts.speculation.model.curves import SpeedCurve
from forecasts.timeline import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class ConstantGain:
    """`values` has shape `[draws]`. Load, lengths and task change nothing about it, which is why it is labelled."""

    values: FloatArray

    def at(
        self,
        basis: Basis,  # noqa: ARG002 - the interface of all gains
        point: OperatingPoint,  # noqa: ARG002
        conditions: WorkloadConditions,  # noqa: ARG002
        plain: SpeedCurve | None,  # noqa: ARG002
    ) -> Ratio:
        return Ratio(values=self.values)
