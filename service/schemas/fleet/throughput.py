"""What one node of a fleet sustains, on the wire."""

from forecasts.errors import Findings
from forecasts.fleet.fleet import Throughput
from forecasts.speculation.decoder import HEADLINE, MEASURED, NONE
from forecasts.speculation.presets import preset_names, unknown_preset
from service.schemas import meaning
from service.schemas.wire import Label, Wire

# A rate below a token in twenty minutes is a typing error, and dividing by far smaller ones overflows.
MIN_TOKENS_PER_SECOND, MAX_TOKENS_PER_SECOND = 1e-3, 1e9
MAX_ENGINES_PER_NODE = 1024


class ThroughputIn(Wire, kw_only=True, frozen=True):
    output_tokens_per_second: float
    input_tokens_per_second: float | None = None
    input_includes_cached: bool = False
    combined: bool = False
    concurrency_per_node: float | None = None
    engines_per_node: int = 1
    measured_with: Label = NONE

    def to_throughput(self, findings: Findings, at: str) -> Throughput:
        for name in ("output_tokens_per_second", "input_tokens_per_second", "concurrency_per_node"):
            value = getattr(self, name)
            if value is not None:
                meaning.bounded(findings, f"{at}/{name}", value, MIN_TOKENS_PER_SECOND, MAX_TOKENS_PER_SECOND)
        if self.combined and self.input_tokens_per_second is not None:
            findings.add(f"{at}/input_tokens_per_second", "must be null where the output rate is combined")
        meaning.bounded(findings, f"{at}/engines_per_node", self.engines_per_node, 1, MAX_ENGINES_PER_NODE)
        if self.measured_with not in preset_names() or self.measured_with in (HEADLINE, MEASURED):
            findings.add(f"{at}/measured_with", unknown_preset(self.measured_with))
        return Throughput(
            output_tokens_per_second=self.output_tokens_per_second,
            input_tokens_per_second=self.input_tokens_per_second,
            input_includes_cached=self.input_includes_cached,
            combined=self.combined,
            concurrency_per_node=self.concurrency_per_node,
            engines_per_node=self.engines_per_node,
            measured_with=self.measured_with,
        )
