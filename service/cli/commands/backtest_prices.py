"""`tokencast backtest prices`: how each price outlook would have done."""

import csv
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.cli.failures import BadInput, Failure

if TYPE_CHECKING:
    from forecasts.backtest.prices.reading import PriceFile
    from service.schemas.pricing.backtest import PriceBacktestOut

PACKAGED = "packaged price history"
_FIGURES = ("pinball", "coverage", "median_error", "p90_error", "mean_error", "bias")


@click.command(short_help="Score the price outlooks.")
@click.option(
    "--data",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="A CSV file with the columns of the packaged history, or of its tiers, instead of both; - for standard input.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the scores as JSON instead of tables.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Also write the scores to DIR, as backtest-prices.json, .csv and .png.",
)
def prices(data: Path | None, *, as_json: bool, out: Path | None) -> None:
    """Score every price outlook that can stand alone, and today's price held, from rolling monthly origins.

    On the first of each month, from what was known by then, each outlook forecasts the mean output price of the twelve
    months after that month. Series are models on sale and tiers, which follow whatever model is current.
    """
    import msgspec

    from service.cli.commands.plans import print_json

    document = _score(data)
    encoded = msgspec.json.encode(document)
    if out is not None:
        _write(out, encoded, document)
    if as_json:
        print_json(encoded)
    else:
        _print(document)


def _score(data: Path | None) -> "PriceBacktestOut":
    from forecasts.backtest.prices.run import backtest_prices
    from forecasts.backtest.prices.since import CLAIMED_ON, OBSERVED_ON, moves_between
    from forecasts.catalog.price_series import load_series
    from service.cli.screen import progress_of
    from service.schemas.pricing.backtest import PriceBacktestOut

    if data is None:
        models, tiers = load_series("models"), load_series("tiers")
        moves = moves_between(models, CLAIMED_ON, OBSERVED_ON)
    else:
        file = _read(data)
        models, tiers, moves = file.models, file.tiers, None
    with progress_of("scoring price outlooks") as report:
        cases = backtest_prices(models, tiers, report)
    if not cases:
        raise BadInput(str(data), "no series was observed for thirteen months, so that nothing can be scored")
    return PriceBacktestOut.of(cases, data=PACKAGED if data is None else str(data), moves=moves)


def _read(path: Path) -> "PriceFile":
    from forecasts.backtest.prices.reading import read_prices
    from forecasts.catalog.price_series import flat_week_peak_share
    from forecasts.errors import InvalidInput

    source = "standard input" if str(path) == "-" else str(path)
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return read_prices(content.decode("utf-8-sig"), peak_share=flat_week_peak_share)
    except OSError as error:
        raise BadInput(source, f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadInput(source, f"is not UTF-8 text at byte {error.start}") from None
    except InvalidInput as invalid:
        raise BadInput(source, invalid.problems) from None


def _print(document: "PriceBacktestOut") -> None:
    from service.cli.screen import results, table

    console = results()
    console.print(f"\nBacktest of price outlooks on the {document.data}: {document.target}\n")
    for case in document.cases:
        title = f"{case.case}: {case.rows} origins of {case.series} series, {case.first_origin} to {case.last_origin}"
        shown = table(
            title, "", "Pinball", "P10-P90 held", "Median error", "P90 error", "Mean error", "Bias", numbers=6
        )
        for name, scores in sorted(case.methods.items(), key=lambda item: item[1].pinball or 0.0):
            shown.add_row(name, *(_cell(figure, getattr(scores, figure)) for figure in _FIGURES))
        console.print(shown)
    for name, words in document.assumes.items():
        console.print(f"  {name}: {words}")
    moves = document.planning_case
    if moves is not None:
        console.print(
            f"\nOf {moves.models} models on sale on {moves.first} and on {moves.last}, {moves.unchanged} are unchanged,"
            f" {moves.higher} higher and {moves.lower} lower, {moves.lower_as_claimed} of these by 20 to 40 %."
        )


def _cell(figure: str, value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:.3f}" if figure == "pinball" else f"{100 * value:.1f} %"


def _write(folder: Path, encoded: bytes, document: "PriceBacktestOut") -> None:
    """The document, its figures as a table, and its picture, each file whole or not at all."""
    import msgspec

    from service.charts.frame import frame
    from service.charts.registry import draw
    from service.charts.rendering import render
    from tokencast.whole_files import write_whole

    picture = draw("backtest-scores", msgspec.to_builtins(document), frame())
    contents = {
        "backtest-prices.json": encoded,
        "backtest-prices.csv": _table(document).encode(),
        "backtest-prices.png": render(picture, "png"),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            with write_whole(folder / name) as file:
                file.write(content)
            click.echo(f"tokencast: wrote {folder / name}", err=True)
    except OSError as error:
        raise Failure(f"{folder} could not be written: {error.strerror}") from None


def _table(document: "PriceBacktestOut") -> str:
    """CSV (RFC 4180), a line for each case and method."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("case", "rows", "series", "first_origin", "last_origin", "method", *_FIGURES))
    for case in document.cases:
        for name, scores in case.methods.items():
            figures = (getattr(scores, figure) for figure in _FIGURES)
            writer.writerow((case.case, case.rows, case.series, case.first_origin, case.last_origin, name, *figures))
    return text.getvalue()
