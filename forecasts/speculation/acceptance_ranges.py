"""First-position acceptance of a preset as a range: by task where it has been measured, otherwise the preset's own."""

from forecasts.catalog.acceptance import find_acceptance
from forecasts.draws import Pert
from forecasts.speculation.gains.conditions import WorkloadConditions
from forecasts.speculation.presets import find_preset

CREATIVE = "creative"


def acceptance_range(preset: str, conditions: WorkloadConditions) -> Pert:
    """Of a preset for a workload. Raises LookupError for a preset without acceptance.

    Work that is hard to draft gets the lower half of what was measured on creative work.
    """
    measured = find_acceptance(preset, CREATIVE if conditions.hard_to_draft else conditions.task)
    known = find_preset(preset).first_acceptance if measured is None else measured.acceptance
    if known is None:
        raise LookupError(f"{preset} has no acceptance of its own")
    if conditions.hard_to_draft:
        return Pert(low=known.low, mode=(known.low + known.mode) / 2.0, high=known.mode)
    return Pert(low=known.low, mode=known.mode, high=known.high)
