"""`tokencast plan fleet`: the cheapest mix of nodes and overflow for a plan's fleets, without any service."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.failures import BadInput
from service.cli.local_plan import read_local_plan

if TYPE_CHECKING:
    from forecasts.errors import Problem
    from service.schemas.hardware.fleet_plan import FleetPlanOut
    from service.schemas.hardware.fleet_plan_request import FleetPlanChoiceIn

_OPTIONS = {"fleet": "--fleet", "max_unserved_probability": "--max-unserved-probability", "policies": "--policy"}


@click.group(short_help="Plan nodes.")
def plan() -> None:
    """Plan what a budget is made of."""


@plan.command("fleet", short_help="The cheapest nodes for a fleet.")
@click.argument("plan_file", metavar="PLAN", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--fleet", "names", multiple=True, metavar="NAME", help="Only this fleet; repeat it for more.")
@click.option(
    "--max-unserved-probability",
    type=float,
    default=0.05,
    show_default=True,
    help="The share of paths on which requests may find neither a node nor a route.",
)
@click.option(
    "--policy",
    "policies",
    type=click.Choice(["fixed", "monthly", "hourly"]),
    multiple=True,
    help="Only this policy of scaling; repeat it for more.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the plans as JSON instead of tables.")
def fleet(
    plan_file: Path,
    *,
    names: tuple[str, ...],
    max_unserved_probability: float,
    policies: tuple[str, ...],
    as_json: bool,
) -> None:
    """Search the cheapest mix of committed nodes, nodes on demand and API overflow for the fleets of PLAN.

    PLAN is a YAML or JSON file, or - for standard input. Nothing is stored and no service is needed. What is
    recommended is compared with the plan's own mix on draws that the search has not seen.
    """
    import msgspec

    from service.schemas.hardware.fleet_plan_request import FleetPlanChoiceIn

    choice = {"max_unserved_probability": max_unserved_probability, "policies": list(policies) or None}
    found = _planned(plan_file, names, msgspec.convert(choice, FleetPlanChoiceIn))
    if as_json:
        from service.cli.commands.plans import print_json

        print_json(msgspec.json.encode({"fleets": found}))
        return
    from service.cli.screen import results
    from service.cli.tables.fleet_plan import print_fleet_plan

    console = results()
    for one in found:
        print_fleet_plan(one, console)


def _planned(plan_file: Path, names: tuple[str, ...], asked: "FleetPlanChoiceIn") -> "list[FleetPlanOut]":
    from forecasts.errors import InvalidInput
    from service.cli.screen import progress_of
    from service.forecasting.fleet_planning import planned_fleet

    read = read_local_plan(plan_file)
    chosen = names or tuple(one.name for one in read.fleets)
    found = []
    for number, name in enumerate(chosen, start=1):
        with progress_of(f"planning the fleet {name}, {number} of {len(chosen)}") as show:
            try:
                found.append(planned_fleet(read, name, asked, show))
            except InvalidInput as error:
                raise BadInput(str(plan_file), [_told(problem) for problem in error.problems]) from None
    return found


def _told(problem: "Problem") -> "Problem":
    """What was asked on the command line is told by its option."""
    name = problem.pointer[1:].partition("/")[0]
    return replace(problem, pointer=_OPTIONS.get(name, problem.pointer))
