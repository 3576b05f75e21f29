"""A planned fleet as tables for people: the given mix, the best of each policy, and why the recommended one."""

from rich.console import Console
from rich.text import Text

from service.cli.failures import plain
from service.cli.screen import table
from service.schemas.hardware.fleet_plan import FleetPlanOut, MixOut
from service.wording.amounts import money, percent


def print_fleet_plan(found: FleetPlanOut, console: Console) -> None:
    console.print()
    console.print(
        plain(
            f"{found.fleet}: requests unserved on at most {percent(found.max_unserved_probability)} of paths"
            f"  ({found.currency}, searched on {found.search_draws} draws, shown on {found.draws} others)"
        )
    )
    console.print()
    columns = ("Committed", "Used", "Expected", "overflow", "P10", "P90", "P(unserved)")
    shown = table("Over the horizon", "", "Serving", *columns, numbers=len(columns))
    rows = [("given", found.given), *((f"best {one.policy}", one) for one in found.by_policy)]
    if found.recommended is not None:
        rows.append(("recommended", found.recommended))
    for name, mix in rows:
        shown.add_row(
            name,
            Text(_nodes(mix)),
            " + ".join(map(str, mix.committed_nodes)) or "-",
            percent(mix.utilization_fraction),
            money(mix.effective.mean),
            money(mix.overflow),
            money(mix.effective.p10),
            money(mix.effective.p90),
            percent(mix.unserved_probability),
        )
    console.print(shown)
    if found.saving is not None and found.probability_of_saving is not None:
        console.print(
            plain(
                f"Saves {money(found.saving.mean)} over the given mix in the mean, "
                f"{money(found.saving.p10)} to {money(found.saving.p90)} (P10 to P90); "
                f"it saves something on {percent(found.probability_of_saving)} of paths."
            )
        )
    for reason in found.reasons:
        console.print(plain(f"  {reason.detail}"))
    for note in found.notes:
        console.print(plain(f"Note: {note}"))


def _nodes(mix: MixOut) -> str:
    if mix.policy == "fixed":
        return f"{mix.nodes} fixed"
    most = "any" if mix.max_nodes is None else str(mix.max_nodes)
    return f"{mix.min_nodes} to {most} {mix.policy}"
