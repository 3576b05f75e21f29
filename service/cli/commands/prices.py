"""`tokencast prices`: what the packaged catalogue knows about a model's prices, without any service."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from service.cli.failures import BadInput, Failure

if TYPE_CHECKING:
    from service.schemas.pricing.history import PriceHistoryOut

_OPTIONS = {"/model": "MODEL", "/as_of": "--as-of", "/months": "--months"}


@click.group(short_help="Look at packaged prices.")
def prices() -> None:
    """Look at the prices that come with Tokencast."""


@prices.command("history", short_help="What a model has cost, and where an outlook takes it.")
@click.argument("model")
@click.option("--as-of", metavar="DATE", help="Prices as known on this day; by default today.")
@click.option(
    "--outlook",
    type=click.Choice(["hold", "scheduled", "projected_cut", "planning_haircut", "history"]),
    default="projected_cut",
    show_default=True,
    help="What to assume of the months after it.",
)
@click.option("--months", type=int, default=12, show_default=True, help="How many months to project.")
@click.option("--service-tier", type=click.Choice(["standard", "batch", "flex", "priority"]), default="standard")
@click.option("--json", "as_json", is_flag=True, help="Print the history as JSON instead of a table.")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Also draw it into this folder.")
@click.option(
    "--chart-format", type=click.Choice(["png", "svg"]), default="png", show_default=True, help="Of the drawing."
)
def history(model: str, *, as_json: bool, out: Path | None, chart_format: Literal["png", "svg"], **asked: Any) -> None:
    """Show what the tokens of MODEL, written as provider/model, have cost by meter, and the months to come.

    The rows are those of the packaged catalogue. A service has them and your own: GET /v1/prices/history.
    """
    found = _history({"model": model, **{name: value for name, value in asked.items() if value is not None}})
    if out is not None:
        _draw(out, found, chart_format)
    if as_json:
        import msgspec

        from service.cli.commands.plans import print_json

        print_json(msgspec.json.encode(found))
        return
    from service.cli.screen import results
    from service.cli.tables.prices import print_history

    print_history(found, results())


def _history(asked: dict[str, Any]) -> "PriceHistoryOut":
    import msgspec

    from forecasts.catalog.prices import load_price_rows, price_rows_known_at
    from forecasts.errors import Problem
    from service.forecasting.price_history import price_history, unknown_model
    from service.forecasting.snapshot import end_of_day
    from service.refusals import BadParameters
    from service.schemas.pricing.history_query import PriceHistoryQuery
    from service.schemas.shape import BadShape, decode

    today: date = datetime.now(UTC).date()
    try:
        terms = decode(msgspec.json.encode(asked), PriceHistoryQuery).to_terms(today)
        model = (terms.route.provider, terms.route.model)
        if model not in {(row.provider, row.model) for row in load_price_rows()}:
            raise unknown_model(terms.route)
    except (BadShape, BadParameters) as error:
        named = [Problem(pointer=_OPTIONS.get(one.pointer, one.pointer), detail=one.detail) for one in error.problems]
        raise BadInput(asked["model"], named) from None
    known = [row for row in price_rows_known_at(end_of_day(terms.as_of)) if (row.provider, row.model) == model]
    return price_history(known, terms)


def _draw(folder: Path, found: "PriceHistoryOut", kind: Literal["png", "svg"]) -> None:
    import msgspec

    from service.cli.chart_files import write_charts

    document = msgspec.json.decode(msgspec.json.encode(found))
    try:
        drawn = write_charts(folder, document, kind, subject="price_history", of=f"{found.provider}/{found.model}")
    except OSError as error:
        raise Failure(f"{folder} could not be written: {error.strerror}") from None
    click.echo(f"tokencast: {', '.join(drawn.files) or 'nothing to draw'} in {folder}", err=True)
