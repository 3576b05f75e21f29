"""A fleet's speculative decoder, on the wire."""

import math
from typing import Annotated

import msgspec

from forecasts.errors import Findings
from forecasts.speculation.decoder import HEADLINE, MEASURED, NONE, Basis, Decoder
from forecasts.speculation.gains.chain import is_constant
from forecasts.speculation.model.acceptance import (
    MAX_DEPTH,
    Acceptance,
    acceptance_from_curve,
    acceptance_from_length,
    acceptance_from_rate,
)
from forecasts.speculation.presets import find_preset, preset_names, unknown_preset
from service.schemas import meaning
from service.schemas.wire import Label, PertIn, Wire

MAX_DRAFT_PARAMS_B = 10_000.0


class AcceptanceIn(Wire, kw_only=True, frozen=True):
    """What is known of a decoder's acceptance: exactly one of three figures that engines report.

    `rate` is the share of all draft tokens that the target kept. `length` is tokens per step, with the step's own bonus
    token unless `length_includes_bonus` is false. `by_position` has the share of steps that kept draft token 1, 2, ...
    """

    rate: float | None = None
    length: float | None = None
    length_includes_bonus: bool = True
    by_position: Annotated[list[float], msgspec.Meta(min_length=1, max_length=MAX_DEPTH)] | None = None

    def to_acceptance(self, findings: Findings, at: str, *, rho: float, depth: int) -> Acceptance | None:
        """At the preset's decay `rho` and draft length `depth`."""
        if sum(given is not None for given in (self.rate, self.length, self.by_position)) != 1:
            findings.add(at, "must give exactly one of rate, length and by_position")
            return None
        if self.rate is not None:
            return acceptance_from_rate(meaning.fraction(findings, f"{at}/rate", self.rate), rho, depth)
        if self.length is not None:
            bonus = int(self.length_includes_bonus)
            if not (math.isfinite(self.length) and bonus <= self.length <= depth + bonus):
                findings.add(
                    f"{at}/length",
                    f"must be {bonus} to {depth + bonus} at {depth} draft tokens, not {self.length:g}",
                )
                return None
            return acceptance_from_length(self.length, rho, depth, includes_bonus=self.length_includes_bonus)
        return self._from_curve(findings, f"{at}/by_position")

    def _from_curve(self, findings: Findings, at: str) -> Acceptance | None:
        before = len(findings.problems)
        kept = [meaning.fraction(findings, f"{at}/{index}", one) for index, one in enumerate(self.by_position or ())]
        for index in range(1, len(kept)):
            if kept[index] > kept[index - 1]:
                findings.add(
                    f"{at}/{index}",
                    f"must be at most the position before it ({kept[index - 1]:g}), not {kept[index]:g}",
                )
        return None if len(findings.problems) > before else acceptance_from_curve(kept)


class DecoderIn(Wire, kw_only=True, frozen=True):
    preset: Label = NONE
    speedup: PertIn | float | None = None
    speedup_over: Label = NONE
    basis: Basis | None = None
    num_speculative_tokens: int | None = None
    draft_params_b: float | None = None
    acceptance: AcceptanceIn | None = None
    from_: str | None = msgspec.field(name="from", default=None)

    def to_decoder(self, findings: Findings, at: str) -> Decoder:
        first = None if self.from_ is None else meaning.first_of_month(findings, f"{at}/from", self.from_)
        if self.preset not in preset_names():
            findings.add(f"{at}/preset", unknown_preset(self.preset))
            return Decoder(first_month=first)
        self._check_over(findings, f"{at}/speedup_over")
        speedup = None
        if self.preset == HEADLINE:
            if self.speedup is None:
                findings.add(f"{at}/speedup", "is needed by the preset 'headline'")
            else:
                speedup = meaning.pert(findings, f"{at}/speedup", self.speedup, 0.05, 100.0)
        elif self.speedup is not None:
            findings.add(f"{at}/speedup", "belongs to the preset 'headline' alone")
        depth = self._depth(findings, f"{at}/num_speculative_tokens")
        self._check_curve(findings, at)
        return Decoder(
            preset=self.preset,
            speedup=speedup,
            speedup_over=self.speedup_over if self.preset in (HEADLINE, MEASURED) else self._known_over(),
            basis=self.basis,
            num_speculative_tokens=None if self.num_speculative_tokens is None else depth,
            draft_params_b=self.draft_params_b,
            acceptance=None
            if self.acceptance is None
            else self.acceptance.to_acceptance(
                findings, f"{at}/acceptance", rho=find_preset(self.preset).rho or 1.0, depth=depth
            ),
            first_month=first,
        )

    def _known_over(self) -> str:
        return find_preset(self.preset).speedup_over or NONE

    def _check_over(self, findings: Findings, at: str) -> None:
        over = self.speedup_over
        if over not in preset_names() or over in (HEADLINE, MEASURED):
            names = ", ".join(name for name in preset_names() if name not in (HEADLINE, MEASURED))
            findings.add(at, f"must be a decoder that stands by itself, one of {names}, not {over!r}")
        elif over == self.preset and over != NONE:
            findings.add(at, "must be another decoder")
        elif self.preset not in (HEADLINE, MEASURED) and over not in (NONE, self._known_over()):
            findings.add(at, f"{self.preset!r} is known over {self._known_over()!r}; leave this out")

    def _depth(self, findings: Findings, at: str) -> int:
        own = find_preset(self.preset).num_speculative_tokens or 1
        if self.num_speculative_tokens is None:
            return own
        if not 1 <= self.num_speculative_tokens <= MAX_DEPTH:
            findings.add(at, f"must be 1 to {MAX_DEPTH} draft tokens, not {self.num_speculative_tokens}")
            return own
        return self.num_speculative_tokens

    def _check_curve(self, findings: Findings, at: str) -> None:
        """What only a preset with an acceptance of its own can use."""
        has_curve = find_preset(self.preset).first_acceptance is not None
        for name in ("num_speculative_tokens", "acceptance", "draft_params_b"):
            if getattr(self, name) is not None and not has_curve:
                findings.add(f"{at}/{name}", f"has no meaning for the preset {self.preset!r}, which has no acceptance")
        if self.basis is not None and is_constant(self.preset):
            findings.add(f"{at}/basis", f"has no meaning for the preset {self.preset!r}, which has no curve")
        if self.draft_params_b is not None:
            meaning.bounded(
                findings, f"{at}/draft_params_b", self.draft_params_b, 0.0, MAX_DRAFT_PARAMS_B, above_low=True
            )
        elif self.preset == "draft-model":
            findings.add(f"{at}/draft_params_b", "is needed by the preset 'draft-model': the draft's size in billions")
