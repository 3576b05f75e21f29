"""A gain over no speculation that the model computes from acceptance and load."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecasts.speculation.gains.conditions import WorkloadConditions
from forecasts.speculation.gains.gain import GainQuestion, Ratio
from forecasts.speculation.model.acceptance import acceptance_lengths
from forecasts.speculation.model.curves import SpeedCurve
from forecasts.speculation.model.matching import MatchedGain, speed_gain_at_throughput, throughput_gain_at_speed
from forecasts.speculation.model.parameters import UpliftParameters
from forecasts.speculation.model.requests import effective_acceptance_length
from forecasts.speculation.model.speedup import Speculation, speedup_from_lengths
from forecasts.speculation.model.target import TargetModel
from forecasts.timeline import FloatArray

# Acceptance lengths at which the loss to a cut-short last step is worked out; between them it is interpolated.
_LENGTH_GRID = 129

FirstAcceptance = Callable[[WorkloadConditions], FloatArray]


@dataclass(frozen=True, kw_only=True, eq=False)
class DecodedCurve:
    """The speed of a user with drafts: the plain curve times the speedup at each load."""

    plain: SpeedCurve
    speedup_at: Callable[[FloatArray], FloatArray]

    @property
    def lowest_load(self) -> float:
        return self.plain.lowest_load

    @property
    def highest_load(self) -> float:
        return self.plain.highest_load

    def speed_at(self, load: FloatArray) -> FloatArray:
        return self.plain.speed_at(load) * self.speedup_at(load)


@dataclass(frozen=True, kw_only=True, eq=False)
class ModelledGain:
    """`first_acceptance` and `factor`, the drawn error of the model, have shape `[draws]`."""

    speculation: Speculation
    target: TargetModel
    parameters: UpliftParameters
    first_acceptance: FirstAcceptance
    factor: FloatArray
    most_at_matched_speed: float

    def at(self, asked: GainQuestion, /) -> Ratio:
        basis, point, plain = asked.basis, asked.point, asked.plain
        speedup_at = self.speedup_at(asked.conditions)
        if basis == "equal_concurrency" or plain is None:
            return Ratio(values=speedup_at(np.asarray(point.requests)))
        decoded = DecodedCurve(plain=plain, speedup_at=speedup_at)
        if basis == "matched_speed" and point.wanted_speed is not None:
            speed = np.full(self.factor.shape, point.wanted_speed)
            matched = throughput_gain_at_speed(plain, decoded, speed, most=self.most_at_matched_speed)
            return Ratio(values=matched.gain, held=self._at_speed(matched, point.wanted_speed))
        throughput = np.broadcast_to(point.requests * plain.speed_at(np.asarray(point.requests)), self.factor.shape)
        return Ratio(values=speed_gain_at_throughput(plain, decoded, throughput).gain)

    def speedup_at(self, conditions: WorkloadConditions) -> Callable[[FloatArray], FloatArray]:
        """Speedup over no speculation as a function of the running requests, for this workload."""
        lengths = self._acceptance_lengths(conditions)

        def speedup(requests: FloatArray) -> FloatArray:
            return self.factor * speedup_from_lengths(
                lengths,
                requests,
                speculation=self.speculation,
                target=self.target,
                context_tokens=conditions.context_tokens,
                parameters=self.parameters,
            )

        return speedup

    def _acceptance_lengths(self, conditions: WorkloadConditions) -> list[FloatArray]:
        """By draft length, shape `[draws]` each, with what short outputs take from those that an engine may choose."""
        lengths = acceptance_lengths(self.first_acceptance(conditions), self.speculation.rho, self.speculation.depth)
        grid = np.linspace(1.0, self.speculation.depth + 1.0, _LENGTH_GRID)
        effective = effective_acceptance_length(grid, conditions.lengths)
        least = 1 if self.speculation.adaptive else self.speculation.depth
        return [
            np.interp(length, grid, effective) if depth >= least else length for depth, length in enumerate(lengths)
        ]

    def _at_speed(self, matched: MatchedGain, speed: float) -> tuple[str, ...]:
        notes = []
        if matched.capped.any():
            notes.append(
                f"at {speed:g} tokens per second per user the baseline is near its limit, where the gain has no bound: "
                f"it is held at {self.most_at_matched_speed:.2f}, the most that has been published"
            )
        elif matched.held.any():
            notes.append(f"{speed:g} tokens per second per user lie outside what the model computes; its end is held")
        return tuple(notes)
