"""The gain of a preset whose frontier was published for the very model: read off the figure, not computed."""

from dataclasses import dataclass, replace

import numpy as np

from forecasts.speculation.decoder import Basis
from forecasts.speculation.frontier import BASELINE, Reading, frontier_gain, throughput_at_speed
from forecasts.speculation.gains.conditions import OperatingPoint, WorkloadConditions
from forecasts.speculation.gains.gain import GainQuestion, Ratio
from forecasts.speculation.gains.modelled import ModelledGain
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
    most_at_matched_speed: float

    def at(self, asked: GainQuestion, /) -> Ratio:
        argument = self._argument(asked)
        reading = frontier_gain(self.model, asked.basis, argument)
        gain, held = float(reading.values), self._held(asked.basis, reading, argument)
        if asked.basis == "matched_speed" and gain > self.most_at_matched_speed:
            gain = self.most_at_matched_speed
            held = (
                f"at {argument:.4g} tokens per second per user MTP-1 is near its limit, where the paper's gain has no "
                f"bound: it is held at {gain:.2f}, the most that the paper states",
            )
        values = gain * self.factor * self._beside_the_paper(asked.point, asked.conditions)
        return Ratio(values=values, held=held)

    def _argument(self, asked: GainQuestion) -> float:
        """Where on the paper's axis the question lies."""
        if asked.basis == "equal_concurrency":
            return asked.point.requests_per_gpu
        if asked.basis == "matched_speed" and asked.point.wanted_speed is not None:
            return asked.point.wanted_speed
        # Throughput per GPU is of the paper's hardware; the speed of a user carries over to another.
        speed = asked.point.measured_speed if asked.baseline_speed is None else asked.baseline_speed
        return float(throughput_at_speed(self.model, BASELINE, speed).values)

    def _beside_the_paper(self, point: OperatingPoint, conditions: WorkloadConditions) -> FloatArray:
        """1 for answers of ordinary length and difficulty, at the same context: the rest of the load is the paper's."""
        if self.decoded is None or self.baseline is None:
            return np.ones(1)
        requests = np.asarray(point.requests)
        as_asked = replace(self.ordinary, hard_to_draft=conditions.hard_to_draft, lengths=conditions.lengths)
        asked = self.decoded.speedup_at(as_asked)(requests) / self.baseline.speedup_at(as_asked)(requests)
        usual = self.decoded.speedup_at(self.ordinary)(requests) / self.baseline.speedup_at(self.ordinary)(requests)
        return asked / usual

    def _held(self, basis: Basis, reading: Reading, argument: float) -> tuple[str, ...]:
        if not reading.held.any():
            return ()
        low, high = reading.measured_range
        return (
            f"the paper's curves for {self.model} cover {low:.4g} to {high:.4g} {_ARGUMENT[basis]}, "
            f"not {argument:.4g}; the end's value is held",
        )
