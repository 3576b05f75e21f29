"""A fleet's speculative decoder, on the wire."""

from typing import Literal

import msgspec

from forecasts.errors import Findings
from forecasts.speculation.decoder import HEADLINE, NONE, Decoder
from service.schemas import meaning
from service.schemas.wire import Label, PertIn, Wire

COMPUTED_PRESETS = (NONE, HEADLINE)


class DecoderIn(Wire, kw_only=True, frozen=True):
    preset: Label = NONE
    speedup: PertIn | float | None = None
    speedup_over: Label = NONE
    basis: Literal["equal_concurrency", "matched_speed", "matched_throughput"] | None = None
    from_: str | None = msgspec.field(name="from", default=None)

    def to_decoder(self, findings: Findings, at: str, measured_with: str) -> Decoder:
        if self.preset not in COMPUTED_PRESETS:
            findings.add(
                f"{at}/preset",
                f"{self.preset!r} is not computed by this version; it computes {' and '.join(COMPUTED_PRESETS)}",
            )
        speedup = None
        if self.preset == HEADLINE:
            if self.speedup is None:
                findings.add(f"{at}/speedup", "is needed by the preset 'headline'")
            else:
                speedup = meaning.pert(findings, f"{at}/speedup", self.speedup, 0.05, 100.0)
            if self.speedup_over != measured_with:
                findings.add(
                    f"{at}/speedup_over",
                    f"a gain over {self.speedup_over!r} does not apply to a throughput measured with {measured_with!r}",
                )
            if self.basis is not None:
                findings.add(f"{at}/basis", "has no meaning for the preset 'headline', which is a constant")
        elif self.speedup is not None:
            findings.add(f"{at}/speedup", "belongs to the preset 'headline' alone")
        first = None if self.from_ is None else meaning.first_of_month(findings, f"{at}/from", self.from_)
        return Decoder(preset=self.preset, speedup=speedup, speedup_over=self.speedup_over, first_month=first)
