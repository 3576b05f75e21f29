"""`fleet-unit-cost`: what a million output tokens costs at every utilisation, and where each fleet stands.

The curve is the cost at full load over the utilisation: it takes the cost as the same however busy the nodes are. The
power of an owned fleet falls a little with its load, and its own points then lie that much below the curve.
"""

from functools import partial
from typing import Any

import altair as alt

from service.charts.axes import amount, as_money, as_number, as_text, horizontal_share, log_money_axis
from service.charts.chart import Chart, Document, Drawing
from service.charts.forecast.fleets import Fleet, draw_fleets
from service.charts.frame import Frame
from service.charts.layers import Panel, layered, rows_drawn, sized
from service.charts.legend import Legend
from service.charts.panels import Cell

_WITH = "With its decoder"
_WITHOUT = "Without a decoder"
_MONTHS = "The forecast's months"
_TODAY = "Its first month"
# Utilisation in hundredths: below the first nothing is worth drawing, and the named ones are what people ask for.
_PERCENTS = range(5, 101)
_NAMED_PERCENTS = (100, 70, 50, 30, 10)
_WIDE_PANEL = 700


def unit_cost_at(full_load: float, percent: int) -> float:
    """Money per million output tokens of a fleet that is busy for `percent` hundredths of its hours."""
    return full_load * 100 / percent


def _draw(document: Document, frame: Frame) -> Drawing | None:
    with_cost = {**document, "fleets": [fleet for fleet in document["fleets"] if _usual_month(fleet) is not None]}
    theme = frame.theme
    colours = {_WITHOUT: theme.quiet, _WITH: theme.main, _MONTHS: theme.text, _TODAY: theme.alarm}
    if not any(_gains(fleet) for fleet in with_cost["fleets"]):
        del colours[_WITH]
    legend = Legend(colours, columns=2 if frame.narrow else len(colours))
    return draw_fleets(
        with_cost,
        frame,
        partial(_fleet, frame=frame, legend=legend, currency=document["currency"]),
        title="Cost per million output tokens by utilisation",
        lines=("Effective cost over output tokens; the curves are the cost at full load over utilisation.",),
    )


def _fleet(fleet: Fleet, cell: Cell, *, frame: Frame, legend: Legend, currency: str) -> Panel:
    month = _usual_month(fleet) or {}
    curves = {_WITHOUT: month["usd_per_mtok_full_load_without_decoder"]}
    if _gains(fleet):
        curves[_WITH] = month["usd_per_mtok_full_load"]
    rows = [_row(name, float(full_load), percent) for name, full_load in curves.items() for percent in _PERCENTS]
    x = horizontal_share("utilization", "utilisation", frame)
    own = [float(one["usd_per_mtok_served"]) for one in fleet["months"] if one["usd_per_mtok_served"] is not None]
    costs = [row["unit_cost"] for row in rows] + own
    y = log_money_axis("unit_cost", f"{currency} per million output tokens", frame, costs)
    tooltip = [as_number("utilization", "Utilisation", ".1%"), as_money("unit_cost", "Per million tokens", digits=4)]
    line = rows_drawn(rows).mark_line(strokeWidth=3)
    layers = [line.encode(x=x, y=y, color=legend.by("curve"), tooltip=tooltip)]
    layers.extend(_named(curves, frame, cell, x, y, tooltip))
    layers.extend(_own(fleet, frame, legend, x, y, tooltip))
    return sized(layered(*layers), cell.width, cell.height)


def _row(name: str, full_load: float, percent: int) -> dict[str, Any]:
    return {"curve": name, "utilization": percent / 100, "unit_cost": unit_cost_at(full_load, percent)}


def _named(
    curves: dict[str, str], frame: Frame, cell: Cell, x: alt.X, y: alt.Y, tooltip: list[alt.Tooltip]
) -> list[alt.Chart]:
    """The unit cost in figures: above the dearer curve, below the cheaper one."""
    layers = []
    for (name, full_load), above in zip(curves.items(), (True, False), strict=False):
        # Left of the lower curve a narrow panel has no room for the last figure.
        percents = _NAMED_PERCENTS if above or cell.width > _WIDE_PANEL else _NAMED_PERCENTS[:-1]
        rows = [_row(name, float(full_load), percent) for percent in percents]
        base = rows_drawn(rows).encode(x=x, y=y)
        side = "left" if above else "right"
        words = base.mark_text(
            # The last figure stands inside the panel.
            align=alt.ExprRef(expr=f"datum.utilization < 1 ? '{side}' : 'right'"),
            baseline="bottom" if above else "top",
            dx=5 if above else -5,
            dy=-7 if above else 7,
            fontSize=frame.label_size - 1,
        )
        points = base.mark_point(filled=True, size=30, color=frame.theme.muted, opacity=1)
        layers += [points.encode(tooltip=tooltip)]
        layers += [words.encode(text=alt.Text("unit_cost", type="quantitative", format="$,.2f"))]
    return layers


def _own(fleet: Fleet, frame: Frame, legend: Legend, x: alt.X, y: alt.Y, tooltip: list[alt.Tooltip]) -> list[alt.Chart]:
    rows = [
        {
            "month": month["month"],
            "utilization": month["utilization_fraction"],
            "unit_cost": amount(month["usd_per_mtok_served"]),
        }
        for month in fleet["months"]
        if month["usd_per_mtok_served"] is not None
    ]
    if not rows:
        return []
    tooltip = [as_text("month", "Month"), *tooltip]
    points = rows_drawn(rows).encode(x=x, y=y, tooltip=tooltip)
    first = rows_drawn(rows[:1]).encode(x=x, y=y, tooltip=tooltip)
    return [
        legend.paint(points.mark_point(filled=True, size=45, opacity=0.8), _MONTHS),
        legend.paint(
            first.mark_point(filled=True, size=190, opacity=1, stroke=frame.theme.background, strokeWidth=2), _TODAY
        ),
    ]


def _usual_month(fleet: Fleet) -> dict[str, Any] | None:
    """The month of the curves: the first in which the decoder runs, else the first with anything to serve with."""
    able = [month for month in fleet["months"] if month["usd_per_mtok_full_load_without_decoder"] is not None]
    return next((month for month in able if _differs(month)), able[0] if able else None)


def _gains(fleet: Fleet) -> bool:
    month = _usual_month(fleet)
    return month is not None and _differs(month)


def _differs(month: dict[str, Any]) -> bool:
    with_decoder = month["usd_per_mtok_full_load"]
    return with_decoder is not None and with_decoder != month["usd_per_mtok_full_load_without_decoder"]


CHART = Chart(
    name="fleet-unit-cost",
    title="Cost per million output tokens by utilisation",
    subject="forecast",
    nothing="This forecast has no fleet that serves anything.",
    draw=_draw,
)
