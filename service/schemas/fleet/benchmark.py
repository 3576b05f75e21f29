"""A benchmark series that stands for a fleet's own measurement, on the wire."""

from datetime import date
from typing import Literal

from forecasts.errors import Findings
from forecasts.fleet.fleet import Throughput
from forecasts.hardware.resolve import BenchmarkChoice, ResolvedThroughput, resolve_benchmark
from service.schemas.wire import Label, Wire


class BenchmarkIn(Wire, kw_only=True, frozen=True):
    """Which packaged series: `model` is what the fleet serves unless it is named; null is any of what was measured."""

    model: Label | None = None
    engine: Label | None = None
    precision: Label | None = None
    spec_decode: Label | None = "none"
    input_tokens: int | None = None
    output_tokens: int | None = None
    serving: Literal["aggregated", "disaggregated"] | None = "aggregated"

    def to_throughput(
        self,
        findings: Findings,
        at: str,
        *,
        serves: str,
        accelerator: str,
        gpus_per_node: int,
        concurrency_per_node: float | None,
        as_of: date | None,
    ) -> Throughput | None:
        """The rates of a node by the series, with the rows as its evidence; None where no series fits."""
        found: ResolvedThroughput | None = resolve_benchmark(
            BenchmarkChoice(
                model=self.model or serves.rpartition("/")[2],
                engine=self.engine,
                precision=self.precision,
                spec_decode=self.spec_decode,
                input_tokens=self.input_tokens,
                output_tokens=self.output_tokens,
                serving=self.serving,
            ),
            accelerator=accelerator,
            gpus_per_node=gpus_per_node,
            findings=findings,
            at=at,
            concurrency_per_node=concurrency_per_node,
            as_of=as_of,
        )
        return None if found is None else found.throughput
