"""`tokencast explain`: why a figure is what it is, worked out here without any service."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from service.cli.failures import BadInput, Failure

if TYPE_CHECKING:
    from forecasts.explain.uplift import UpliftExplanation
    from forecasts.plan import Plan


@click.group(short_help="Explain where a figure comes from.")
def explain() -> None:
    """Explain where a figure of a plan's forecast comes from."""


@explain.command("uplift", short_help="What a fleet's decoder gains, by load and by speed.")
@click.argument("plan", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--fleet", metavar="NAME", help="This fleet alone; by default every fleet with a decoder.")
@click.option("--json", "as_json", is_flag=True, help="Print the curves as JSON instead of tables.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Also draw the curves into this folder.")
@click.option(
    "--chart-format", type=click.Choice(["png", "svg"]), default="png", show_default=True, help="Of the drawings."
)
def uplift(
    plan: Path, *, fleet: str | None, as_json: bool, out: Path | None, chart_format: Literal["png", "svg"]
) -> None:
    """Show what the decoders of PLAN's fleets gain: at each load, on each basis, and where the fleets stand.

    PLAN is a YAML or JSON file, or - for standard input. Nothing is stored and no service is needed. With --out two
    pictures a fleet are drawn: speedup against concurrency with its 80 % band and measured points, and throughput
    against the speed of a user with and without the decoder.
    """
    from service.cli.local_plan import read_local_plan
    from service.cli.screen import working

    checked = read_local_plan(plan)
    with working("explaining"):
        found = _explained(checked, fleet, str(plan))
    if out is not None:
        _draw(out, found, chart_format)
    if as_json:
        import msgspec

        from service.cli.commands.plans import print_json

        print_json(msgspec.json.encode({"fleets": found}))
        return
    from service.cli.screen import results
    from service.cli.tables.uplift import print_uplift

    for one in found:
        print_uplift(one, results())


def _explained(plan: "Plan", name: str | None, source: str) -> "list[UpliftExplanation]":
    from forecasts.errors import Problem
    from forecasts.explain.uplift_curves import explain_uplift

    names = [fleet.name for fleet in plan.fleets]
    if name is not None and name not in names:
        detail = f"{name!r} is no fleet of the plan; there are {', '.join(names) or 'none'}"
        raise BadInput(source, [Problem(pointer="--fleet", detail=detail)])
    chosen = [fleet for fleet in plan.fleets if name in (None, fleet.name)]
    found = [one for one in (explain_uplift(plan, fleet) for fleet in chosen) if one is not None]
    if not found:
        detail = "has no fleet with a workload and a decoder that its throughput was measured without"
        raise BadInput(source, [Problem(pointer="/fleets", detail=detail)])
    return found


def _draw(folder: Path, found: "Sequence[UpliftExplanation]", kind: Literal["png", "svg"]) -> None:
    from dataclasses import asdict

    from service.cli.chart_files import write_charts

    try:
        drawn = [write_charts(folder, asdict(one), kind, subject="uplift", of=one.fleet) for one in found]
    except OSError as error:
        raise Failure(f"{folder} could not be written: {error.strerror}") from None
    written = [name for charts in drawn for name in charts.files]
    click.echo(f"tokencast: {', '.join(written)} in {folder}", err=True)
