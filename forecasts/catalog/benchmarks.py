"""The packaged serving benchmarks: measured throughput of a model on an accelerator at a concurrency and lengths."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from forecasts.catalog.tables import optional_integer, optional_number, read_table

AGGREGATED, DISAGGREGATED = "aggregated", "disaggregated"


@dataclass(frozen=True, kw_only=True)
class Benchmark:
    """One measured point. Rates are tokens per second over all GPUs of the run, prefill GPUs included.

    The runs send random tokens of fixed lengths, so nothing is read from a prefix cache. `serving` is `aggregated`
    or, where prefill and decode have GPUs of their own, `disaggregated`. `quoted_usd_per_mtok` is what the source
    itself makes of it, per million tokens of input and output together.
    """

    model: str
    accelerator: str
    accelerator_basis: str
    engine: str
    serving: str
    precision: str
    spec_decode: str
    input_tokens: int
    output_tokens: int
    gpus: int
    prefill_gpus: int | None
    decode_gpus: int | None
    concurrency: float
    total_tokens_per_second_per_gpu: float
    output_tokens_per_second_per_gpu: float
    output_basis: str
    tokens_per_second_per_user: float | None
    measured_on: date
    date_basis: str
    quoted_usd_per_gpu_hour: float | None
    quoted_usd_per_mtok: float | None
    grade: str
    source: str
    note: str


@cache
def load_benchmarks() -> tuple[Benchmark, ...]:
    """All usable points; the others stand in `fleet_benchmarks_remainder.csv`, each with the reason."""
    return tuple(
        Benchmark(
            model=row["model"],
            accelerator=row["accelerator"],
            accelerator_basis=row["accelerator_basis"],
            engine=row["engine"],
            serving=row["serving"],
            precision=row["precision"],
            spec_decode=row["spec_decode"],
            input_tokens=int(row["input_tokens"]),
            output_tokens=int(row["output_tokens"]),
            gpus=int(row["gpus"]),
            prefill_gpus=optional_integer(row["prefill_gpus"]),
            decode_gpus=optional_integer(row["decode_gpus"]),
            concurrency=float(row["concurrency"]),
            total_tokens_per_second_per_gpu=float(row["total_tokens_per_second_per_gpu"]),
            output_tokens_per_second_per_gpu=float(row["output_tokens_per_second_per_gpu"]),
            output_basis=row["output_basis"],
            tokens_per_second_per_user=optional_number(row["tokens_per_second_per_user"]),
            measured_on=date.fromisoformat(row["measured_on"]),
            date_basis=row["date_basis"],
            quoted_usd_per_gpu_hour=optional_number(row["quoted_usd_per_gpu_hour"]),
            quoted_usd_per_mtok=optional_number(row["quoted_usd_per_mtok"]),
            grade=row["grade"],
            source=row["source"],
            note=row["note"],
        )
        for row in read_table("fleet_benchmarks.csv")
    )
