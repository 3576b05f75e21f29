"""`tokencast import prices`: tables of prices, and public catalogues."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from service.cli.commands.imports.files import FILE, read
from service.cli.connection import running_service_client
from service.cli.failures import BadInput, answers_reported, plain

if TYPE_CHECKING:
    from tokencast.client import Client
    from tokencast.client.shapes.price_imports import ImportCounts, ImportOut

FORMATS = ("csv", "json", "genai-prices", "litellm", "models.dev")
_TABLES = ("csv", "json")
_CHANGES_SHOWN = 40


@click.command()
@click.argument("file", required=False, type=FILE)
@click.option("--format", "format_", required=True, type=click.Choice(FORMATS), help="What FILE is.")
@click.option("--dry-run", is_flag=True, help="Only show what would change.")
@click.option("--json", "as_json", is_flag=True, help="Print the difference as JSON.")
def prices(file: Path | None, *, format_: str, dry_run: bool, as_json: bool) -> None:
    """Import the prices of FILE, whole or not at all.

    Rows of csv and json files go into the price book. Those of the public catalogues genai-prices (data.json, or
    without FILE the installed package's own), litellm (model_prices_and_context_window.json) and models.dev (api.json)
    become proposals: nothing of them counts before somebody accepts it (POST /v1/prices/proposals/accept). FILE of -
    is standard input.
    """
    content = _read(file, format_)
    source = "genai-prices" if file is None else str(file)
    _check(source, content, format_)
    with answers_reported(source), running_service_client() as client:
        answer = _send(client, content, format_, dry_run=dry_run)
    if as_json:
        import msgspec

        click.echo(msgspec.json.format(msgspec.json.encode(answer), indent=2))
    else:
        _print(answer)


def _read(file: Path | None, format_: str) -> bytes:
    if file is None:
        if format_ != "genai-prices":
            raise click.UsageError(f"FILE is needed for the format {format_}")
        return b""
    return read(file)


def _check(source: str, content: bytes, format_: str) -> None:
    """Every problem of the file before any of it is sent: a long catalogue goes in pieces."""
    from datetime import UTC, datetime

    from forecasts.errors import InvalidInput
    from service.imports.prices.importing import read_file
    from service.schemas.shape import BadJson

    try:
        read_file(content, format_, now=datetime.now(UTC))  # type: ignore[arg-type]  # one of FORMATS
    except InvalidInput as error:
        raise BadInput(source, error.problems) from None
    except BadJson as error:
        raise BadInput(source, error.detail) from None


def _send(client: "Client", content: bytes, format_: str, *, dry_run: bool) -> "ImportOut":
    from service.cli.screen import progress_of

    with progress_of("comparing prices" if dry_run else "importing prices") as done:
        if format_ in _TABLES:
            return client.prices.import_file(content, format_, dry_run=dry_run)
        from service.imports.prices.pieces import catalogue_in_pieces

        pieces = catalogue_in_pieces(content, format_)
        answers = []
        for count, piece in enumerate(pieces, start=1):
            answers.append(client.prices.import_file(piece, format_, dry_run=dry_run))
            done(count / len(pieces))
    return _together(answers)


def _together(answers: "list[ImportOut]") -> "ImportOut":
    """The answers to the pieces of one catalogue as the answer to the whole."""
    first = answers[0]
    counted: list[Mapping[str, Any]] = [answer["counts"] for answer in answers]
    return {
        **first,
        "counts": cast("ImportCounts", {name: sum(counts[name] for counts in counted) for name in first["counts"]}),
        "proposed": None if first["proposed"] is None else sum(answer["proposed"] or 0 for answer in answers),
        "changes": [change for answer in answers for change in answer["changes"]],
        "left_out": [one for answer in answers for one in answer["left_out"]],
    }


def _print(answer: "ImportOut") -> None:
    from rich.text import Text

    from service.cli.screen import results, table

    shown = table("", "Change", "Model", "Meter", "From", "Now", "Then", numbers=2)
    for change in answer["changes"][:_CHANGES_SHOWN]:
        current = change["current"]
        conditions = "" if change["service_tier"] == "standard" else f" {change['service_tier']}"
        if change["prompt_tokens_from"]:
            conditions += f" from {change['prompt_tokens_from']:,} tokens"
        shown.add_row(
            change["change"],
            Text(plain(f"{change['provider']}/{change['model']}")),
            change["meter"] + conditions,
            change["effective_from"][:10],
            "" if current is None else _rate(current),
            _rate(change),
        )
    console = results()
    if answer["changes"]:
        console.print(shown)
    counts = answer["counts"]
    more = counts["new"] + counts["changed"] - min(len(answer["changes"]), _CHANGES_SHOWN)
    if more > 0:
        console.print(f"... and {more} more; --json shows up to a thousand")
    console.print(", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items()))
    if answer["dry_run"]:
        console.print("Dry run, nothing is stored.")
    elif answer["stored"] is not None:
        console.print(f"{answer['stored']['inserted']} rows added, {answer['stored']['duplicates']} known already.")
    else:
        console.print(f"{answer['proposed']} proposals wait for a decision.")


def _rate(price: Mapping[str, Any]) -> str:
    return f"{price['rate']} {price['currency']} per {price['per_tokens']:,}"
