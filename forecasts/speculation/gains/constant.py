"""A gain that is said to be the same at any load: a headline figure, or a range of local measurements."""

from dataclasses import dataclass

from forecasts.speculation.gains.gain import GainQuestion, Ratio
from forecasts.timeline import FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class ConstantGain:
    """`values` has shape `[draws]`. Load, lengths and task change nothing about it, which is why it is labelled."""

    values: FloatArray

    def at(self, _asked: GainQuestion, /) -> Ratio:
        return Ratio(values=self.values)
