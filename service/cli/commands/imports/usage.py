"""`tokencast import usage`: what was used and paid, row by row."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from service.cli.commands.imports.files import FILE, read
from service.cli.connection import running_service_client
from service.cli.failures import BadInput, answers_reported

if TYPE_CHECKING:
    from tokencast.client.shapes.usage import UsageRecorded

Format = Literal["csv", "json"]

_ROW = re.compile(r"^/rows/(\d+)")


@click.command()
@click.argument("file", type=FILE)
@click.option("--format", "format_", required=True, type=click.Choice(("csv", "json")), help="What FILE is.")
@click.option(
    "--replace", "corrects", is_flag=True, help="Rows of a csv file correct what is recorded with other numbers."
)
@click.option("--json", "as_json", is_flag=True, help="Print how many rows were what as JSON.")
def usage(file: Path, *, format_: Format, corrects: bool, as_json: bool) -> None:
    """Record the usage of FILE, whole or not at all; - is standard input.

    A csv file has the columns period (a month or a day), workload, route (provider/model or fleet:NAME), meter,
    quantity, billed, effective, currency and source; a json file is what POST /v1/usage takes. The same file may be
    sent again: rows that are recorded already change nothing.

    A csv file of more than 20,000 rows goes in pieces, each of them whole or not at all.
    """
    if corrects and format_ == "json":
        raise click.UsageError('a json file says "replace" itself')
    content = read(file)
    pieces = _checked_pieces(str(file), content, format_)
    counts = _send(str(file), pieces, format_, corrects=corrects)
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(counts), indent=2))
    else:
        click.echo(
            f"{counts['added']:,} rows added, {counts['corrected']:,} corrected, {counts['unchanged']:,} unchanged."
        )


def _checked_pieces(source: str, content: bytes, format_: Format) -> list[bytes]:
    """Every problem of the whole file before any of it is sent."""
    from forecasts.errors import InvalidInput
    from service.imports.usage import check_usage, csv_in_pieces
    from service.schemas.shape import BadJson, BadShape

    try:
        check_usage(content, format_)
    except (InvalidInput, BadShape) as error:
        raise BadInput(source, error.problems) from None
    except BadJson as error:
        raise BadInput(source, error.detail) from None
    return csv_in_pieces(content) if format_ == "csv" else [content]


def _send(source: str, pieces: list[bytes], format_: Format, *, corrects: bool) -> "UsageRecorded":
    from service.cli.screen import progress_of
    from service.schemas.usage.record import MOST_ROWS

    counts: UsageRecorded = {"added": 0, "corrected": 0, "unchanged": 0}
    with running_service_client() as client, progress_of("recording usage") as done:
        for sent, piece in enumerate(pieces):
            with answers_reported(source), _rows_of_the_file(sent * MOST_ROWS):
                answer = client.usage.import_file(piece, format_, replace=corrects)
            counts = {
                "added": counts["added"] + answer["added"],
                "corrected": counts["corrected"] + answer["corrected"],
                "unchanged": counts["unchanged"] + answer["unchanged"],
            }
            done((sent + 1) / len(pieces))
    return counts


@contextlib.contextmanager
def _rows_of_the_file(before: int) -> Iterator[None]:
    """Rows of a piece that are refused, as rows of the file with so many before it, all of which are recorded."""
    from tokencast.client import Refused

    try:
        yield
    except Refused as error:
        if before:
            click.echo(f"tokencast: the {before:,} rows before these are recorded", err=True)
            error.problems = tuple(
                replace(one, pointer=_ROW.sub(lambda row: f"/rows/{int(row[1]) + before}", one.pointer))
                for one in error.problems
            )
        raise
