"""From one decoder to another over what both have in common: a gain over MTP-1 is not a gain over nothing."""

from forecasts.fleet.fleet import Fleet
from forecasts.speculation.decoder import HEADLINE, MEASURED, NONE
from forecasts.speculation.presets import find_preset


def decoders_between(fleet: Fleet) -> tuple[list[str], list[str]]:
    """The presets whose gains are multiplied, and those whose gains are divided out, for a fleet's decoder.

    Of a decoder that the throughput was measured with already nothing is left on either side.
    """
    return without_common_end(
        down_to_none(fleet.decoder.preset, fleet), down_to_none(fleet.throughput.measured_with, fleet)
    )


def down_to_none(preset: str, fleet: Fleet) -> list[str]:
    """The preset, what it is known over, and so on down to no speculation at all, which is left out."""
    chain: list[str] = []
    while preset != NONE:
        chain.append(preset)
        if preset in (HEADLINE, MEASURED):
            preset = fleet.decoder.speedup_over
        else:
            preset = find_preset(preset).speedup_over or NONE
    return chain


def without_common_end(one: list[str], other: list[str]) -> tuple[list[str], list[str]]:
    common = 0
    while common < min(len(one), len(other)) and one[-1 - common] == other[-1 - common]:
        common += 1
    return one[: len(one) - common], other[: len(other) - common]


def needs_step_time(fleet: Fleet) -> bool:
    """Whether any gain in between is computed from the served model's size and from the load."""
    return any(is_modelled(preset) for presets in decoders_between(fleet) for preset in presets)


def is_modelled(preset: str) -> bool:
    return find_preset(preset).first_acceptance is not None


def is_constant(preset: str) -> bool:
    """Whether a preset says the same at any load on any basis: it has neither acceptance nor a measured curve."""
    known = find_preset(preset)
    return known.first_acceptance is None and known.frontier_model is None


def counts_whole_requests(fleet: Fleet) -> bool:
    """Whether prefill dilutes the gain: not that of a constant, which is taken to be of whole requests already."""
    return fleet.throughput.combined and not all(
        is_constant(preset) for presets in decoders_between(fleet) for preset in presets
    )
