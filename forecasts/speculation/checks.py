"""What a fleet's decoder needs to be computed: a model it exists for, a size, a load, a speed it can reach."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.draws import Draws
from forecasts.errors import Findings
from forecasts.fleet.fleet import Fleet
from forecasts.speculation.decoder import HEADLINE, MEASURED, NONE
from forecasts.speculation.gains.building import gain_over_measured
from forecasts.speculation.gains.chain import decoders_between, needs_step_time
from forecasts.speculation.gains.conditions import WorkloadConditions
from forecasts.speculation.gains.served import served_target
from forecasts.speculation.measurement import Measurement, points_on
from forecasts.speculation.presets import find_preset, preset_applies_to
from forecasts.workload import Workload

# So many paths show the fastest that a decoder gets to; a target beyond all of them is out of reach.
_PATHS = 256


@dataclass(frozen=True, kw_only=True)
class PointedWorkload:
    """A workload of the fleet, and where in the document it stands."""

    workload: Workload
    pointer: str


def check_decoder(
    fleet: Fleet,
    workloads: Sequence[PointedWorkload],
    measurements: Sequence[Measurement],
    seed: int,
    findings: Findings,
    at: str,
) -> None:
    """Records what is missing or impossible about a fleet's decoder, by pointers below `at`, the fleet's own."""
    before = len(findings.problems)
    decoder, rates = fleet.decoder, fleet.throughput
    for preset, pointer in ((rates.measured_with, "throughput/measured_with"), (decoder.preset, "decoder/preset")):
        problem = preset_applies_to(preset, fleet.serves)
        if problem is not None:
            findings.add(f"{at}/{pointer}", problem)
    if decoder.preset in (NONE, rates.measured_with):
        return
    if decoder.preset == MEASURED:
        _check_points(fleet, measurements, findings, at)
    _check_size_and_load(fleet, findings, at)
    wanted = [one for one in workloads if one.workload.min_tokens_per_second_per_user]
    if decoder.basis == "matched_speed" and not wanted:
        findings.add(
            f"{at}/decoder/basis",
            "'matched_speed' needs a workload on this fleet that states min_tokens_per_second_per_user",
        )
    if len(findings.problems) == before and wanted and decoder.basis in (None, "matched_speed"):
        _check_reachable(fleet, wanted, measurements, seed, findings)


def _check_points(fleet: Fleet, measurements: Sequence[Measurement], findings: Findings, at: str) -> None:
    points = [point for point in points_on(measurements, fleet.name) if point.speedup is not None]
    if not points:
        findings.add(f"{at}/decoder/preset", "'measured' needs a measurement of this fleet that states its speedup")
    for over in sorted({point.speedup_over for point in points} - {fleet.decoder.speedup_over}):
        findings.add(
            f"{at}/decoder/speedup_over", f"must be what every point of this fleet was measured over, such as {over!r}"
        )


def _check_size_and_load(fleet: Fleet, findings: Findings, at: str) -> None:
    """Gains that depend on the load need one; those computed from the model need its size."""
    between = [preset for presets in decoders_between(fleet) for preset in presets]
    modelled = needs_step_time(fleet)
    needs_load = modelled or any(preset == MEASURED or find_preset(preset).frontier_model for preset in between)
    missing = []
    if modelled and served_target(fleet) is None:
        missing.append(("serves", f"the size of {fleet.serves!r} is not known: state it in model_size"))
    if needs_load and fleet.throughput.concurrency_per_node is None:
        missing.append(("throughput/concurrency_per_node", "the load decides the gain: state how many requests run"))
    if missing and fleet.decoder.preset == HEADLINE:
        findings.add(
            f"{at}/decoder/speedup_over",
            f"a gain over {fleet.decoder.speedup_over!r} does not apply as it stands to a throughput measured with "
            f"{fleet.throughput.measured_with!r}; to convert it, " + "; ".join(detail for _, detail in missing),
        )
    else:
        for pointer, detail in missing:
            findings.add(f"{at}/{pointer}", detail)


def _check_reachable(
    fleet: Fleet,
    wanted: Sequence[PointedWorkload],
    measurements: Sequence[Measurement],
    seed: int,
    findings: Findings,
) -> None:
    """A speed that not even a lone request gets with the decoder is a target without a configuration."""
    if not needs_step_time(fleet):
        return
    gain = gain_over_measured(fleet, [], Draws(seed=seed, count=_PATHS), measurements)
    for one in wanted:
        most = gain.fastest(WorkloadConditions.of(one.workload))
        speed = one.workload.min_tokens_per_second_per_user or 0.0
        if most is not None and speed > np.max(most):
            findings.add(
                f"{one.pointer}/min_tokens_per_second_per_user",
                f"no configuration of {fleet.name} reaches {speed:g}: a lone request gets "
                f"{np.median(most):.4g}, at the most {np.max(most):.4g} tokens per second",
            )
