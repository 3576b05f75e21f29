"""`tokencast backtest uplift`: predicted against measured speedups of speculative decoding."""

import csv
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from service.cli.failures import BadInput, plain

if TYPE_CHECKING:
    from forecasts.backtest.scores import Scores
    from forecasts.backtest.uplift.backtest import UpliftBacktest
    from forecasts.backtest.uplift.cases import Case
    from forecasts.catalog.measurements import SpeculationMeasurement

PACKAGED = "packaged evidence"
# The rivals' names, and what the table has room for.
_RIVALS = {
    "flat-1.67": "flat",
    "flat-median-by-method": "method",
    "acceptance-length": "length",
    "same-as-measured": "measured",
}
_BALANCED = ", source-balanced"


@click.command(short_help="Score the speedups of speculative decoding.")
@click.option(
    "--data",
    type=click.Path(dir_okay=False, allow_dash=True, path_type=Path),
    metavar="FILE",
    help="A CSV file in the columns of the packaged evidence, or - for standard input.",
)
@click.option("--json", "as_json", is_flag=True, help="Print every figure as JSON instead of a table.")
def uplift(data: Path | None, *, as_json: bool) -> None:
    """Score predicted speedups of speculative decoding against measured ones.

    Without --data: the packaged evidence, every source predicted by what the other sources teach (some ten seconds).
    With it: FILE, by the shipped parameters. An error is |predicted / measured - 1|. A row is predicted by its measured
    acceptance where it has one, else by its method's range. Unless a case says otherwise it is of datacentre hardware.

    Rivals: flat (1.67), method (the median of the method elsewhere), length (the acceptance length), measured (the same
    as the measured point). "balanced" is our median with every source of equal weight, "in band" the share of rows
    inside our 80 % band.
    """
    from forecasts.backtest.uplift.backtest import backtest_measurements, backtest_packaged_evidence

    if data is None:
        from service.cli.screen import progress_of

        with progress_of("scoring speedups, source by source") as report:
            result = backtest_packaged_evidence(lambda done, of: report(done / of))
    else:
        result = backtest_measurements(_read(data))
    if not result.cases:
        raise BadInput(str(data), "no row can be scored: " + "; ".join(_not_scored(result)))
    _tell_what_is_not_scored(result)
    if as_json:
        _print_json(PACKAGED if data is None else str(data), result)
    else:
        _print_table(result.cases)


def _read(path: Path) -> tuple["SpeculationMeasurement", ...]:
    """The measurements of the file; BadInput with every problem found."""
    from forecasts.catalog.measurements import parse_measurements
    from forecasts.errors import Findings

    source = "standard input" if str(path) == "-" else str(path)
    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise click.BadParameter(f"{path} cannot be read: {error.strerror}", param_hint="--data") from None
    findings = Findings()
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        rows = list(reader)
    except UnicodeDecodeError:
        raise BadInput(source, "is not UTF-8 text; a CSV file in the columns of the packaged evidence is") from None
    except csv.Error as error:
        raise BadInput(source, f"is not a CSV file: {error}") from None
    if not rows:
        raise BadInput(source, "holds no measurement; the first line names the columns, each further one is a row")
    measurements = parse_measurements(rows, findings)
    if findings.problems:
        raise BadInput(source, findings.problems)
    return measurements


def _not_scored(result: "UpliftBacktest") -> list[str]:
    ordered = sorted(result.left_out.items(), key=lambda one: (-one[1], one[0]))
    return [f"{plain(reason)} in {count} of them" for reason, count in ordered]


def _tell_what_is_not_scored(result: "UpliftBacktest") -> None:
    if result.left_out:
        count = sum(result.left_out.values())
        click.echo(f"tokencast: {count} rows are not scored: {'; '.join(_not_scored(result))}", err=True)
    if result.seen:
        click.echo(
            f"tokencast: the shipped parameters have seen {len(result.seen)} of these sources: "
            f"{plain(', '.join(result.seen))}",
            err=True,
        )


def _print_json(data: str, result: "UpliftBacktest") -> None:
    import msgspec

    document = {
        "what": "uplift",
        "data": data,
        "cases": [
            {
                "case": case.case,
                "rows": case.rows,
                "series": case.series,
                "methods": {name: _figures(scores) for name, scores in case.methods.items()},
            }
            for case in result.cases
        ],
        "left_out": dict(result.left_out),
    }
    click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2))


def _figures(scores: "Scores") -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(scores)


def _print_table(cases: Sequence["Case"]) -> None:
    """Source-balanced cases are a column beside the cases that they balance."""
    from service.cli.screen import results, table

    balanced = {case.case: case.methods["tokencast"].median_error for case in cases if case.case.endswith(_BALANCED)}
    figures = ("tokencast", "P90", "in band", "balanced", *_RIVALS.values())
    shown = table("Median error of the speedup", "Case", "Rows", "Sources", *figures, numbers=2 + len(figures))
    for case in cases:
        if case.case in balanced:
            continue
        ours = case.methods["tokencast"]
        medians = [case.methods[name].median_error if name in case.methods else None for name in _RIVALS]
        by_source = balanced.get(f"{case.case}{_BALANCED}")
        shown.add_row(
            case.case,
            str(case.rows),
            str(case.series),
            *(_percent(figure) for figure in (ours.median_error, ours.p90_error, ours.coverage, by_source, *medians)),
        )
    results().print(shown)


def _percent(figure: float | None) -> str:
    return "" if figure is None else f"{100.0 * figure:.1f} %"
