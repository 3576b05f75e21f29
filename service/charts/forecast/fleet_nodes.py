"""`fleet-nodes`: nodes of each fleet by month, and what they serve of what they could."""

from functools import partial
from typing import Any

import altair as alt

from service.charts.axes import as_number, as_text, labelled_months, months_axis, tokens_axis, vertical
from service.charts.chart import Chart, Document, Drawing
from service.charts.forecast.fleets import Fleet, draw_fleets
from service.charts.frame import Frame
from service.charts.layers import Panel, layered, rows_drawn, sized, stacked
from service.charts.legend import Legend
from service.charts.panels import Cell

_NODES = "Nodes, mean"
_RANGE = "Nodes, P10 to P90"
_SERVED = "Served"
_OVERFLOW = "Overflow to an API"
_UNSERVED = "Unserved"
_CAPACITY = "Capacity at full load"
_LEAST_HEIGHT = 350
_SHARE_OF_NODES = 0.3
_BETWEEN = 76
_FEW_NODES = 4
_ORDER = {name: order for order, name in enumerate((_SERVED, _OVERFLOW, _UNSERVED))}


def _draw(document: Document, frame: Frame) -> Drawing | None:
    months = [month for fleet in document["fleets"] for month in fleet["months"]]
    theme = frame.theme
    colours = {_NODES: theme.text}
    if any(month["nodes"]["p10"] < month["nodes"]["p90"] for month in months):
        colours[_RANGE] = theme.band
    colours[_SERVED] = theme.main
    if any(month["overflow_tokens"] for month in months):
        colours[_OVERFLOW] = theme.series[1]
    if any(month["unserved_tokens"] for month in months):
        colours[_UNSERVED] = theme.alarm
    colours[_CAPACITY] = theme.quiet
    legend = Legend(colours, columns=2 if frame.narrow else len(colours))
    return draw_fleets(
        document,
        frame,
        partial(_fleet, frame=frame, legend=legend),
        title="Fleets by month",
        least_height=_LEAST_HEIGHT,
        lines=(
            "Nodes that are paid for, and the tokens they serve. Percentages are utilisation of the serving nodes.",
        ),
    )


def _fleet(fleet: Fleet, cell: Cell, *, frame: Frame, legend: Legend) -> Panel:
    height = cell.height - _BETWEEN
    nodes = sized(_nodes(fleet, frame, legend, cell.width), cell.width, height * _SHARE_OF_NODES)
    tokens = _tokens(fleet, frame, legend, cell.width)
    tokens = sized(tokens, cell.width, height * (1 - _SHARE_OF_NODES))
    return stacked([nodes, tokens], spacing=30)


def _nodes(fleet: Fleet, frame: Frame, legend: Legend, width: float) -> Panel:
    rows = [
        {
            "month": month["month"],
            **{field: month["nodes"][field] for field in ("mean", "p10", "p90")},
            "node_hours": month["node_hours"]["mean"],
        }
        for month in fleet["months"]
    ]
    base = rows_drawn(rows).encode(
        x=months_axis([row["month"] for row in rows], frame, width, labelled=False),
        tooltip=[
            as_text("month", "Month"),
            as_number("mean", _NODES),
            as_number("p10", "P10"),
            as_number("p90", "P90"),
            as_number("node_hours", "Node-hours"),
        ],
    )
    highest = max(row["p90"] for row in rows)
    y, y_range = (
        vertical(
            field,
            "nodes",
            frame,
            number_format=",~r",
            axis={"values": list(range(int(highest) + 2))}
            if highest < _FEW_NODES
            else {"tickMinStep": 1, "tickCount": 4},
            scale=alt.Scale(domain=[0, max(1, highest * 1.15)], nice=False),
        )
        for field in ("mean", "p10")
    )
    alone = len(rows) == 1
    band = base.mark_bar(size=70) if alone else base.mark_area(interpolate="step")
    line = base.mark_tick(thickness=3, size=70) if alone else base.mark_line(interpolate="step", strokeWidth=3)
    line = legend.paint(line.encode(y=y), _NODES)
    if _RANGE not in legend:
        return layered(line)
    return layered(legend.paint(band.encode(y=y_range, y2=alt.Y2("p90")), _RANGE), line)


def _tokens(fleet: Fleet, frame: Frame, legend: Legend, width: float) -> Panel:
    months = [month["month"] for month in fleet["months"]]
    used = [row for month in fleet["months"] for row in _uses(month) if row["what"] in legend]
    labelled = set(labelled_months(months, frame, width))
    limits = [
        {
            "month": month["month"],
            "capacity": month["tokens_served"] + month["headroom_tokens"],
            "top": sum(use["tokens"] for use in _uses(month)),
            "utilization": month["utilization_fraction"] if month["month"] in labelled else None,
        }
        for month in fleet["months"]
    ]
    largest = max(max(row["capacity"], row["top"]) for row in limits)
    x = months_axis(months, frame, width)
    y = tokens_axis("tokens", "output tokens a month", frame, largest, scale=alt.Scale(domainMax=largest * 1.08 or 1))
    bars = rows_drawn(used).mark_bar()
    bars = bars.encode(
        x=x,
        y=y,
        color=legend.by("what"),
        order=alt.Order("order", type="quantitative"),
        tooltip=[as_text("month", "Month"), as_text("what", "Tokens"), as_number("tokens", "Output tokens", ",.0f")],
    )
    above = rows_drawn(limits).encode(x=x)
    alone = len(months) == 1
    line = above.mark_tick(thickness=2.5, size=90) if alone else above.mark_line(interpolate="step", strokeWidth=2.5)
    line = line.encode(
        y=alt.Y("capacity", type="quantitative"),
        tooltip=[
            as_text("month", "Month"),
            as_number("capacity", _CAPACITY, ",.0f"),
            as_number("utilization", "Utilisation", ".1%"),
        ],
    )
    words = above.transform_filter("isValid(datum.utilization)").encode(
        y=alt.Y("top", type="quantitative"), text=alt.Text("utilization", type="quantitative", format=".0%")
    )
    place: dict[str, Any] = {"baseline": "bottom", "dy": -4, "fontSize": frame.label_size - 1}
    # Where a fleet is busy its capacity runs through the figures: a rim of the background keeps them legible.
    rim = words.mark_text(stroke=frame.theme.background, strokeWidth=4, **place)
    return layered(bars, legend.paint(line, _CAPACITY), rim, words.mark_text(**place))


def _uses(month: dict[str, Any]) -> list[dict[str, Any]]:
    amounts = {
        _SERVED: month["tokens_served"],
        _OVERFLOW: month["overflow_tokens"],
        _UNSERVED: month["unserved_tokens"],
    }
    return [
        {"month": month["month"], "what": what, "tokens": tokens, "order": _ORDER[what]}
        for what, tokens in amounts.items()
    ]


CHART = Chart(
    name="fleet-nodes",
    title="Fleets by month",
    subject="forecast",
    nothing="This forecast has no fleet.",
    draw=_draw,
)
