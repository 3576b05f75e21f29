"""The gain of a preset whose frontier was published for the very model: read off the figure, not computed."""

from dataclasses import dataclass, replace

import numpy as np

from forecasts.speculation.decoder import Basis
from forecasts.speculation.frontier import BASELINE, Reading, frontier_gain, throughput_at_speed
from forecasts.speculation.gains.conditions import OperatingPoint, WorkloadConditions
from forecasts.speculation.gains.gain import Ratio
from forecasts.speculation.gains.modelled import ModelledGain
from forecasts.speculation.model.curves import SpeedCurve
from forecasts.timeline import FloatArray

_ARGUMENT = {
    "equal_concurrency": "running requests per GPU",
    "matched_speed": "tokens per second per user",
    "matched_throughput": "output tokens per second per GPU",
}


@dataclass(frozen=True, kw_only=True, eq=False)
class PaperGain:
    """DSpark over MTP-1 on `model`. `factor`, shape `[draws]`, is how far another site's traffic may differ.

    The paper measured live traffic: what a workload's short outputs or hard drafts take from that is the model's to
    say, as `decoded` over `baseline` for the workload against the same for long answers of ordinary chat. Both are None
    where the size of the served model is not known.
    """

    model: str
    factor: FloatArray
    decoded: ModelledGain | None
    baseline: ModelledGain | None
    ordinary: WorkloadConditions

    def at(
        self,
        basis: Basis,
        point: OperatingPoint,
        conditions: WorkloadConditions,
        plain: SpeedCurve | None,  # noqa: ARG002 - the interface of all gains
    ) -> Ratio:
        reading = frontier_gain(self.model, basis, self._argument(basis, point))
        values = float(reading.values) * self.factor * self._beside_the_paper(point, conditions)
        return Ratio(values=values, held=self._held(basis, reading, point))

    def _argument(self, basis: Basis, point: OperatingPoint) -> float:
        if basis == "equal_concurrency":
            return point.requests_per_gpu
        if basis == "matched_speed" and point.wanted_speed is not None:
            return point.wanted_speed
        # Throughput per GPU is of the paper's hardware; the speed of a user carries over to another.
        return float(throughput_at_speed(self.model, BASELINE, point.measured_speed).values)

    def _beside_the_paper(self, point: OperatingPoint, conditions: WorkloadConditions) -> FloatArray:
        """1 for answers of ordinary length and difficulty, at the same context: the rest of the load is the paper's."""
        if self.decoded is None or self.baseline is None:
            return np.ones(1)
        requests = np.asarray(point.requests)
        as_asked = replace(self.ordinary, hard_to_draft=conditions.hard_to_draft, lengths=conditions.lengths)
        asked = self.decoded.speedup_at(as_asked)(requests) / self.baseline.speedup_at(as_asked)(requests)
        usual = self.decoded.speedup_at(self.ordinary)(requests) / self.baseline.speedup_at(self.ordinary)(requests)
        return asked / usual

    def _held(self, basis: Basis, reading: Reading, point: OperatingPoint) -> tuple[str, ...]:
        if not reading.held.any():
            return ()
        low, high = reading.measured_range
        return (
            f"the paper's curves for {self.model} cover {low:.4g} to {high:.4g} {_ARGUMENT[basis]}, "
            f"not {self._argument(basis, point):.4g}; the end's value is held",
        )
