"""A fleet's throughput from a benchmark series that its plan names, with the rows it rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from forecasts.catalog.benchmarks import AGGREGATED, Benchmark, load_benchmarks
from forecasts.errors import Findings
from forecasts.fleet.fleet import Throughput
from forecasts.hardware.series import BenchmarkSeries, OperatingPoint, series_of

# The benchmarks say `mtp` without the number of drafted tokens.
DECODER_OF = {"none": "none", "mtp": "mtp-1", "not stated": "none"}


@dataclass(frozen=True, kw_only=True)
class BenchmarkChoice:
    """Which series: None is any, for the lengths too. The names are those of the packaged table."""

    model: str
    engine: str | None = None
    precision: str | None = None
    spec_decode: str | None = "none"
    input_tokens: int | None = None
    output_tokens: int | None = None
    serving: str | None = AGGREGATED

    def admits(self, row: Benchmark | BenchmarkSeries) -> bool:
        return all(asked is None or asked == getattr(row, name) for name, asked in self.given())

    def given(self) -> list[tuple[str, str | int | None]]:
        """The fields in the order in which they narrow the table down."""
        names = ("model", "input_tokens", "output_tokens", "precision", "spec_decode", "serving", "engine")
        return [(name, getattr(self, name)) for name in names]


@dataclass(frozen=True, kw_only=True)
class ResolvedThroughput:
    throughput: Throughput
    series: BenchmarkSeries
    point: OperatingPoint


def resolve_benchmark(
    choice: BenchmarkChoice,
    *,
    accelerator: str,
    gpus_per_node: int,
    findings: Findings,
    at: str,
    concurrency_per_node: float | None = None,
    as_of: date | None = None,
) -> ResolvedThroughput | None:
    """The sustained rate of a node of this accelerator at its concurrency, by the packaged benchmarks.

    The rate is combined: the runs spend their time on whole requests, prefill included. Rates per GPU are those of a
    deployment that fills the node, or fills it several times over; without a concurrency, at the most throughput.
    Where nothing fits, None, and the first field below `at` that leaves nothing is recorded with what there would be.
    """
    rows = [row for row in load_benchmarks() if row.accelerator == accelerator]
    if not rows:
        findings.add(at, f"nothing is measured on {accelerator!r}; give output_tokens_per_second instead")
        return None
    for name, asked in choice.given():
        left = [row for row in rows if asked is None or getattr(row, name) == asked]
        if not left:
            there_is = ", ".join(str(value) for value in sorted({getattr(row, name) for row in rows}))
            narrowed = "" if name == "model" else " with the fields before it"
            findings.add(f"{at}/{name}", f"{asked!r} is not measured on {accelerator}{narrowed}; there is {there_is}")
            return None
        rows = left
    series = _best_fit(series_of(rows, as_of=as_of), gpus_per_node, concurrency_per_node)
    if series is None:
        first = min(row.measured_on for row in rows)
        findings.add(at, f"was first measured on {first}, which a forecast as of {as_of} does not know")
        return None
    per_node = gpus_per_node / series.gpus
    point = series.points[-1].concurrency if concurrency_per_node is None else concurrency_per_node / per_node
    found = series.at_concurrency(point)
    return ResolvedThroughput(
        throughput=Throughput(
            output_tokens_per_second=found.output_tokens_per_second_per_gpu * gpus_per_node,
            combined=True,
            concurrency_per_node=found.concurrency * per_node,
            engines_per_node=max(1, gpus_per_node // series.gpus),
            measured_with=DECODER_OF[series.spec_decode],
            evidence=_evidence(series, found, gpus_per_node),
        ),
        series=series,
        point=found,
    )


def lengths_measured(rows: Iterable[Benchmark]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted({(row.input_tokens, row.output_tokens) for row in rows}))


def describe(series: BenchmarkSeries) -> str:
    """One line that tells a series from every other."""
    first, last = series.measured_on
    when = f"{last}" if first == last else f"{first} to {last}"
    spec = "" if series.spec_decode == "none" else f", speculation {series.spec_decode}"
    split = "" if series.prefill_gpus is None else f" ({series.prefill_gpus} prefill + {series.decode_gpus} decode)"
    return (
        f"{series.model} on {series.gpus} x {series.accelerator}{split}, {series.engine}, {series.precision}{spec}, "
        f"{series.input_tokens} tokens in and {series.output_tokens} out, {when}"
    )


def _best_fit(
    series: Iterable[BenchmarkSeries], gpus_per_node: int, concurrency_per_node: float | None
) -> BenchmarkSeries | None:
    """A deployment that fills the node before one that divides it, one that measured the load, then the latest."""

    def rank(one: BenchmarkSeries) -> tuple[bool, bool, int, date, float]:
        asked = one.points[-1].concurrency if concurrency_per_node is None else concurrency_per_node
        load = asked if concurrency_per_node is None else asked * one.gpus / gpus_per_node
        divides = gpus_per_node % one.gpus == 0
        inside = one.points[0].concurrency <= load <= one.points[-1].concurrency
        return divides, inside, one.gpus if divides else -one.gpus, one.measured_on[1], _throughput(one)

    return max(series, key=rank, default=None)


def _throughput(series: BenchmarkSeries) -> float:
    return series.points[-1].output_tokens_per_second_per_gpu


def _evidence(series: BenchmarkSeries, point: OperatingPoint, gpus_per_node: int) -> str:
    parts = [
        f"throughput from a benchmark: {describe(series)}; "
        f"{point.output_tokens_per_second_per_gpu:.6g} output tokens a second per GPU "
        f"at {point.concurrency:.4g} concurrent requests on {series.gpus} GPUs"
    ]
    if point.note:
        parts.append(point.note)
    if gpus_per_node % series.gpus:
        parts.append(f"a node of {gpus_per_node} GPUs is no whole number of the {series.gpus} that were measured")
    if series.spec_decode == "not stated":
        parts.append("whether it speculated is not stated")
    if series.spec_decode == "mtp":
        parts.append("how many tokens it drafted is not stated: it is taken as mtp-1")
    parts.append(f"random tokens without a prefix cache; {series.source}")
    return "; ".join(parts)
