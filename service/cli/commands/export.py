"""`tokencast export`: a finished forecast as a file for finance tools."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.connection import running_service_client
from service.cli.failures import Failure, answers_reported

if TYPE_CHECKING:
    from tokencast.client import Client


@click.command(short_help="Write a finished forecast as a file for finance tools.")
@click.argument("forecast_id", metavar="ID")
@click.option("--format", "name", required=True, metavar="F", help="csv-tall, csv-wide, ...; docs/exports.md has all.")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--basis", type=click.Choice(["billed", "effective", "both"]), help="Instead of the budget's own basis.")
@click.option("--contingency", is_flag=True, help="Also the contingency, as lines of its own.")
@click.option("--profile", metavar="NAME", help="An export profile of the workspace.")
def export(
    forecast_id: str, *, name: str, out: Path, basis: str | None, contingency: bool, profile: str | None
) -> None:
    """Write the finished forecast ID of the running service to a file, whole or not at all."""
    check_folder(out)
    with answers_reported("export"), running_service_client() as client:
        write_export(client, forecast_id, out, name, basis=basis, contingency=contingency or None, profile=profile)


def check_folder(out: Path) -> None:
    """Before anything is asked for, since what cannot be written would be lost."""
    if not os.access(out.absolute().parent, os.W_OK | os.X_OK):
        raise click.BadParameter(f"no file can be made in {out.absolute().parent}", param_hint="--out")


def write_export(client: "Client", forecast_id: str, out: Path, name: str, **choices: Any) -> None:
    try:
        size = client.exports.write(forecast_id, out, name, **choices)
    except OSError as error:
        raise Failure(f"{out} could not be written: {error.strerror}") from None
    click.echo(f"tokencast: {size} bytes in {out}", err=True)
