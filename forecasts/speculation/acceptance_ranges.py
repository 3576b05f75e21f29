"""First-position acceptance of a preset as a range: by task where it has been measured, otherwise the preset's own."""

from forecasts.draws import Pert
from forecasts.speculation.gains.conditions import WorkloadConditions
from forecasts.speculation.presets import find_preset


def acceptance_range(preset: str, conditions: WorkloadConditions) -> Pert:
    """Raises LookupError for a preset without acceptance."""
    own = find_preset(preset).first_acceptance
    if own is None:
        raise LookupError(f"{preset} has no acceptance of its own")
    if conditions.hard_to_draft:
        return Pert(low=own.low, mode=own.low, high=own.mode)
    return Pert(low=own.low, mode=own.mode, high=own.high)
