"""A finished forecast as tables for people."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.text import Text

from service.cli.failures import plain
from service.cli.screen import table
from service.cli.tables.break_even import print_break_even
from service.cli.tables.sensitivity import print_sensitivity
from service.wording.amounts import money, percent
from service.wording.decoders import decoder_sentences

Json = Mapping[str, Any]


def print_budget(document: Json, console: Console) -> None:
    """The annual budget, what it consists of, what the decoders save, and every warning."""
    total = document["total"]
    basis = total["budget"]["basis"]
    horizon, currency = document["horizon"], document["currency"]
    console.print(
        f"\nBudget in {currency}, {horizon['months']} months from {horizon['first_month']}"
        f"  (as of {document['as_of']}, seed {document['seed']}, {document['draws']} draws, {basis} cost)\n"
    )
    _print_years(document, basis, console)
    _print_groups("By workload", document["workloads"], basis, total, console)
    fleets = [{**fleet, "name": f"{fleet['name']} (fleet)"} for fleet in document["fleets"]]
    _print_groups("By provider and fleet", [*document["providers"], *fleets], basis, total, console)
    _print_fleets(document["fleets"], console)
    _print_outlooks(document["outlooks"], console)
    print_break_even(document["break_even"], console)
    print_sensitivity(document["sensitivity"], console)
    _print_findings(document, console)
    warnings = document["warnings"]
    console.print(f"{len(warnings) or 'No'} warning{'' if len(warnings) == 1 else 's'}")
    for warning in warnings:
        console.print(plain(f"  {warning['pointer']}: {warning['detail']} ({warning['type']})"))


def _print_years(document: Json, basis: str, console: Console) -> None:
    total = document["total"]
    confidence = percent(total["budget"]["confidence"])
    shown = table(
        "Annual budget", "", "Expected", "P10", "P50", "P90", "Contingency", f"Budget at {confidence}", numbers=6
    )
    for year in document["annual"]:
        months = "" if year["months"] == 12 else f" ({year['months']} months)"
        shown.add_row(f"Fiscal year {year['fiscal_year']}{months}", *_amounts(year, basis))
    if len(document["annual"]) > 1:
        shown.add_section()
        shown.add_row("Whole horizon", *_amounts(total, basis))
    console.print(shown)


def _amounts(period: Json, basis: str) -> list[str | Text]:
    spread, budget = period[basis], period["budget"]
    plain_amounts = [money(spread[name]) for name in ("mean", "p10", "p50", "p90")]
    return [*plain_amounts, money(budget["contingency"]), Text(money(budget["amount"]), style="bold")]


def _print_groups(title: str, groups: Sequence[Json], basis: str, total: Json, console: Console) -> None:
    shown = table(title, "", "Expected", "Share", "P10", "P90", numbers=4)
    whole = float(total[basis]["mean"])
    for group in sorted(groups, key=lambda one: -float(one[basis]["mean"])):
        spread = group[basis]
        share = f"{100 * float(spread['mean']) / whole:.1f} %" if whole else ""
        shown.add_row(
            Text(plain(group["name"])), money(spread["mean"]), share, money(spread["p10"]), money(spread["p90"])
        )
    # Nodes that nobody uses belong to no workload.
    rest = Decimal(total[basis]["mean"]) - sum(Decimal(group[basis]["mean"]) for group in groups)
    if rest and shown.row_count:
        shown.add_row(
            "(not used by any)", money(str(rest)), f"{100 * float(rest) / whole:.1f} %" if whole else "", "", ""
        )
    if shown.row_count:
        console.print(shown)


def _print_fleets(fleets: Iterable[Json], console: Console) -> None:
    columns = ("Nodes", "Used", "Per million tokens", "at full load", "without decoder", "Saved by the decoder")
    shown = table(
        "Fleets over the horizon; nodes and costs at full load as the mean of its months", "", *columns, numbers=6
    )
    for fleet in fleets:
        months = fleet["months"]
        shown.add_row(
            Text(plain(fleet["name"])),
            f"{_mean(month['nodes']['mean'] for month in months):.3g}",
            percent(_busy(months)),
            _per_mtok(months),
            *(
                _rate(month[name] for month in months)
                for name in ("usd_per_mtok_full_load", "usd_per_mtok_full_load_without_decoder")
            ),
            money(fleet["decoder"]["saving"]["mean"]),
        )
    if shown.row_count:
        console.print(shown)


def _print_outlooks(outlooks: Sequence[Json], console: Console) -> None:
    """The same horizon under every outlook; a plan whose bill follows no provider's prices needs no comparison."""
    if len({outlook["total"]["mean"] for outlook in outlooks}) < 2:
        return
    title = (
        "By price outlook, effective cost; scores from `tokencast backtest prices` on models on sale, lower is better"
    )
    shown = table(title, "", "Expected", "P10", "P90", "Pinball", "of a held price", numbers=5)
    for outlook in outlooks:
        total, backtest = outlook["total"], outlook["backtest"]
        scores = ("-", "-") if backtest is None else (f"{backtest['pinball']:.3f}", f"{backtest['flat_pinball']:.3f}")
        name = f"{outlook['name']}{' (chosen)' if outlook['chosen'] else ''}"
        shown.add_row(name, *(money(total[figure]) for figure in ("mean", "p10", "p90")), *scores)
    console.print(shown)


def _print_findings(document: Json, console: Console) -> None:
    sentences = list(decoder_sentences(document))
    for sentence in sentences:
        console.print(plain(sentence))
    if sentences:
        console.print()


def _busy(months: Sequence[Json]) -> float:
    """Of all node-hours: a month without nodes is not an idle one."""
    hours = [month["node_hours"]["mean"] for month in months]
    busy = sum(month["utilization_fraction"] * kept for month, kept in zip(months, hours, strict=True))
    return busy / sum(hours) if any(hours) else 0.0


def _per_mtok(months: Sequence[Json]) -> str:
    tokens = sum(month["tokens_served"] for month in months)
    cost = sum(Decimal(month["effective"]) for month in months)
    return f"{float(cost) / tokens * 1e6:,.4f}" if tokens else "-"


def _mean(values: Iterable[float]) -> float:
    known = list(values)
    return sum(known) / len(known) if known else 0.0


def _rate(values: Iterable[str | None]) -> str:
    known = [float(value) for value in values if value is not None]
    return f"{_mean(known):,.4f}" if known else "-"
