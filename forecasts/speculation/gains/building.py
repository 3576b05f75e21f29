"""Builds what a fleet's decoder gains over the one its throughput was measured with, with every draw it needs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.catalog.decoders import Range
from forecasts.draws import Draws, Pert
from forecasts.fleet.fleet import Fleet
from forecasts.speculation.acceptance_ranges import acceptance_range
from forecasts.speculation.calibration import Calibration, Spreads, acceptance_from_points, calibrate
from forecasts.speculation.decoder import HEADLINE, MEASURED
from forecasts.speculation.frontier import BASELINE, METHOD
from forecasts.speculation.gains.chain import (
    counts_whole_requests,
    decoders_between,
    down_to_none,
    needs_step_time,
    without_common_end,
)
from forecasts.speculation.gains.conditions import ORDINARY, OperatingPoint, WorkloadConditions, operating_point
from forecasts.speculation.gains.constant import ConstantGain
from forecasts.speculation.gains.gain import Gain, GainQuestion
from forecasts.speculation.gains.measured import PointsGain
from forecasts.speculation.gains.modelled import FirstAcceptance, ModelledGain
from forecasts.speculation.gains.over_measured import GainOverMeasured
from forecasts.speculation.gains.paper import PaperGain
from forecasts.speculation.gains.served import served_target
from forecasts.speculation.measurement import Measurement, points_on
from forecasts.speculation.model.acceptance import Acceptance
from forecasts.speculation.model.drafting import Drafting, DraftKind
from forecasts.speculation.model.parameters import UpliftParameters, load_uplift_parameters
from forecasts.speculation.model.speedup import Speculation
from forecasts.speculation.model.spread import ACCEPTANCE_KNOWN, ONE_POINT, load_uplift_spreads
from forecasts.speculation.paper_claims import most_stated_at_matched_speed
from forecasts.speculation.presets import find_preset
from forecasts.timeline import FloatArray
from forecasts.workload import Workload


def gain_over_measured(
    fleet: Fleet, workloads: Sequence[Workload], draws: Draws, measurements: Sequence[Measurement] = ()
) -> GainOverMeasured:
    """The gain that a fleet's decoder brings. `measurements` are those of any fleet; only its own are used.

    Raises LookupError where the served model's size is needed and not known: a plan is checked for that.
    """
    builder = _GainBuilder(
        fleet=fleet,
        draws=draws,
        parameters=load_uplift_parameters(),
        points=points_on(measurements, fleet.name),
    )
    gained, measured = decoders_between(fleet)
    return GainOverMeasured(
        gained=tuple(builder.gain(preset) for preset in gained),
        measured=tuple(builder.gain(preset) for preset in measured),
        point=operating_point(fleet, workloads),
        target=served_target(fleet) if needs_step_time(fleet) or counts_whole_requests(fleet) else None,
        parameters=builder.parameters,
        draws=draws.count,
        whole_requests=counts_whole_requests(fleet),
        measured_decoding=builder.typical_chain(fleet.throughput.measured_with),
        points=tuple(point for preset in (*gained, *measured) for point in builder.points_of(preset)),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _GainBuilder:
    """The gains of one fleet's presets. Draws are keyed by preset, so that fleets that run the same one share them.

    `points` are the fleet's own measured ones.
    """

    fleet: Fleet
    draws: Draws
    parameters: UpliftParameters
    points: tuple[Measurement, ...]

    def gain(self, preset: str) -> Gain:
        """Over the decoder that the preset is known over, with the model's error drawn."""
        calibration = self._calibration(preset)
        if preset == MEASURED:
            return self._interpolated(calibration)
        if preset == HEADLINE:
            return ConstantGain(values=self._constant(preset, self.fleet.decoder.speedup))
        error = self.draws.normal(f"uplift error:{preset}")
        return self._bare(preset, factor=np.exp(calibration.log_scale + calibration.sigma * error))

    def points_of(self, preset: str) -> tuple[Measurement, ...]:
        """The measured points that say something of a preset; of the preset `measured` all that the fleet has."""
        return self.points if preset == MEASURED else points_on(self.points, self.fleet.name, preset)

    def typical_chain(self, preset: str) -> tuple[Gain, ...]:
        """The gains of a preset over nothing, without the model's error; empty where they cannot be computed."""
        if served_target(self.fleet) is None or self.fleet.throughput.concurrency_per_node is None:
            return ()
        return tuple(self._bare(name, np.ones(1)) for name in down_to_none(preset, self.fleet))

    def _bare(self, preset: str, factor: FloatArray) -> Gain:
        known = find_preset(preset)
        if known.frontier_model is not None:
            return PaperGain(
                model=known.frontier_model,
                factor=factor,
                decoded=self._typical(METHOD),
                baseline=self._typical(BASELINE),
                ordinary=ORDINARY,
                most_at_matched_speed=most_stated_at_matched_speed(),
            )
        if known.speedup is not None:
            return ConstantGain(values=self._constant(preset, known.speedup) * factor)
        normals = self.draws.normal(f"acceptance:{preset}")
        acceptance = self._acceptance(preset)

        def first(conditions: WorkloadConditions) -> FloatArray:
            if acceptance is not None:
                return np.broadcast_to(acceptance.first, normals.shape)
            return acceptance_range(preset, conditions).at(normals)

        return self._modelled(preset, acceptance, first, factor)

    def _typical(self, preset: str) -> ModelledGain | None:
        """The preset with its most likely acceptance and no error; None where the model's size is not known."""
        if served_target(self.fleet) is None:
            return None

        def first(conditions: WorkloadConditions) -> FloatArray:
            return np.full(self.draws.count, acceptance_range(preset, conditions).mode)

        return self._modelled(preset, None, first, np.ones(self.draws.count))

    def _modelled(
        self, preset: str, acceptance: Acceptance | None, first: FirstAcceptance, factor: FloatArray
    ) -> ModelledGain:
        target = served_target(self.fleet)
        if target is None:
            raise LookupError(f"the size of {self.fleet.serves} is not known")
        return ModelledGain(
            speculation=self._speculation(preset, acceptance),
            target=target,
            parameters=self.parameters,
            first_acceptance=first,
            factor=factor,
            most_at_matched_speed=most_stated_at_matched_speed(),
        )

    def _speculation(self, preset: str, acceptance: Acceptance | None) -> Speculation:
        """As the preset has it; the fleet's own decoder as the plan declares it."""
        of, own = find_preset(preset), self.fleet.decoder
        depth, kind, draft_params_b = of.num_speculative_tokens or 1, DraftKind(of.drafting or "autoregressive"), None
        if preset == own.preset:
            depth, draft_params_b = own.num_speculative_tokens or depth, own.draft_params_b
        if draft_params_b is not None:
            kind = DraftKind.DRAFT_MODEL
        return Speculation(
            drafting=Drafting(kind=kind, draft_params_b=draft_params_b),
            depth=depth,
            rho=(of.rho or 1.0) if acceptance is None else float(acceptance.rho),
            adaptive=of.adaptive,
        )

    def _acceptance(self, preset: str) -> Acceptance | None:
        """What has been measured on the fleet, or else what the plan declares; None leaves the preset's range."""
        measured = acceptance_from_points(self.points_of(preset), find_preset(preset).rho or 1.0)
        if measured is not None or preset != self.fleet.decoder.preset:
            return measured
        return self.fleet.decoder.acceptance

    def _calibration(self, preset: str) -> Calibration:
        """What the fleet's measured points make of the model's scale, and how far off it may still be."""
        points = self.points_of(preset)
        if preset in (MEASURED, HEADLINE):
            return Calibration(log_scale=np.asarray(0.0), sigma=_spreads(preset).one_point, points=points)
        predicted = [self._predicted(preset, point) for point in points if point.speedup is not None]
        return calibrate(points, np.array(predicted), _spreads(preset))

    def _predicted(self, preset: str, point: Measurement) -> FloatArray:
        """What the model says of a measured point, over the decoder that it was measured over, shape `[draws]`."""
        gained, over = without_common_end(
            down_to_none(preset, self.fleet), down_to_none(point.speedup_over, self.fleet)
        )
        asked = GainQuestion(
            point=OperatingPoint.of_measurement(point, self.fleet), conditions=WorkloadConditions.of_measurement(point)
        )
        ratio = np.ones(self.draws.count)
        for name in gained:
            ratio = ratio * self._bare(name, np.ones(1)).at(asked).values
        for name in over:
            ratio = ratio / self._bare(name, np.ones(1)).at(asked).values
        return ratio

    def _interpolated(self, calibration: Calibration) -> PointsGain:
        points = sorted((point for point in self.points if point.speedup is not None), key=lambda one: one.concurrency)
        error = self.draws.normal(f"uplift error:{MEASURED}")
        return PointsGain(
            requests=np.array([point.concurrency / self.fleet.throughput.engines_per_node for point in points]),
            speedups=np.array([point.speedup for point in points]),
            factor=np.exp(calibration.sigma * error),
        )

    def _constant(self, preset: str, speedup: Pert | Range | None) -> FloatArray:
        if speedup is None:
            raise LookupError(f"{preset} needs a speedup")
        values = Pert(low=speedup.low, mode=speedup.mode, high=speedup.high)
        return values.at(self.draws.normal(f"speedup:{preset}"))


def _spreads(preset: str) -> Spreads:
    """How far off the model may be. A published frontier of the very model is as good as one measured point of it.

    An acceptance that is not measured is drawn from its range, so its scatter must not be in the spread a second time.
    """
    fitted = load_uplift_spreads()
    one_point = fitted[ONE_POINT]
    drawn = (
        one_point if preset in (MEASURED, HEADLINE) or find_preset(preset).frontier_model else fitted[ACCEPTANCE_KNOWN]
    )
    return Spreads(preset=drawn, acceptance_known=drawn, one_point=one_point)
