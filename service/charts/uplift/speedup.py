"""`uplift-speedup`: a decoder's speedup against concurrency, with its band, measured points and the fleet's place."""

from typing import Any

import altair as alt

from service.charts.axes import as_number, as_text, vertical
from service.charts.chart import Chart, Document, Drawing
from service.charts.frame import Frame
from service.charts.layers import layered, rows_drawn
from service.charts.legend import Legend
from service.charts.uplift.loads import concurrency_axis, even_line

_MEDIAN = "Speedup, median"
_RANGE = "P10 to P90"
_MEASURED = "Measured elsewhere"
_USED = "Measured and used"
_HERE = "This fleet"
_BASES = {
    "equal_concurrency": "at equal concurrency",
    "matched_speed": "at a matched per-user speed",
    "matched_throughput": "at a matched throughput",
}


def _draw(document: Document, frame: Frame) -> Drawing | None:
    curve = document["curve"]
    if not curve["concurrency"]:
        return None
    theme = frame.theme
    measured = list(document["measured"])
    colours = {_MEDIAN: theme.main, _RANGE: theme.band}
    if any(not point["used"] for point in measured):
        colours[_MEASURED] = theme.muted
    if any(point["used"] for point in measured):
        colours[_USED] = theme.text
    colours[_HERE] = theme.alarm
    legend = Legend(colours, columns=2 if frame.narrow else len(colours))
    here = {"concurrency": document["standing_without"]["concurrency"], "p50": document["equal_concurrency_speedup"]}
    x, y, y_range = _axes(document, [here["concurrency"], *(point["concurrency"] for point in measured)], frame)
    return Drawing(
        panel=layered(
            *_band(document, legend, x, y_range),
            even_line("p50", frame).encode(y=y),
            *_curve(document, legend, x, y),
            *_points(measured, legend, x, y),
            _here(here, legend, x, y),
        ),
        title=f"Speedup by concurrency: {document['preset']} on {document['fleet']}",
        lines=(_words(document),),
    )


def _axes(document: Document, concurrencies: list[float], frame: Frame) -> tuple[alt.X, alt.Y, alt.Y]:
    x = concurrency_axis([*document["curve"]["concurrency"], *concurrencies], "running requests per node")
    title = f"throughput over that of {document['speedup_over']}"
    if document["speedup_over"] == "none":
        title = "throughput over that without a decoder"
    y, y_range = (
        vertical(field, title, frame, number_format=".2~f", scale=alt.Scale(zero=False, padding=12))
        for field in ("p50", "p10")
    )
    return x, y, y_range


def _rows(document: Document) -> list[dict[str, float]]:
    curve = document["curve"]
    fields = ("concurrency", "p10", "p50", "p90")
    return [dict(zip(fields, row, strict=True)) for row in zip(*(curve[field] for field in fields), strict=True)]


def _band(document: Document, legend: Legend, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    rows = _rows(document)
    base = rows_drawn(rows)
    band = base.mark_area(interpolate="monotone") if len(rows) > 1 else base.mark_rule(strokeWidth=14)
    return [legend.paint(band.encode(x=x, y=y, y2=alt.Y2("p90")), _RANGE)]


def _curve(document: Document, legend: Legend, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    rows = _rows(document)
    tooltip = [as_number("concurrency", "Requests per node", ",.4~g")]
    tooltip += [as_number(field, field.upper(), ".3f") for field in ("p10", "p50", "p90")]
    base = rows_drawn(rows).encode(x=x, y=y, tooltip=tooltip)
    line = base.mark_line(strokeWidth=3, interpolate="monotone", point=len(rows) == 1)
    return [legend.paint(line, _MEDIAN)]


def _points(measured: list[dict[str, Any]], legend: Legend, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    layers = []
    for name, used, size in ((_MEASURED, False, 55), (_USED, True, 120)):
        rows = [
            {"concurrency": point["concurrency"], "p50": point["speedup"], "source": point["source"]}
            for point in measured
            if point["used"] is used
        ]
        if rows:
            points = rows_drawn(rows).mark_point(filled=True, size=size, opacity=0.9)
            tooltip = [
                as_text("source", "Source"),
                as_number("concurrency", "Requests", ",.4~g"),
                as_number("p50", "Speedup", ".3f"),
            ]
            layers.append(legend.paint(points.encode(x=x, y=y, tooltip=tooltip), name))
    return layers


def _here(here: dict[str, float], legend: Legend, x: alt.X, y: alt.Y) -> alt.Chart:
    point = rows_drawn([here]).mark_point(filled=True, opacity=1, size=220, shape="diamond")
    tooltip = [as_number("concurrency", "Requests per node", ",.4~g"), as_number("p50", "Speedup", ".3f")]
    return legend.paint(point.encode(x=x, y=y, tooltip=tooltip), _HERE)


def _words(document: Document) -> str:
    basis = _BASES.get(document["basis"], document["basis"])
    return (
        f"The forecast uses {document['speedup']:.2f} ({basis}); at this fleet's "
        f"{document['standing_without']['concurrency']:,.4g} requests per node the curve says "
        f"{document['equal_concurrency_speedup']:.2f}. Below 1 the decoder loses."
    )


CHART = Chart(
    name="uplift-speedup",
    title="Speedup by concurrency",
    subject="uplift",
    nothing="This decoder has no curve: its speedup is a constant.",
    draw=_draw,
)
