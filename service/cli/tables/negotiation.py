"""A negotiation brief as tables for people."""

from rich.console import Console
from rich.text import Text

from service.cli.failures import plain
from service.cli.screen import table
from service.schemas.explained.negotiation import AskOut, NegotiationOut, PositionOut
from service.wording.amounts import money, percent


def print_brief(brief: NegotiationOut, console: Console) -> None:
    """Spend by meter, then for each of the provider's models what to ask for and where to go instead."""
    spend = brief.spend
    console.print()
    console.print(
        plain(
            f"{brief.provider}: {money(spend.mean)} {brief.currency} expected, {brief.months} months from "
            f"{brief.first_month} (P10 {money(spend.p10)}, P90 {money(spend.p90)}; as of {brief.as_of})"
        )
    )
    shown = table("Spend by meter", "", "Expected", "P10", "P90", "Share", numbers=4)
    for meter in brief.meters:
        shown.add_row(
            Text(meter.meter.replace("_", " ")),
            money(meter.spend.mean),
            money(meter.spend.p10),
            money(meter.spend.p90),
            percent(meter.share),
        )
    console.print(shown)
    for position in brief.positions:
        _print_position(position, brief, console)
    history = brief.history
    cuts = sum(move.fraction < 0.0 for move in history.moves)
    console.print(
        f"History: {history.series} series over {history.series_years:.1f} series-years, {len(history.moves)} changes, "
        f"{cuts} of them cuts; chance of a cut of one model's price in the horizon {percent(history.chance_of_cut)}\n"
    )


def _print_position(one: PositionOut, brief: NegotiationOut, console: Console) -> None:
    console.print(plain(f"{one.route}: {money(one.spend.mean)}, of it output {money(one.output_spend)}"))
    console.print(f"  To ask for: {_asked(one.ask, one)}")
    found = one.walk_away
    if found is None:
        console.print("  No alternative is known")
    elif found.discount_fraction <= 0.0:
        console.print(plain(f"  No alternative is cheaper; the best is {found.name} at {money(found.cost)}"))
    else:
        unit = "" if found.per_mtok_output is None else f" ({found.per_mtok_output} per million output tokens)"
        console.print(
            plain(
                f"  Walk away above {money(found.cost)} {brief.currency}{unit}: {found.name}, "
                f"{percent(found.discount_fraction)} off today's {money(one.cost_at_known_rates)}"
            )
        )
    vouched = one.vouched_walk_away
    if vouched is None and found is not None:
        console.print("  Nothing but the price says that any of these could do this work")
    elif vouched is not None and found is not None and vouched.name != found.name:
        console.print(plain(f"  The best that more than a price speaks for: {vouched.name} at {money(vouched.cost)}"))
    if one.alternatives:
        shown = table("", "Alternative", "What it is", "Cost at today's rates", "Per million output", numbers=2)
        for other in one.alternatives:
            kind = other.kind.replace("_", " ")
            if other.utilization_fraction is not None:
                kind += f" at {percent(other.utilization_fraction)}"
            shown.add_row(Text(plain(other.name)), Text(kind), money(other.cost), other.per_mtok_output or "")
        console.print(shown)
    for left in one.left_out:
        console.print(plain(f"  Not compared: {left.name}: {left.detail}"))


def _asked(ask: AskOut | None, one: PositionOut) -> str:
    if one.support is None:
        return "no decoder of this model is evidenced, so no cut of its cost supports a discount"
    if ask is None:
        return f"{one.support.preset} saves nothing at its most likely speedup"
    return (
        f"{percent(ask.low_fraction)} to {percent(ask.high_fraction)} off output, worth {money(ask.low)} to "
        f"{money(ask.high)} ({one.support.preset}, cost cut {percent(one.support.cost_cut.mode)}); weighed with "
        f"history {money(ask.weighed_low)} to {money(ask.weighed_high)}"
    )
