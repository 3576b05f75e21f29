"""The gain of a fleet's decoder over the one that its throughput was measured with, on any basis.

A gain over MTP-1 is not a gain over nothing: what lies between the two decoders is multiplied or divided out, and what
both have in common cancels to the last digit.
"""

from dataclasses import dataclass, replace

import numpy as np

from forecasts.fleet.fleet import Fleet
from forecasts.speculation.decoder import Basis
from forecasts.speculation.gains.conditions import OperatingPoint, WorkloadConditions
from forecasts.speculation.gains.gain import Gain, GainQuestion, Ratio
from forecasts.speculation.measurement import Measurement
from forecasts.speculation.model.curves import ModelCurve
from forecasts.speculation.model.parameters import UpliftParameters
from forecasts.speculation.model.requests import decode_share, whole_request_speedup
from forecasts.speculation.model.step_time import step_time
from forecasts.speculation.model.target import TargetModel
from forecasts.timeline import FloatArray
from forecasts.workload import Workload

# Loads beyond the largest that anybody measured say nothing.
_MOST_REQUESTS = 1024.0


@dataclass(frozen=True, kw_only=True, eq=False)
class GainOverMeasured:
    """`gained` are the steps from the decoder down to what both have in common, `measured` those of the measurement.

    `target` is None where no step needs the model of step time. Where the throughput counts `whole_requests`, prefill
    included, so does a gain in throughput: of what the measurement's decoder leaves of decoding, `measured_decoding`
    says how much quicker that was than nothing. `points` are the measured ones that moved a step. Ratios have shape
    `[draws]`.
    """

    gained: tuple[Gain, ...]
    measured: tuple[Gain, ...]
    point: OperatingPoint
    target: TargetModel | None
    parameters: UpliftParameters
    draws: int
    whole_requests: bool = False
    measured_decoding: tuple[Gain, ...] = ()
    points: tuple[Measurement, ...] = ()

    def at(self, basis: Basis, conditions: WorkloadConditions) -> Ratio:
        asked = GainQuestion(basis=basis, point=self.point, conditions=conditions, plain=self._plain(conditions))
        gained, measured = self._from_the_bottom(self.gained, asked), self._from_the_bottom(self.measured, asked)
        values: FloatArray = np.ones(self.draws)
        for step in gained:
            values = values * step.values
        for step in measured:
            values = values / step.values
        held = [words for step in (*gained, *measured) for words in step.held]
        if self.whole_requests and basis != "matched_throughput":
            values = whole_request_speedup(values, self.decode_share(conditions))
        return Ratio(values=values, held=tuple(dict.fromkeys(held)))

    def _from_the_bottom(self, gains: tuple[Gain, ...], asked: GainQuestion) -> list[Ratio]:
        """Each step over the one below it, the lowest first.

        At the same throughput each is asked at the speed that users have with the decoder below it.
        """
        if asked.basis != "matched_throughput":
            return [gain.at(asked) for gain in reversed(gains)]
        plain, speed = asked.plain, self.point.measured_speed
        if plain is not None:
            speed = float(plain.speed_at(np.asarray(self.point.requests)))
        steps = []
        for gain in reversed(gains):
            steps.append(gain.at(replace(asked, baseline_speed=speed)))
            speed *= float(np.median(steps[-1].values))
        return steps

    def decode_share(self, conditions: WorkloadConditions) -> FloatArray:
        """The share of an engine's time that decodes with the measurement's decoder; 1 where it is not known."""
        if self.target is None:
            return np.ones(1)
        plain = decode_share(
            self.point.requests,
            output_tokens=conditions.lengths.mean,
            input_tokens=conditions.prefill_tokens,
            context_tokens=conditions.context_tokens,
            target=self.target,
            parameters=self.parameters,
        )
        quicker = np.ones(1)
        for gain in self.measured_decoding:
            quicker = quicker * gain.at(GainQuestion(point=self.point, conditions=conditions)).values
        decoding: FloatArray = plain / quicker
        return decoding / (decoding + 1.0 - plain)

    def at_load(self, fleet: Fleet, concurrency_per_node: float) -> "GainOverMeasured":
        """The same gain where a node runs so many requests at once."""
        requests = concurrency_per_node / fleet.throughput.engines_per_node
        there = replace(self.point, requests=requests, requests_per_gpu=concurrency_per_node / fleet.gpus_per_node)
        return replace(self, point=there)

    def measured_speed_at(self, requests: FloatArray, conditions: WorkloadConditions) -> FloatArray:
        """Tokens per second of one user with the measurement's decoder, shape as `requests`, those of one engine.

        It passes through the stated speed at the stated load. Raises LookupError where the model's size is not known.
        """
        plain = self._plain(conditions)
        if plain is None:
            raise LookupError("speeds by load need the size of the served model")
        speeds = plain.speed_at(requests) * self._typical_of_measured(requests, conditions)
        at_measured = np.asarray([self.point.measured_requests])
        there = plain.speed_at(at_measured) * self._typical_of_measured(at_measured, conditions)
        scaled: FloatArray = speeds * (self.point.measured_speed / there)
        return scaled

    def _typical_of_measured(self, requests: FloatArray, conditions: WorkloadConditions) -> FloatArray:
        """What the measurement's decoder gains over nothing at each load, without its uncertainty."""
        ratios = np.ones(requests.shape)
        for gain in self.measured_decoding:
            for index, load in enumerate(requests.tolist()):
                per_gpu = load * self.point.requests_per_gpu / self.point.requests
                there = replace(self.point, requests=load, requests_per_gpu=per_gpu)
                ratios[index] *= float(np.median(gain.at(GainQuestion(point=there, conditions=conditions)).values))
        return ratios

    def measured_speedup(self, workload: Workload) -> float:
        """What the measurement's decoder alone gains over nothing for a workload; 1 where that cannot be computed."""
        conditions = WorkloadConditions.of(workload)
        ratio = 1.0
        for gain in self.measured_decoding:
            ratio *= float(np.mean(gain.at(GainQuestion(point=self.point, conditions=conditions)).values))
        return ratio

    def fastest(self, conditions: WorkloadConditions) -> FloatArray | None:
        """Tokens per second of a lone request with the decoder, shape `[draws]`; None where nothing is computed."""
        plain = self._plain(conditions)
        if plain is None:
            return None
        alone = replace(self, point=replace(self.point, requests=plain.lowest_load, requests_per_gpu=0.0))
        speed = plain.speed_at(np.asarray(plain.lowest_load))
        gained: FloatArray = speed * alone.at("equal_concurrency", conditions).values
        for gain in self.measured:
            gained = gained * gain.at(GainQuestion(point=alone.point, conditions=conditions)).values
        return gained

    def _plain(self, conditions: WorkloadConditions) -> ModelCurve | None:
        """The fleet's speed without speculation: the stated one, freed from what the measurement's decoder gave it."""
        if self.target is None:
            return None
        measured_at = np.asarray(self.point.measured_requests)
        there = replace(self.point, requests=self.point.measured_requests)
        speed = self.point.measured_speed
        for gain in self.measured:
            # The curve is a scale for all paths; what is uncertain about it is in the gains that are read against it.
            speed /= float(np.median(gain.at(GainQuestion(point=there, conditions=conditions)).values))
        step = step_time(
            measured_at,
            measured_at,
            context_tokens=conditions.context_tokens,
            target=self.target,
            parameters=self.parameters,
        )
        return ModelCurve(
            target=self.target,
            parameters=self.parameters,
            context_tokens=conditions.context_tokens,
            unloaded_speed=speed * float(step),
            highest_load=max(_MOST_REQUESTS, self.point.measured_requests, self.point.requests),
        )
