"""`tokencast bridge`: why one forecast costs other than another, of stored forecasts or of two plan files."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from service.cli.failures import BadInput, Failure

if TYPE_CHECKING:
    from forecasts.plan import Plan

_ENDINGS = frozenset({".yaml", ".yml", ".json"})


@click.command(short_help="Why one forecast costs other than another.")
@click.argument("before", metavar="FROM")
@click.argument("after", metavar="TO")
@click.option("--json", "as_json", is_flag=True, help="Print the bridge as JSON instead of a table.")
@click.option(
    "--charts", type=click.Path(file_okay=False, path_type=Path), help="Also draw the waterfall into this folder."
)
@click.option(
    "--chart-format", type=click.Choice(["png", "svg"]), default="png", show_default=True, help="Of the drawing."
)
def bridge(before: str, after: str, *, as_json: bool, charts: Path | None, chart_format: Literal["png", "svg"]) -> None:
    """Split the difference of two forecasts into parts that add up to the cent, and say what caused the large ones.

    FROM and TO are the ids of two finished forecasts of the running service, or two plan files in YAML or JSON: those
    are forecast here, nothing is stored and no service is needed.
    """
    files = _are_files(before, after)
    document = _of_files(Path(before), Path(after)) if files else _of_service(before, after)
    if charts is not None:
        _draw(charts, document, chart_format)
    if as_json:
        from service.cli.commands.plans import print_json

        print_json(document)
        return
    from service.cli.screen import results
    from service.cli.tables.bridge import print_bridge

    print_bridge(document, results())


def _are_files(before: str, after: str) -> bool:
    files = [Path(one).suffix.lower() in _ENDINGS or Path(one).exists() for one in (before, after)]
    if files[0] != files[1]:
        raise click.BadParameter("FROM and TO must both be ids of forecasts, or both be plan files")
    return files[0]


def _of_files(before: Path, after: Path) -> Mapping[str, Any]:
    import msgspec

    from forecasts.errors import InvalidInput
    from service.cli.screen import progress_of
    from service.forecasting.bridging import bridged, unstored_side

    sides = [unstored_side(_read(path)) for path in (before, after)]
    with progress_of("walking from one forecast to the other") as show:
        try:
            whole: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(bridged(*sides, report=show)))
        except InvalidInput as refused:
            raise BadInput(str(before), [_of_whole(problem.detail) for problem in refused.problems]) from None
    return whole


def _read(path: Path) -> "Plan":
    from service.cli.local_plan import read_local_plan

    return read_local_plan(path)


def _of_whole(detail: str) -> Any:
    from forecasts.errors import Problem

    return Problem(pointer="", detail=detail)


def _of_service(before: str, after: str) -> Mapping[str, Any]:
    from service.cli.connection import running_service_client
    from service.cli.failures import answers_reported

    with answers_reported(f"{before} to {after}"), running_service_client() as client:
        return client.bridges.get(after, from_=before)


def _draw(folder: Path, document: Mapping[str, Any], kind: Literal["png", "svg"]) -> None:
    from service.cli.chart_files import write_charts

    try:
        written = write_charts(folder, document, kind, subject="bridge")
    except OSError as error:
        raise Failure(f"{folder} could not be written: {error.strerror}") from None
    click.echo(f"tokencast: {', '.join(written.files) or 'nothing to show'} in {folder}", err=True)
