"""`tokencast compare fleets`: one workload of a plan on other hardware, worked out here without any service."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.commands.plans import encoded, print_json, read_plan_file
from service.cli.failures import BadInput, Failure

if TYPE_CHECKING:
    from forecasts.errors import Problem
    from service.schemas.hardware.comparison import ComparisonOut

_OPTIONS = {
    "workload": "--workload",
    "as_of": "--as-of",
    "tier": "--tier",
    "provider": "--provider",
    "model": "--model",
    "engine": "--engine",
    "precision": "--precision",
    "spec_decode": "--spec-decode",
    "accelerators": "--accelerator",
}


@click.group(short_help="Compare what something costs elsewhere.")
def compare() -> None:
    """Compare what a plan costs elsewhere."""


@compare.command("fleets", short_help="One workload on other hardware.")
@click.argument("plan", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--workload", required=True, metavar="NAME", help="The workload of the plan to compare.")
@click.option("--as-of", metavar="DATE", help="Rates and benchmarks as known on this day, instead of the plan's own.")
@click.option("--tier", metavar="TIER", help="Tier of the rates: on-demand (the default), spot, own_hyperscaler_4y ...")
@click.option("--provider", metavar="NAME", help="Rates of this provider alone.")
@click.option("--model", metavar="NAME", help="Benchmarks of this model, where the plan's own was not measured.")
@click.option("--precision", metavar="NAME", help="Benchmarks in this precision alone: fp8, fp4 ...")
@click.option("--spec-decode", metavar="NAME", help="Benchmarks with this speculation alone: none, mtp, not stated.")
@click.option("--engine", metavar="NAME", help="Benchmarks with this engine alone: sglang, tensorrt-llm, vllm ...")
@click.option(
    "--serving",
    type=click.Choice(["aggregated", "disaggregated"]),
    help="Benchmarks with prefill and decode on the same GPUs, or apart.",
)
@click.option("--accelerator", "accelerators", multiple=True, metavar="NAME", help="Only this one; repeat it for more.")
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON instead of tables.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write comparison.json, comparison.csv and pictures into this folder.",
)
def fleets(plan: Path, *, workload: str, as_json: bool, out: Path | None, **chosen: Any) -> None:
    """Compare accelerators for one workload of PLAN: nodes, and money per million tokens, with date and source.

    PLAN is a YAML or JSON file, or - for standard input. Nothing is stored and no service is needed: volumes come from
    the plan, benchmarks and rates from the packaged catalogue.
    """
    found = _compare(plan, workload, {name: value for name, value in chosen.items() if value})
    if out is not None:
        _write(out, found)
    if as_json:
        import msgspec

        print_json(msgspec.json.encode(found))
        return
    from service.cli.screen import results
    from service.cli.tables.comparison import print_comparison

    print_comparison(found, results())


def _compare(path: Path, workload: str, chosen: dict[str, Any]) -> "ComparisonOut":
    import msgspec

    from forecasts.errors import InvalidInput
    from service.forecasting.comparison import compare_fleets
    from service.forecasting.packaged_prices import packaged_prices
    from service.schemas.hardware.comparison_request import ComparisonChoiceIn
    from service.schemas.plan.plan import PlanIn
    from service.schemas.shape import BadShape, decode

    document = encoded(read_plan_file(path))
    try:
        plan = decode(document, PlanIn)
    except BadShape as error:
        raise BadInput(str(path), error.problems) from None
    try:
        asked = decode(msgspec.json.encode(chosen), ComparisonChoiceIn)
        return compare_fleets(plan, workload, asked, now=datetime.now(UTC), known_prices=packaged_prices)
    except (BadShape, InvalidInput) as error:
        raise BadInput(str(path), [_told(problem) for problem in error.problems], inside="/plan") from None


def _told(problem: "Problem") -> "Problem":
    """What was asked on the command line is told by its option; what is in the plan keeps its pointer."""
    name = problem.pointer[1:].partition("/")[0]
    return replace(problem, pointer=_OPTIONS.get(name, problem.pointer))


def _write(folder: Path, found: "ComparisonOut") -> None:
    import msgspec

    from service.cli.chart_files import write_charts
    from service.cli.tables.comparison import comparison_csv

    document = msgspec.json.encode(found)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "comparison.json").write_bytes(msgspec.json.format(document, indent=2) + b"\n")
        (folder / "comparison.csv").write_text(comparison_csv(found), encoding="utf-8", newline="")
        charts = write_charts(folder, msgspec.json.decode(document), "png", subject="fleet_comparison")
    except OSError as error:
        raise Failure(f"{folder} could not be written: {error.strerror}") from None
    files = ("comparison.json", "comparison.csv", *charts.files)
    click.echo(f"tokencast: {', '.join(files)} in {folder}", err=True)
