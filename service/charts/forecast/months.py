"""`months`: what each month is expected to cost, its P10 to P90, and the budget phased over the months."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import altair as alt

from service.charts.axes import amount, as_money, as_text, money_axis, months_axis
from service.charts.chart import Chart, Document, Drawing
from service.charts.figure import currency_sign
from service.charts.frame import Frame
from service.charts.layers import layered, rows_drawn
from service.charts.legend import Legend

_EXPECTED = "Expected"
_RANGE = "P10 to P90"
_MOST_YEARS_IN_WORDS = 3
_NAMES = {"effective": "effective cost", "billed": "billed cost"}


def _draw(document: Document, frame: Frame) -> Drawing | None:
    rows = list(_rows(document))
    if not rows:
        return None
    theme = frame.theme
    total = document["total"]["budget"]
    budget = f"Budget at {total['confidence']:.0%}"
    basis = _NAMES[total["basis"]]
    legend = Legend({_EXPECTED: theme.main, _RANGE: theme.band, budget: theme.accent})
    x = months_axis([row["month"] for row in rows], frame, frame.inner_width - frame.axis_width)
    base = rows_drawn(rows).encode(
        x=x,
        tooltip=[
            as_text("month", "Month"),
            as_money("expected", _EXPECTED),
            as_money("p10", "P10"),
            as_money("p90", "P90"),
            as_money("budget", budget),
        ],
    )
    # An area of one month has no width.
    spread = base.mark_area() if len(rows) > 1 else base.mark_bar(size=90)
    expected = base.mark_line(point={"size": 60}, strokeWidth=3)
    scale, note = _scale(rows)
    y = money_axis("p10", f"{document['currency']} a month, {basis}{note}", frame, scale=scale)
    panel = layered(
        legend.paint(spread.encode(y=y, y2=alt.Y2("p90")), _RANGE),
        legend.paint(_line(base, len(rows)).encode(y=alt.Y("budget", type="quantitative")), budget),
        legend.paint(expected.encode(y=alt.Y("expected", type="quantitative")), _EXPECTED),
    )
    return Drawing(panel=panel, title="Cost by month", lines=tuple(_words(document)))


def _scale(rows: list[dict[str, Any]]) -> tuple[alt.Scale, str]:
    """From zero, except where that would flatten everything there is to see; the axis then says so."""
    low, high = min(row["p10"] for row in rows), max(max(row["p90"], row["budget"]) for row in rows)
    if low < high / 2 or high - low < high / 20:
        return alt.Scale(domainMax=high * 1.1), ""
    return alt.Scale(domainMin=low - (high - low) / 4, zero=False, nice=True), " (not from zero)"


def _line(base: alt.Chart, months: int) -> alt.Chart:
    line: alt.Chart = base.mark_tick(thickness=3, size=90)
    if months > 1:
        line = base.mark_line(strokeWidth=2.5, strokeDash=[7, 5])
    return line


def _rows(document: Document) -> Iterator[dict[str, Any]]:
    """A fiscal year's budget is spread over its months as their expected cost is: only the year's own is a budget."""
    months = iter(document["monthly"])
    basis = document["total"]["budget"]["basis"]
    for year in document["annual"]:
        own = list(islice(months, year["months"]))
        budget, expected = float(year["budget"]["amount"]), float(year["budget"]["expected"])
        for month in own:
            mean = float(month[basis]["mean"])
            yield {
                "month": month["month"],
                "expected": mean,
                "p10": amount(month[basis]["p10"]),
                "p90": amount(month[basis]["p90"]),
                "budget": mean * budget / expected if expected else budget / len(own),
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
    yield "Phased by month as the expected cost is. Monthly ranges do not add up to the year's."


CHART = Chart(
    name="months",
    title="Cost by month",
    subject="forecast",
    nothing="This forecast has no months.",
    draw=_draw,
)
