"""`months`: what each month has cost or is expected to, its P10 to P90, and the budgets phased over the months."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import altair as alt

from service.charts.axes import amount, as_money, as_text, money_axis, months_axis
from service.charts.chart import Chart, Document, Drawing
from service.charts.figure import currency_sign
from service.charts.forecast.now import now_line, recorded_months
from service.charts.frame import Frame
from service.charts.layers import layered, rows_drawn
from service.charts.legend import Legend

_EXPECTED = "Expected"
_RECORDED = "Recorded"
_RANGE = "P10 to P90"
_MOST_YEARS_IN_WORDS = 3
_NAMES = {"effective": "effective cost", "billed": "billed cost"}


def _draw(document: Document, frame: Frame) -> Drawing | None:
    rows = list(_rows(document))
    if not rows:
        return None
    theme = frame.theme
    total = document["total"]["budget"]
    budget, basis = f"Budget at {total['confidence']:.0%}", _NAMES[total["basis"]]
    held = document.get("budget_version")
    colours = {_EXPECTED: theme.main, _RANGE: theme.band, budget: theme.accent}
    if any(row["recorded"] for row in rows):
        colours = {_RECORDED: theme.text, **colours}
    if held is not None:
        colours[held["name"]] = theme.other
    legend = Legend(colours, columns=2 if frame.narrow else len(colours), labelLimit=frame.inner_width / 2 - 40)
    months = [row["month"] for row in rows]
    x = months_axis(months, frame, frame.inner_width - frame.axis_width, banded=True)
    tooltip = [as_money("expected", _EXPECTED), as_money("p10", "P10"), as_money("p90", "P90")]
    base = rows_drawn(rows).encode(x=x, tooltip=[as_text("month", "Month"), *tooltip, as_money("budget", budget)])
    # An area of one month has no width.
    alone = len(rows) == 1
    spread = base.mark_bar(size=90) if alone else base.mark_area()
    scale, note = _scale(rows, [] if held is None else _held_rows(held, months))
    y = money_axis("p10", f"{document['currency']} a month, {basis}{note}", frame, scale=scale)
    layers = [
        legend.paint(spread.encode(y=y, y2=alt.Y2("p90")), _RANGE),
        *([] if held is None else [_held(held, months, legend)]),
        legend.paint(_line(base, alone=alone).encode(y=alt.Y("budget", type="quantitative")), budget),
        *_expected(base, legend),
    ]
    panel = layered(*layers, *now_line(document, months, frame))
    return Drawing(panel=panel, title="Cost by month", lines=tuple(_words(document)))


def _expected(base: alt.Chart, legend: Legend) -> list[alt.Chart]:
    """The expected cost, and over it what is recorded: runs of months that do not touch are lines of their own."""
    line = base.mark_line(point={"size": 60}, strokeWidth=3).encode(y=alt.Y("expected", type="quantitative"))
    layers = [legend.paint(line, _EXPECTED)]
    if _RECORDED in legend:
        known = line.transform_filter("datum.recorded !== null")
        layers.append(legend.paint(known.encode(detail=alt.Detail("recorded", type="nominal")), _RECORDED))
    return layers


def _held(held: Mapping[str, Any], months: Sequence[str], legend: Legend) -> alt.Chart:
    """A budget that is held against the forecast, month by month as it was budgeted."""
    # Over the whole width of its month: a budget is of the month and not of its middle.
    line: alt.Chart = rows_drawn(_held_rows(held, months)).mark_rule(strokeWidth=2.5)
    return line.encode(
        x=alt.X("month", type="ordinal", sort=None, scale=alt.Scale(domain=list(months)), bandPosition=0),
        x2=alt.X2("month", bandPosition=1),
        y=alt.Y("held", type="quantitative"),
        color=legend.by("of"),
        tooltip=[as_text("month", "Month"), as_text("of", "Of"), as_money("held", "Budget")],
    )


def _held_rows(held: Mapping[str, Any], months: Sequence[str]) -> list[dict[str, Any]]:
    """`months` of the budget that are in the horizon."""
    known = set(months)
    return [
        {"month": month["month"], "held": amount(month["budget"]), "of": held["name"]}
        for month in held["months"]
        if month["month"] in known
    ]


def _scale(rows: list[dict[str, Any]], held: list[dict[str, Any]]) -> tuple[alt.Scale, str]:
    """From zero, except where that would flatten everything there is to see; the axis then says so."""
    drawn = [row[field] for row in rows for field in ("p10", "p90", "budget")] + [row["held"] for row in held]
    low, high = min(drawn), max(drawn)
    if low < high / 2 or high - low < high / 20:
        return alt.Scale(domainMax=high * 1.1), ""
    return alt.Scale(domainMin=low - (high - low) / 4, zero=False, nice=True), " (not from zero)"


def _line(base: alt.Chart, *, alone: bool) -> alt.Chart:
    line: alt.Chart = base.mark_tick(thickness=3, size=90)
    if not alone:
        line = base.mark_line(strokeWidth=2.5, strokeDash=[7, 5])
    return line


def _rows(document: Document) -> Iterator[dict[str, Any]]:
    """A fiscal year's budget is spread over its months as their expected cost is: only the year's own is a budget.

    `recorded` counts the runs of recorded months, and is null in months that are forecast.
    """
    months = iter(document["monthly"])
    basis = document["total"]["budget"]["basis"]
    recorded = recorded_months(document)
    run, was_recorded = 0, False
    for year in document["annual"]:
        own = list(islice(months, year["months"]))
        budget, expected = float(year["budget"]["amount"]), float(year["budget"]["expected"])
        for month in own:
            mean = float(month[basis]["mean"])
            is_recorded = month["month"] in recorded
            run, was_recorded = run + (is_recorded and not was_recorded), is_recorded
            yield {
                "month": month["month"],
                "expected": mean,
                "p10": amount(month[basis]["p10"]),
                "p90": amount(month[basis]["p90"]),
                "budget": mean * budget / expected if expected else budget / len(own),
                "recorded": run if is_recorded else None,
            }


def _words(document: Document) -> Iterator[str]:
    sign = currency_sign(document["currency"])
    years = [(f"{year['fiscal_year']}", year["budget"]) for year in document["annual"]]
    if len(years) > _MOST_YEARS_IN_WORDS:
        years = [("Whole horizon", document["total"]["budget"])]
    for name, budget in years:
        expected, contingency, whole = (
            f"{sign}{float(budget[field]):,.0f}" for field in ("expected", "contingency", "amount")
        )
        yield f"{name}: expected {expected} + contingency {contingency} = budget {whole}"
    if "budget_version" in document:
        yield f"{document['budget_version']['name']} is shown before its contingency."
    yield "Phased by month as the expected cost is. Monthly ranges do not add up to the year's."


CHART = Chart(
    name="months",
    title="Cost by month",
    subject="forecast",
    nothing="This forecast has no months.",
    draw=_draw,
    months_by="kind",
)
