"""`backtest-scores`: how each method has scored, case by case: the answer of `tokencast backtest ... --json`."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import altair as alt

from service.charts.axes import as_number, as_text
from service.charts.chart import Chart, Document, Drawing
from service.charts.frame import Frame
from service.charts.layers import Panel, layered, rows_drawn, sized
from service.charts.legend import Legend
from service.charts.panels import Cell, grid, named

_BEST = "Best"
_OTHERS = "Others"
# The first figure that any method of the case has: of intervals the pinball loss, else the median error.
_FIGURES = (("pinball", "pinball loss on the log ratio", ".3f"), ("median_error", "median error", ".1%"))
_CHARACTER_EMS = 0.56
_MOST_CASES = 8

Case = Mapping[str, Any]


def _draw(document: Document, frame: Frame) -> Drawing | None:
    cases = [case for case in document["cases"] if _figure(case) is not None]
    if not cases:
        return None
    legend = Legend({_BEST: frame.theme.main, _OTHERS: frame.theme.quiet})
    lines = [f"{document['data']}: lower is better. Inside: how often the outcome lay between P10 and P90."]
    if len(cases) > _MOST_CASES:
        lines.append(f"The first {_MOST_CASES} of {len(cases)} cases.")
    shown = cases[:_MOST_CASES]
    longest = max(len(name) for case in shown for name in case["methods"])
    methods = max(len(case["methods"]) for case in shown)
    panel = grid(
        shown,
        frame,
        partial(_case, frame=frame, legend=legend, longest=longest),
        least_height=methods * frame.label_size * 2,
    )
    return Drawing(panel=panel, title=f"Backtest of {document['what']}", lines=tuple(lines))


def _case(case: Case, cell: Cell, *, frame: Frame, legend: Legend, longest: int) -> Panel:
    room = cell.width + frame.axis_width
    extent = min(room / 3, longest * frame.label_size * _CHARACTER_EMS)
    field, words, number_format = _figure(case) or _FIGURES[0]
    scored = {name: method for name, method in case["methods"].items() if method.get(field) is not None}
    best = min(method[field] for method in scored.values())
    rows = [
        {
            "method": name.replace("_", " "),
            "role": _BEST if method[field] == best else _OTHERS,
            "score": method[field],
            "coverage": method.get("coverage"),
            "note": _note(method),
        }
        for name, method in sorted(scored.items(), key=lambda item: item[1][field])
    ]
    base = rows_drawn(rows).encode(
        y=alt.Y(
            "method",
            type="nominal",
            sort=None,
            axis=alt.Axis(title=None, ticks=False, domain=False, minExtent=extent, labelLimit=room / 3),
        )
    )
    highest = max(row["score"] for row in rows)
    x = alt.X(
        "score",
        type="quantitative",
        axis=alt.Axis(title=words, format=number_format, grid=True, tickCount=4),
        # Room for the figures behind the longest bar.
        scale=alt.Scale(domain=[0, highest * 1.5 or 1]),
    )
    tooltip = [
        as_text("method", "Method"),
        as_number("score", words.capitalize(), number_format),
        as_number("coverage", "Inside P10 to P90", ".0%"),
    ]
    bars = base.mark_bar(height=alt.RelativeBandSize(band=0.6)).encode(x=x, color=legend.by("role"), tooltip=tooltip)
    text = base.mark_text(align="left", dx=6, fontWeight="bold")
    notes = base.mark_text(align="left", dx=6 + frame.label_size * 3.6, color=frame.theme.muted)
    panel = layered(
        bars,
        text.encode(x=x, text=alt.Text("score", type="quantitative", format=number_format)),
        notes.encode(x=x, text=alt.Text("note", type="nominal")),
    )
    counts = f"{case['case'].replace('_', ' ')}: {case['rows']:,} rows, {case['series']:,} series"
    return named(sized(panel, room - extent, cell.height), counts, cell, frame)


def _note(method: Mapping[str, Any]) -> str:
    coverage = method.get("coverage")
    return "" if coverage is None else f"{coverage:.0%} inside"


def _figure(case: Case) -> tuple[str, str, str] | None:
    for figure in _FIGURES:
        if any(method.get(figure[0]) is not None for method in case["methods"].values()):
            return figure
    return None


CHART = Chart(
    name="backtest-scores",
    title="Backtest scores",
    subject="backtest",
    nothing="No case of this backtest has a score.",
    draw=_draw,
)
