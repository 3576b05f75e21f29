"""`tokencast apply` and `tokencast forecast`: what is done with a plan file."""

import functools
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from service.cli.commands.export import check_folder, write_export
from service.cli.connection import any_service_client, running_service_client
from service.cli.failures import BadInput, Failure, answers_reported, plain

if TYPE_CHECKING:
    from tokencast.client import Client
    from tokencast.client.shapes.forecasts import ForecastOut

_ACTIONS = ("created", "updated", "unchanged", "deleted")

# Exports that the service writes, by the ending of the file; its lines as CSV are written here.
_EXPORTS = {".parquet": "parquet", ".xlsx": "xlsx"}

_PLAN = click.argument("plan", type=click.Path(dir_okay=False, allow_dash=True, path_type=Path))


@click.command(short_help="Store a plan's fleets, workloads and prices.")
@_PLAN
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option(
    "--prune", is_flag=True, help="Also delete what the plan's last version declared and this one no longer does."
)
@click.option("--json", "as_json", is_flag=True, help="Print the service's answer instead of a table.")
def apply(plan: Path, *, dry_run: bool, prune: bool, as_json: bool) -> None:
    """Create and update what PLAN declares, in the running service, whole or not at all.

    PLAN is a YAML or JSON file, or - for standard input. Applying the same file again changes nothing. Nothing is
    deleted without --prune.
    """
    document = encoded(read_plan_file(plan))
    with answers_reported(str(plan)), running_service_client() as client:
        applied = client.plans.apply(document, dry_run=dry_run, prune=prune)
    if as_json:
        print_json(applied)
    else:
        print_changes(applied)


@click.command(short_help="Forecast a plan and show its annual budget.")
@_PLAN
@click.option("--apply", "store", is_flag=True, help="Also store the plan in the service, as `tokencast apply` does.")
@click.option("--json", "as_json", is_flag=True, help="Print the forecast as JSON instead of tables.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the budget's lines to FILE.csv, to FILE.parquet, or all of it to FILE.xlsx.",
)
@click.option("--charts", type=click.Path(file_okay=False, path_type=Path), help="Write every chart into a folder.")
@click.option("--chart-format", type=click.Choice(["png", "svg"]), default="png", show_default=True)
@click.option("--as-of", metavar="DATE", help="Prices as known on this day (2026-11-23), instead of the plan's own.")
@click.option("--seed", type=int, help="Seed of the random draws, instead of the plan's own.")
def forecast(
    plan: Path,
    *,
    store: bool,
    as_json: bool,
    out: Path | None,
    charts: Path | None,
    chart_format: Literal["png", "svg"],
    as_of: str | None,
    seed: int | None,
) -> None:
    """Forecast exactly the workloads of PLAN and show the annual budget as a distribution.

    PLAN is a YAML or JSON file, or - for standard input. It is not stored without --apply. The forecast is computed by
    the running service, or by a private one for the length of this command when none runs. The result goes to
    standard output, progress to standard error.
    """
    _check_out(out)
    _check_folder(charts)
    document = read_plan_file(plan)
    changed = {"as_of": as_of, "seed": seed}
    asked = encoded({**document, **{name: value for name, value in changed.items() if value is not None}})
    check = functools.partial(_check_shape, str(plan), asked)
    with answers_reported(str(plan), inside="/plan"), any_service_client(before_private=check) as client:
        if store:
            print_changes(client.plans.apply(encoded(document)), err=True)
        result = forecast_plan(client, asked)
        if out is not None and out.suffix.lower() in _EXPORTS and result["status"] == "succeeded":
            write_export(client, result["id"], out, _EXPORTS[out.suffix.lower()])
        drawn: Mapping[str, Any] = result
        if charts is not None and result["status"] == "succeeded":
            drawn = {**result, "months_by": _months_by(client, result["id"])}
    if as_json:
        print_json(result)
    if result["status"] != "succeeded":
        raise _failed(result)
    if out is not None and out.suffix.lower() == ".csv":
        _write_out(out, result)
    if charts is not None:
        _write_charts(charts, drawn, chart_format)
    if not as_json:
        from service.cli.screen import results
        from service.cli.tables.budgets import print_budget

        print_budget(result, results())


def read_plan_file(path: Path) -> dict[str, Any]:
    """The document in the file, or on standard input for `-`; BadInput with every problem found."""
    from service.schemas.plan.file import BadPlanFile, read_plan

    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise click.BadParameter(f"{path} cannot be read: {error.strerror}", param_hint="PLAN") from None
    try:
        return read_plan(content, name=path.name)
    except BadPlanFile as error:
        raise BadInput(str(path), error.problems) from None


def encoded(document: Mapping[str, Any]) -> bytes:
    from service.schemas.plan.file import encode_plan

    return encode_plan(document)


def forecast_plan(client: "Client", plan: bytes) -> "ForecastOut":
    """Asks for the forecast of a plan document, shows its progress, and returns the finished forecast."""
    from service.cli.screen import forecast_progress

    first = client.forecasts.create(b'{"plan":' + plan + b"}")
    try:
        with forecast_progress() as show:
            show(first)
            for state in client.forecasts.follow(first["id"]):
                show(state)
    except KeyboardInterrupt:
        client.forecasts.cancel(first["id"])
        raise
    return client.forecasts.get(first["id"])


def print_json(document: object) -> None:
    """The document, or the text that one is encoded in, laid out for the eye."""
    import msgspec

    text = document if isinstance(document, bytes) else msgspec.json.encode(document)
    click.echo(msgspec.json.format(text, indent=2))


def print_changes(applied: Mapping[str, Any], *, err: bool = False) -> None:
    """What applying a plan changed, or would change."""
    from rich.console import Console
    from rich.text import Text

    from service.cli.screen import results, table

    console = Console(stderr=True, markup=False, highlight=False, emoji=False) if err else results()
    changes = applied["changes"]
    name = next(change["name"] for change in changes if change["resource"] == "plan")
    counts = {action: sum(change["action"] == action for change in changes) for action in _ACTIONS}
    if counts["unchanged"] == len(changes):
        console.print(f"The plan {plain(name)} is unchanged: nothing to do.")
        return
    shown = table("", "Change", "What", "Name", numbers=0)
    for change in changes:
        if change["action"] != "unchanged":
            shown.add_row(change["action"], change["resource"], Text(plain(change["name"])))
    console.print(shown)
    summary = ", ".join(f"{count} {action}" for action, count in counts.items() if count)
    console.print(f"{'Dry run, nothing is stored: ' if applied['dry_run'] else ''}{summary}")


def _check_out(out: Path | None) -> None:
    """Before anything is computed, since a forecast that cannot be written would be lost."""
    if out is None:
        return
    endings = (".csv", *_EXPORTS)
    if out.suffix.lower() not in endings:
        raise click.BadParameter(f"{out} must end in {' or '.join(endings)}", param_hint="--out")
    check_folder(out)


def _write_out(out: Path, result: Mapping[str, Any]) -> None:
    from service.cli.lines_file import write_lines

    try:
        count = write_lines(out, result["lines"], result["currency"])
    except OSError as error:
        raise Failure(f"{out} could not be written: {error.strerror}") from None
    click.echo(f"tokencast: {count} lines in {out}", err=True)


def _check_folder(folder: Path | None) -> None:
    if folder is None:
        return
    nearest = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise click.BadParameter(f"no folder can be made or written at {folder}", param_hint="--charts")


def _months_by(client: "Client", forecast_id: str) -> dict[str, Any]:
    """The groupings of the months that charts are drawn from."""
    from service.charts.forecast.months_by import MOST_GROUPS
    from service.charts.registry import groupings_of

    return {by: client.forecasts.months(forecast_id, by, largest=MOST_GROUPS) for by in groupings_of("forecast")}


def _write_charts(folder: Path, result: Mapping[str, Any], kind: Literal["png", "svg"]) -> None:
    from service.cli.chart_files import write_charts

    try:
        written = write_charts(folder, result, kind)
    except OSError as error:
        raise Failure(f"{folder} could not be written: {error.strerror}") from None
    click.echo(f"tokencast: {len(written.files)} charts in {folder}: {', '.join(written.files)}", err=True)
    if written.empty:
        click.echo(f"tokencast: nothing to show in {', '.join(written.empty)}", err=True)


def _check_shape(source: str, plan: bytes) -> None:
    """What a service of this very version would say of the shape, before the trouble of starting one."""
    from service.schemas.plan.plan import PlanIn
    from service.schemas.shape import BadShape, decode

    try:
        decode(plan, PlanIn)
    except BadShape as error:
        raise BadInput(source, error.problems) from None


def _failed(result: Mapping[str, Any]) -> Failure:
    problem = result["problem"] or {}
    lines = [f"the forecast {result['id']} has {result['status']}"]
    if detail := problem.get("detail") or problem.get("title"):
        lines[0] += f": {detail}"
    lines += [f"{error['pointer']}: {error['detail']}" for error in problem.get("errors") or ()]
    return Failure("; ".join(lines))
