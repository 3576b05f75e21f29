"""First-position acceptance of a preset as a range: by task where it has been measured, otherwise the preset's own."""

from forecasts.catalog.acceptance import CREATIVE_OF_ALL_METHODS, find_acceptance, load_acceptance_by_task
from forecasts.catalog.decoders import Range
from forecasts.draws import Pert
from forecasts.speculation.gains.conditions import WorkloadConditions
from forecasts.speculation.presets import find_preset

CREATIVE = "creative"
# One source says how its own prompts were drafted, which need not have been hard ones.
_LEAST_SOURCES = 2


def acceptance_range(preset: str, conditions: WorkloadConditions) -> Pert:
    """Of a preset for a workload. Raises LookupError for a preset without acceptance.

    Work that is hard to draft gets the lower half of what was measured on creative work: with the method itself where
    more than one source did, and otherwise with all methods, so that no method looks good for want of evidence.
    """
    own = find_preset(preset).first_acceptance
    if own is None:
        raise LookupError(f"{preset} has no acceptance of its own")
    if conditions.hard_to_draft:
        hard = _hard_to_draft(preset, own)
        return Pert(low=hard.low, mode=(hard.low + hard.mode) / 2.0, high=hard.mode)
    measured = find_acceptance(preset, conditions.task)
    known = own if measured is None else measured.acceptance
    return Pert(low=known.low, mode=known.mode, high=known.high)


def _hard_to_draft(preset: str, own: Range) -> Range:
    """A lookup keeps its own range, which is as low: what it finds is decided by the prompt."""
    measured = find_acceptance(preset, CREATIVE)
    if measured is None or measured.sources == 0:
        return own
    return measured.acceptance if measured.sources >= _LEAST_SOURCES else _of_all_methods()


def _of_all_methods() -> Range:
    return next(row.acceptance for row in load_acceptance_by_task() if row.basis == CREATIVE_OF_ALL_METHODS)
