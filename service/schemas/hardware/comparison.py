"""The comparison of hardware on the wire: what each accelerator costs, what that rests on, and when the order turns."""

from datetime import date

import msgspec

from forecasts.catalog.benchmarks import Benchmark
from forecasts.hardware.comparison import HardwareComparison, HardwareOption
from forecasts.hardware.rates import ChosenRate
from forecasts.hardware.sizing import ServedLoad
from forecasts.timeline import Timeline
from service.schemas.hardware.ranking import PairOut, RankingOut, figure, pair_out, ranking_out, unit_cost

CURRENCY = "USD"  # the packaged rates per GPU-hour are in no other


class LengthsOut(msgspec.Struct, kw_only=True, frozen=True):
    input_tokens: float
    output_tokens: float


class ComparedWorkloadOut(msgspec.Struct, kw_only=True, frozen=True):
    """The workload as it was compared. Input is without what is read from a cache; volumes are means over the draws."""

    name: str
    first_month: str
    months: int
    requests_per_month: list[float]
    output_tokens: float
    peak_output_tokens_per_second: float
    input_tokens_per_request: float
    output_tokens_per_request: float
    min_tokens_per_second_per_user: float | None
    target_utilization_fraction: float
    burst_factor: float


class RateOut(msgspec.Struct, kw_only=True, frozen=True):
    """One row of the packaged rates; `low` to `high` are those it was chosen from, `providers` of them."""

    usd_per_gpu_hour: str
    provider: str
    tier: str
    stands_in: bool
    date: date | None
    age_days: int | None
    quality: str
    source: str
    low: str
    high: str
    providers: int


class BenchmarkRowOut(msgspec.Struct, kw_only=True, frozen=True):
    concurrency: float
    output_tokens_per_second_per_gpu: float
    total_tokens_per_second_per_gpu: float
    tokens_per_second_per_user: float | None
    measured_on: date
    grade: str
    source: str


class BenchmarkOut(msgspec.Struct, kw_only=True, frozen=True):
    """The deployment, the point at which it runs, and the measured rows that the point rests on.

    `basis` is `measured` or `interpolated`. `input_share` is of all tokens at the measured lengths.
    """

    model: str
    engine: str
    serving: str
    precision: str
    spec_decode: str
    gpus: int
    lengths: LengthsOut
    basis: str
    concurrency: float
    output_tokens_per_second_per_gpu: float
    total_tokens_per_second_per_gpu: float
    tokens_per_second_per_user: float | None
    input_share: float
    rows: list[BenchmarkRowOut]


class HardwareOut(msgspec.Struct, kw_only=True, frozen=True):
    """Costs per million are of output tokens, but for `usd_per_mtok_of_all_tokens`, at the measured lengths."""

    accelerator: str
    nodes: int
    gpus_per_node: int
    gpus: int
    utilization_fraction: float
    output_tokens_per_second_per_node: float
    bound_by: str
    usd: str
    usd_per_mtok_served: str
    usd_per_mtok_full_load: str
    usd_per_mtok_of_all_tokens: str
    rate: RateOut
    benchmark: BenchmarkOut
    notes: list[str]


class WithoutEvidenceOut(msgspec.Struct, kw_only=True, frozen=True):
    accelerator: str
    reason: str


class ComparisonOut(msgspec.Struct, kw_only=True, frozen=True):
    """`options` begin with the cheapest served token. Rankings and pairs move the rates alone."""

    as_of: date
    currency: str
    workload: ComparedWorkloadOut
    model: str
    tier: str
    provider: str | None
    measured_at: LengthsOut | None
    options: list[HardwareOut]
    without_evidence: list[WithoutEvidenceOut]
    rankings: list[RankingOut]
    pairs: list[PairOut]
    notes: list[str]


def comparison_out(
    found: HardwareComparison, load: ServedLoad, *, workload: str, timeline: Timeline, notes: list[str]
) -> ComparisonOut:
    terms = found.terms
    return ComparisonOut(
        as_of=terms.as_of,
        currency=CURRENCY,
        workload=ComparedWorkloadOut(
            name=workload,
            first_month=str(timeline.first),
            months=timeline.months,
            requests_per_month=[round(requests, 3) for requests in load.requests.tolist()],
            output_tokens=round(load.output_tokens),
            peak_output_tokens_per_second=round(load.peak_output_tokens_per_second, 3),
            input_tokens_per_request=load.input_tokens_per_request,
            output_tokens_per_request=load.output_tokens_per_request,
            min_tokens_per_second_per_user=load.min_tokens_per_second_per_user,
            target_utilization_fraction=load.target_utilization_fraction,
            burst_factor=load.burst_factor,
        ),
        model=terms.choice.model,
        tier=terms.tier,
        provider=terms.provider,
        measured_at=None
        if found.lengths is None
        else LengthsOut(input_tokens=found.lengths[0], output_tokens=found.lengths[1]),
        options=[_hardware_out(option) for option in found.options],
        without_evidence=[
            WithoutEvidenceOut(accelerator=one.accelerator, reason=one.reason) for one in found.without_evidence
        ],
        rankings=[ranking_out(ranking) for ranking in found.rankings],
        pairs=[pair_out(pair) for pair in found.pairs],
        notes=notes,
    )


def _hardware_out(option: HardwareOption) -> HardwareOut:
    sized, rate = option.deployment, option.usd_per_gpu_hour
    return HardwareOut(
        accelerator=option.accelerator,
        nodes=sized.nodes,
        gpus_per_node=sized.gpus_per_node,
        gpus=sized.gpus,
        utilization_fraction=round(sized.utilization_fraction, 6),
        output_tokens_per_second_per_node=figure(sized.output_tokens_per_second_per_gpu * sized.gpus_per_node),
        bound_by=sized.bound_by,
        usd=f"{option.usd:.2f}",
        usd_per_mtok_served=unit_cost(option.usd_per_mtok_served),
        usd_per_mtok_full_load=unit_cost(option.usd_per_mtok_full_load),
        usd_per_mtok_of_all_tokens=unit_cost(sized.usd_per_mtok_of_all_tokens(rate)),
        rate=_rate_out(option.rate),
        benchmark=_benchmark_out(option),
        notes=list(option.notes),
    )


def _rate_out(rate: ChosenRate) -> RateOut:
    return RateOut(
        usd_per_gpu_hour=str(rate.usd_per_gpu_hour),
        provider=rate.row.provider,
        tier=rate.row.tier,
        stands_in=rate.stands_in,
        date=rate.row.effective_from,
        age_days=rate.age_days,
        quality=rate.row.quality,
        source=rate.row.source,
        low=str(rate.low),
        high=str(rate.high),
        providers=len(rate.considered),
    )


def _benchmark_out(option: HardwareOption) -> BenchmarkOut:
    series, point = option.deployment.series, option.deployment.point
    speed = point.tokens_per_second_per_user
    return BenchmarkOut(
        model=series.model,
        engine=series.engine,
        serving=series.serving,
        precision=series.precision,
        spec_decode=series.spec_decode,
        gpus=series.gpus,
        lengths=LengthsOut(input_tokens=series.input_tokens, output_tokens=series.output_tokens),
        basis=point.basis,
        concurrency=figure(point.concurrency),
        output_tokens_per_second_per_gpu=figure(point.output_tokens_per_second_per_gpu),
        total_tokens_per_second_per_gpu=figure(point.total_tokens_per_second_per_gpu),
        tokens_per_second_per_user=None if speed is None else figure(speed),
        input_share=round(point.input_share, 6),
        rows=[_row_out(row) for row in point.rows],
    )


def _row_out(row: Benchmark) -> BenchmarkRowOut:
    return BenchmarkRowOut(
        concurrency=row.concurrency,
        output_tokens_per_second_per_gpu=row.output_tokens_per_second_per_gpu,
        total_tokens_per_second_per_gpu=row.total_tokens_per_second_per_gpu,
        tokens_per_second_per_user=row.tokens_per_second_per_user,
        measured_on=row.measured_on,
        grade=row.grade,
        source=row.source,
    )
