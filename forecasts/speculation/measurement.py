"""A measured point of speculative decoding on a fleet: the best that can be known about its decoder."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from forecasts.catalog.decoders import load_decoders
from forecasts.errors import Findings
from forecasts.fleet.fleet import Fleet
from forecasts.speculation.decoder import NONE
from forecasts.speculation.presets import preset_applies_to


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One point of `method`, a preset, on a fleet's node with `concurrency` requests running at once.

    Exactly one of two figures is given. `acceptance_length` is tokens per step of the target, with the step's own
    bonus token unless `acceptance_length_includes_bonus` is false. `speedup` is output tokens per second with the
    method over those with `speedup_over`, at the same concurrency. Of an adaptive method `num_speculative_tokens` is
    the most it drafts.
    """

    fleet: str
    method: str
    concurrency: float
    input_tokens: float
    output_tokens: float
    num_speculative_tokens: int
    acceptance_length: float | None = None
    acceptance_length_includes_bonus: bool = True
    speedup: float | None = None
    speedup_over: str = NONE
    measured_on: date | None = None
    source: str = ""
    note: str = ""

    @property
    def context_tokens(self) -> float:
        """Mean context of a request while it is answered: its input and half of its output."""
        return self.input_tokens + self.output_tokens / 2.0

    @property
    def says(self) -> "Measurement":
        """What makes two points the same: all but where it is from and what was noted."""
        return replace(self, source="", note="")


def measurable_methods() -> tuple[str, ...]:
    """The presets of which a point can be measured: those that draft."""
    return tuple(preset.preset for preset in load_decoders() if preset.drafting not in (None, NONE))


def points_on(measurements: Iterable[Measurement], fleet: str, method: str | None = None) -> tuple[Measurement, ...]:
    """The points of a fleet, of one method or (None) of all, in the order given."""
    return tuple(one for one in measurements if one.fleet == fleet and method in (None, one.method))


def check_measurements(
    measurements: Sequence[Measurement], fleets: Iterable[Fleet], findings: Findings, at: str
) -> None:
    """Records points on no fleet of the plan, of a method that its model cannot have, and points that say the same."""
    serves = {fleet.name: fleet.serves for fleet in fleets}
    first_of: dict[Measurement, int] = {}
    for index, point in enumerate(measurements):
        if point.fleet not in serves:
            known = ", ".join(sorted(serves)) or "none"
            findings.add(f"{at}/{index}/fleet", f"{point.fleet!r} is no fleet of the plan; known are {known}")
        elif point.method in measurable_methods():
            problem = preset_applies_to(point.method, serves[point.fleet])
            if problem is not None:
                findings.add(f"{at}/{index}/method", problem)
        first = first_of.setdefault(point.says, index)
        if first != index:
            findings.add(f"{at}/{index}", f"says what measurement {first} says already: give each point once")
