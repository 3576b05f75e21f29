"""What one node of a fleet sustains, on the wire."""

from datetime import date

from forecasts.catalog.accelerators import load_accelerators
from forecasts.errors import Findings
from forecasts.fleet.fleet import Throughput
from forecasts.speculation.decoder import HEADLINE, MEASURED, NONE
from forecasts.speculation.presets import preset_names, unknown_preset
from service.schemas import meaning
from service.schemas.fleet.benchmark import BenchmarkIn
from service.schemas.wire import Label, Wire

# A rate below a token in twenty minutes is a typing error, and dividing by far smaller ones overflows.
MIN_TOKENS_PER_SECOND, MAX_TOKENS_PER_SECOND = 1e-3, 1e9
MAX_ENGINES_PER_NODE = 1024


def _accelerators() -> set[str]:
    return {accelerator.name for accelerator in load_accelerators()}


class ThroughputIn(Wire, kw_only=True, frozen=True):
    output_tokens_per_second: float | None = None
    benchmark: BenchmarkIn | None = None
    input_tokens_per_second: float | None = None
    input_includes_cached: bool = False
    combined: bool = False
    concurrency_per_node: float | None = None
    engines_per_node: int = 1
    measured_with: Label = NONE

    def to_throughput(
        self,
        findings: Findings,
        at: str,
        *,
        serves: str,
        accelerator: str,
        gpus_per_node: int,
        as_of: date | None = None,
    ) -> Throughput:
        if self.benchmark is not None:
            return self._to_benchmarked(
                self.benchmark,
                findings,
                at,
                serves=serves,
                accelerator=accelerator,
                gpus_per_node=gpus_per_node,
                as_of=as_of,
            )
        if self.output_tokens_per_second is None:
            findings.add(f"{at}/output_tokens_per_second", "is needed where no benchmark is named")
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
            output_tokens_per_second=self.output_tokens_per_second or 1.0,
            input_tokens_per_second=self.input_tokens_per_second,
            input_includes_cached=self.input_includes_cached,
            combined=self.combined,
            concurrency_per_node=self.concurrency_per_node,
            engines_per_node=self.engines_per_node,
            measured_with=self.measured_with,
        )

    def _to_benchmarked(
        self,
        benchmark: BenchmarkIn,
        findings: Findings,
        at: str,
        *,
        serves: str,
        accelerator: str,
        gpus_per_node: int,
        as_of: date | None,
    ) -> Throughput:
        """The series says all of it but the concurrency."""
        before = len(findings.problems)
        left_out = ThroughputIn()
        for name in self.__struct_fields__:
            if name not in {"benchmark", "concurrency_per_node"} and getattr(self, name) != getattr(left_out, name):
                findings.add(f"{at}/{name}", "belongs to a throughput of one's own: leave it out beside a benchmark")
        concurrency = self.concurrency_per_node
        if concurrency is not None:
            low, high = MIN_TOKENS_PER_SECOND, MAX_TOKENS_PER_SECOND
            concurrency = meaning.bounded(findings, f"{at}/concurrency_per_node", concurrency, low, high)
        found = None
        # What is wrong with the fields that the look-up needs is told of them alone.
        if len(findings.problems) == before and accelerator in _accelerators() and gpus_per_node > 0:
            found = benchmark.to_throughput(
                findings,
                f"{at}/benchmark",
                serves=serves,
                accelerator=accelerator,
                gpus_per_node=gpus_per_node,
                concurrency_per_node=concurrency,
                as_of=as_of,
            )
        return found or Throughput(output_tokens_per_second=1.0, concurrency_per_node=1.0)
