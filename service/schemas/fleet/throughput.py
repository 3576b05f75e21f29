"""What one node of a fleet sustains, on the wire."""

from forecasts.errors import Findings
from forecasts.fleet.fleet import Throughput
from forecasts.speculation.decoder import NONE
from service.schemas import meaning
from service.schemas.wire import Label, Wire

# A rate below a token in twenty minutes is a typing error, and dividing by far smaller ones overflows.
MIN_TOKENS_PER_SECOND, MAX_TOKENS_PER_SECOND = 1e-3, 1e9


class ThroughputIn(Wire, kw_only=True, frozen=True):
    output_tokens_per_second: float
    input_tokens_per_second: float | None = None
    input_includes_cached: bool = False
    combined: bool = False
    concurrency_per_node: float | None = None
    measured_with: Label = NONE

    def to_throughput(self, findings: Findings, at: str) -> Throughput:
        for name in ("output_tokens_per_second", "input_tokens_per_second", "concurrency_per_node"):
            value = getattr(self, name)
            if value is not None:
                meaning.bounded(findings, f"{at}/{name}", value, MIN_TOKENS_PER_SECOND, MAX_TOKENS_PER_SECOND)
        if self.combined and self.input_tokens_per_second is not None:
            findings.add(f"{at}/input_tokens_per_second", "must be null where the output rate is combined")
        return Throughput(
            output_tokens_per_second=self.output_tokens_per_second,
            input_tokens_per_second=self.input_tokens_per_second,
            input_includes_cached=self.input_includes_cached,
            combined=self.combined,
            concurrency_per_node=self.concurrency_per_node,
            measured_with=self.measured_with,
        )
