"""The comparison of hardware as tables for people, and as a CSV file with one line per accelerator."""

import csv
import io
from collections.abc import Iterable, Mapping
from itertools import pairwise

from rich.console import Console
from rich.text import Text

from service.cli.failures import plain
from service.cli.screen import table
from service.schemas.hardware.comparison import ComparisonOut, HardwareOut
from service.schemas.hardware.ranking import ObservationOut, PairOut, RankingOut
from service.wording.amounts import money, percent

COLUMNS = (
    "accelerator",
    "nodes",
    "gpus_per_node",
    "gpus",
    "utilization_fraction",
    "usd_per_mtok_served",
    "usd_per_mtok_full_load",
    "usd_per_mtok_of_all_tokens",
    "usd",
    "usd_per_gpu_hour",
    "rate_low",
    "rate_high",
    "rate_provider",
    "rate_tier",
    "rate_date",
    "rate_quality",
    "rate_source",
    "engine",
    "serving",
    "precision",
    "spec_decode",
    "gpus_measured",
    "input_tokens",
    "output_tokens",
    "concurrency",
    "tokens_per_second_per_user",
    "basis",
    "measured_on",
    "notes",
)
_MOST_TURNS = 12


def print_comparison(found: ComparisonOut, console: Console) -> None:
    """Costs, what they rest on, what has no evidence, and when the order turned."""
    workload = found.workload
    speed = workload.min_tokens_per_second_per_user
    required = "no speed required" if speed is None else f"{speed:g} tokens a second per user"
    sizes = f"{workload.input_tokens_per_request:,.0f} in and {workload.output_tokens_per_request:,.0f} out"
    months = f"{workload.months} months from {workload.first_month}, as of {found.as_of}"
    console.print(plain(f"{workload.name} on other hardware: {found.model}, {sizes} per request, {required}"))
    console.print(f"{months}, rates per GPU-hour in {found.currency}\n")
    _print_costs(found.options, console)
    _print_evidence(found.options, console)
    if found.without_evidence:
        shown = table("Without evidence", "", "Why", numbers=0)
        for one in found.without_evidence:
            shown.add_row(one.accelerator, Text(plain(one.reason)))
        console.print(shown)
    _print_turns(found.rankings, console)
    _print_pairs(found, console)
    for option in found.options:
        for note in option.notes:
            console.print(plain(f"{option.accelerator}: {note}"))
    for note in found.notes:
        console.print(plain(note))


def comparison_csv(found: ComparisonOut) -> str:
    """RFC 4180, one line for each accelerator that has evidence."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for option in found.options:
        rate, benchmark = option.rate, option.benchmark
        known = {
            "rate_low": rate.low,
            "rate_high": rate.high,
            "rate_provider": rate.provider,
            "rate_tier": rate.tier,
            "rate_date": rate.date,
            "rate_quality": rate.quality,
            "rate_source": rate.source,
            "usd_per_gpu_hour": rate.usd_per_gpu_hour,
            "gpus_measured": benchmark.gpus,
            "input_tokens": benchmark.lengths.input_tokens,
            "output_tokens": benchmark.lengths.output_tokens,
            "measured_on": max(row.measured_on for row in benchmark.rows),
            "notes": "; ".join(option.notes),
        }
        writer.writerow(_cell(column, known, option) for column in COLUMNS)
    return text.getvalue()


def _cell(column: str, known: Mapping[str, object], option: HardwareOut) -> object:
    if column in known:
        return known[column]
    return getattr(option, column) if hasattr(option, column) else getattr(option.benchmark, column)


def _print_costs(options: list[HardwareOut], console: Console) -> None:
    columns = ("Nodes", "GPUs", "Used", "Served", "at full load", "all tokens", "Whole horizon")
    shown = table("Per million output tokens, and per million of all tokens at full load", "", *columns, numbers=7)
    for option in options:
        shown.add_row(
            f"{option.accelerator} *" if option.rate.stands_in else option.accelerator,
            f"{option.nodes} x {option.gpus_per_node}",
            str(option.gpus),
            percent(option.utilization_fraction),
            option.usd_per_mtok_served,
            option.usd_per_mtok_full_load,
            option.usd_per_mtok_of_all_tokens,
            money(option.usd),
        )
    if shown.row_count:
        console.print(shown)
    if any(option.rate.stands_in for option in options):
        console.print("* at a rate of another tier: no rate is known in the one that was asked for")


def _print_evidence(options: Iterable[HardwareOut], console: Console) -> None:
    shown = table(
        "What it rests on", "", "Rate", "of", "Date", "Others", "Benchmark", "At once", "Tokens/s/user", numbers=2
    )
    for option in options:
        rate, benchmark = option.rate, option.benchmark
        shown.add_row(
            option.accelerator,
            rate.usd_per_gpu_hour,
            Text(f"{rate.provider}, {rate.tier}{' (stands in)' if rate.stands_in else ''}"),
            str(rate.date or "undated"),
            f"{rate.low} to {rate.high}" if rate.providers > 1 else "none",
            f"{benchmark.engine}, {benchmark.precision}, {benchmark.spec_decode}, {benchmark.basis}",
            f"{benchmark.concurrency:.4g}",
            "-" if benchmark.tokens_per_second_per_user is None else f"{benchmark.tokens_per_second_per_user:.4g}",
        )
    if shown.row_count:
        console.print(shown)


def _print_turns(rankings: list[RankingOut], console: Console) -> None:
    turns = [ranking for ranking in rankings if ranking.order_changed]
    if not turns:
        return
    left_out = f", the last {_MOST_TURNS} of {len(turns)}" if len(turns) > _MOST_TURNS else ""
    shown = table(
        f"The order by the cheapest served token changed with the rates{left_out}", "From", "Order", numbers=0
    )
    for ranking in turns[-_MOST_TURNS:]:
        order = " < ".join(f"{one.accelerator} {one.usd_per_mtok_served}" for one in ranking.order)
        shown.add_row(str(ranking.from_), order)
    console.print(shown)


def _print_pairs(found: ComparisonOut, console: Console) -> None:
    """Neighbours in the order that the rates of one tier put this way and those of another that way."""
    order = [option.accelerator for option in found.options]
    neighbours = {frozenset(pair) for pair in pairwise(order)}
    title = "Neighbours whose order depends on the rates, each tier's last: cheaper below an even ratio"
    shown = table(title, "Pair", "Tier", "From", "Cheaper", "Ratio", "Even at", numbers=2)
    for pair in found.pairs:
        last = _last_of_each_tier(pair)
        if frozenset((pair.first, pair.second)) not in neighbours or len({one.cheaper for one in last}) < 2:
            continue
        for one in last:
            shown.add_row(
                f"{pair.first} / {pair.second}",
                one.tier,
                str(one.from_),
                one.cheaper,
                f"{one.rate_ratio:.4g}",
                f"{pair.break_even_rate_ratio:.4g}",
            )
    if shown.row_count:
        console.print(shown)


def _last_of_each_tier(pair: PairOut) -> list[ObservationOut]:
    """Of the tier as a whole, or of its only seller."""
    last: dict[str, ObservationOut] = {}
    for one in pair.observations:
        if one.provider is None or one.tier not in last or last[one.tier].provider is not None:
            last[one.tier] = one
    return list(last.values())
