"""One workload on every accelerator with evidence: nodes, money per million tokens, and what each rests on."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from forecasts.catalog.benchmarks import Benchmark, load_benchmarks
from forecasts.hardware.ranking import PairComparison, Ranking, compare_pairs, rank_by_day
from forecasts.hardware.rates import ON_DEMAND, ChosenRate, choose_rate
from forecasts.hardware.resolve import BenchmarkChoice, describe, lengths_measured
from forecasts.hardware.series import BenchmarkSeries, series_of
from forecasts.hardware.sizing import GPUS_PER_NODE, ServedLoad, SizedDeployment, size_deployment

COMPARED = (
    "h100-sxm-80gb",
    "h200-sxm-141gb",
    "b200-180gb",
    "b300-288gb",
    "gb200-186gb",
    "gb300-288gb",
    "mi300x-192gb",
    "mi325x-256gb",
    "mi355x-288gb",
)


@dataclass(frozen=True, kw_only=True)
class ComparisonTerms:
    """What is compared, on which day, and at whose rates. `choice` narrows down the benchmarks."""

    choice: BenchmarkChoice
    as_of: date
    tier: str = ON_DEMAND
    provider: str | None = None
    accelerators: tuple[str, ...] = COMPARED


@dataclass(frozen=True, kw_only=True)
class HardwareOption:
    accelerator: str
    deployment: SizedDeployment
    rate: ChosenRate
    notes: tuple[str, ...]

    @property
    def usd_per_gpu_hour(self) -> float:
        return float(self.rate.usd_per_gpu_hour)

    @property
    def usd_per_mtok_served(self) -> float:
        return self.deployment.usd_per_mtok_served(self.usd_per_gpu_hour)

    @property
    def usd_per_mtok_full_load(self) -> float:
        return self.deployment.usd_per_mtok_full_load(self.usd_per_gpu_hour)

    @property
    def usd(self) -> float:
        """Of the whole horizon."""
        return self.usd_per_gpu_hour * self.deployment.gpus * self.deployment.paid_hours


@dataclass(frozen=True, kw_only=True)
class WithoutEvidence:
    accelerator: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class HardwareComparison:
    """`options` begin with the cheapest served token; `rankings` and `pairs` move nothing but the rate."""

    terms: ComparisonTerms
    lengths: tuple[int, int] | None
    options: tuple[HardwareOption, ...]
    without_evidence: tuple[WithoutEvidence, ...]
    rankings: tuple[Ranking, ...] = field(repr=False)
    pairs: tuple[PairComparison, ...] = field(repr=False)


def compare_hardware(load: ServedLoad, terms: ComparisonTerms) -> HardwareComparison:
    """Each accelerator with the measured deployment that serves the load with the fewest GPUs at its required speed.

    Benchmarks measured and rates known by `as_of` count. All are taken at the measured lengths nearest to the load's.
    """
    known = [row for row in load_benchmarks() if row.measured_on <= terms.as_of and terms.choice.admits(row)]
    compared = [row for row in known if row.accelerator in terms.accelerators]
    nearest = nearest_lengths(load, lengths_measured(compared))
    options: list[HardwareOption] = []
    without: list[WithoutEvidence] = []
    for accelerator in terms.accelerators:
        rows = [row for row in compared if row.accelerator == accelerator]
        found = _option(accelerator, rows, load, terms, nearest)
        if isinstance(found, HardwareOption):
            options.append(found)
        else:
            without.append(WithoutEvidence(accelerator=accelerator, reason=found))
    deployments = {option.accelerator: option.deployment for option in options}
    options.sort(key=lambda option: (option.usd_per_mtok_served, option.usd_per_mtok_full_load))
    return HardwareComparison(
        terms=terms,
        lengths=nearest,
        options=tuple(options),
        without_evidence=tuple(without),
        rankings=rank_by_day(deployments, as_of=terms.as_of, tier=terms.tier, provider=terms.provider),
        pairs=compare_pairs(deployments, as_of=terms.as_of),
    )


def measured_models() -> tuple[str, ...]:
    return tuple(sorted({row.model for row in load_benchmarks()}))


def nearest_lengths(load: ServedLoad, measured: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
    """Of measured (input, output) lengths the pair that is nearest in mix and in size; None of none.

    The distance is that of the logarithms of input over output and of all tokens of a request, both alike: what a GPU
    yields depends on the mix first, and the size says how much of each request it has to keep in memory.
    """
    mix, size = _mix_and_size(load.input_tokens_per_request, load.output_tokens_per_request)

    def distance(pair: tuple[int, int]) -> float:
        other_mix, other_size = _mix_and_size(*pair)
        return math.hypot(math.log(mix / other_mix), math.log(size / other_size))

    return min(measured, key=distance, default=None)


def _mix_and_size(input_tokens: float, output_tokens: float) -> tuple[float, float]:
    # A token more on either side keeps a workload without input at a finite distance.
    return (input_tokens + 1.0) / (output_tokens + 1.0), input_tokens + output_tokens + 2.0


def _option(
    accelerator: str,
    rows: list[Benchmark],
    load: ServedLoad,
    terms: ComparisonTerms,
    nearest: tuple[int, int] | None,
) -> HardwareOption | str:
    """The option, or the reason why there is none."""
    if not rows:
        return _why_not_measured(accelerator, terms)
    pairs = lengths_measured(rows)
    lengths = nearest if nearest in pairs else nearest_lengths(load, pairs)
    series = series_of(row for row in rows if (row.input_tokens, row.output_tokens) == lengths)
    sized = [
        size_deployment(load, one, point)
        for one in series
        if (point := one.at_speed(load.min_tokens_per_second_per_user)) is not None
    ]
    if not sized:
        return _why_too_slow(series, load)
    best = min(sized, key=lambda one: (one.gpus, -one.output_tokens_per_second_per_gpu))
    rate = choose_rate(accelerator, as_of=terms.as_of, tier=terms.tier, provider=terms.provider)
    if rate is None:
        whose = f" of {terms.provider}" if terms.provider else ""
        return f"no rate{whose} per GPU-hour is known by {terms.as_of}"
    notes = [describe(best.series)]
    if best.point.note:
        notes.append(best.point.note)
    if lengths != nearest and nearest is not None and lengths is not None:
        notes.append(
            f"measured at {lengths[0]} in and {lengths[1]} out, not at {nearest[0]} and {nearest[1]} as the others"
        )
    if best.series.gpus < best.gpus_per_node:
        notes.append(f"a node of {best.gpus_per_node} GPUs holds {best.gpus_per_node // best.series.gpus} replicas")
    if best.gpus_per_node > GPUS_PER_NODE:
        notes.append(f"a node stands for the whole deployment of {best.gpus_per_node} GPUs")
    if best.bound_by == "total":
        notes.append(
            "its input is longer in proportion than the measured one: the measured rate of all tokens limits it"
        )
    notes += _notes_on_rate(rate)
    return HardwareOption(accelerator=accelerator, deployment=best, rate=rate, notes=tuple(notes))


def _notes_on_rate(rate: ChosenRate) -> list[str]:
    notes = []
    if rate.stands_in:
        notes.append(f"no {rate.tier_asked} rate is known: the rate is of the tier {rate.row.tier}")
    if rate.row.accelerator_basis != "stated":
        notes.append(f"the rate is of {rate.row.gpu!r}, whose form factor is not stated")
    if rate.row.quality != "live-scrape":
        notes.append(f"the rate is a {rate.row.quality}")
    return notes


def _why_not_measured(accelerator: str, terms: ComparisonTerms) -> str:
    """The first condition that leaves nothing."""
    rows = [row for row in load_benchmarks() if row.accelerator == accelerator]
    if not rows:
        return "no benchmark of it is packaged"
    for name, asked in terms.choice.given():
        left = [row for row in rows if asked is None or getattr(row, name) == asked]
        if not left:
            there_is = ", ".join(sorted({str(getattr(row, name)) for row in rows}))
            return f"no benchmark of it with {name} {asked}; there is {there_is}"
        rows = left
    return f"first measured on {min(row.measured_on for row in rows)}, after {terms.as_of}"


def _why_too_slow(series: Iterable[BenchmarkSeries], load: ServedLoad) -> str:
    speeds = [one.points[0].tokens_per_second_per_user for one in series if one.states_speed]
    fastest = max((speed for speed in speeds if speed is not None), default=None)
    asked = f"{load.min_tokens_per_second_per_user:g} tokens a second per user"
    if fastest is None:
        return f"its benchmarks at these lengths state no speed per user, so {asked} cannot be checked"
    return f"no benchmark at these lengths reaches {asked}; the fastest is {fastest:g}"
