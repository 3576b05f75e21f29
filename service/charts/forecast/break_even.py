"""`break-even`: how likely self-hosting is cheaper than an API by month, and at which utilisation it turns."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import altair as alt

from service.charts.axes import (
    amount,
    as_money,
    as_number,
    as_text,
    horizontal_share,
    log_money_axis,
    months_axis,
    share_axis,
)
from service.charts.chart import Chart, Document, Drawing
from service.charts.frame import Frame
from service.charts.layers import Panel, layered, rows_drawn, sized
from service.charts.legend import Legend
from service.charts.panels import MOST_PANELS, Cell, named, rows_of_pairs

_FLEET = "Own fleet"
_WITHOUT = "Own fleet without its decoder"
_API = "The API"
_HERE = "Utilisation really reached"
_EVEN = 0.5


def _draw(document: Document, frame: Frame) -> Drawing | None:
    found = [one for one in document["break_even"] if one["months"]]
    if not found:
        return None
    theme = frame.theme
    colours = {_FLEET: theme.main, _WITHOUT: theme.quiet, _API: theme.other, _HERE: theme.alarm}
    if not any(_has_decoder(one) for one in found):
        del colours[_WITHOUT]
    legend = Legend(colours, columns=2 if frame.narrow else len(colours))
    lines = ["Left: the share of sample paths on which the fleet is cheaper. Right: cost per million output tokens."]
    if frame.narrow:
        lines = ["First the share of sample paths on which the fleet is cheaper, then cost per million output tokens."]
    if len(found) > MOST_PANELS:
        lines.append(f"The first {MOST_PANELS} of {len(found)} comparisons.")
    panel = rows_of_pairs(
        found[:MOST_PANELS],
        frame,
        (
            partial(_probability, frame=frame, legend=legend),
            partial(_curve, frame=frame, legend=legend, currency=document["currency"]),
        ),
    )
    return Drawing(panel=panel, title="Self-hosting against an API", lines=tuple(lines))


def _probability(one: Mapping[str, Any], cell: Cell, *, frame: Frame, legend: Legend) -> Panel:
    # The later line lies on top where both are the same.
    fields = {_WITHOUT: "probability_without_decoder", _FLEET: "probability"}
    rows = [
        {
            "month": month["month"],
            "curve": name,
            "probability": month[field],
            "turning_tokens": month["turning_tokens" if name == _FLEET else "turning_tokens_without_decoder"],
        }
        for name, field in fields.items()
        for month in one["months"]
        if month[field] is not None
    ]
    y = share_axis(
        "probability",
        "P(own fleet is cheaper)",
        frame,
        scale=alt.Scale(domain=[0, 1]),
        axis={"values": [0, 0.25, 0.5, 0.75, 1]},
    )
    x = months_axis([month["month"] for month in one["months"]], frame, cell.width)
    lines = (
        rows_drawn(rows)
        .mark_line(strokeWidth=3, point={"size": 55})
        .encode(
            x=x,
            y=y,
            color=legend.by("curve"),
            tooltip=[
                as_text("month", "Month"),
                as_text("curve", "Of"),
                as_number("probability", "Probability", ".0%"),
                as_number("turning_tokens", "Turns at output tokens a month", ",.0f"),
            ],
        )
    )
    even = rows_drawn([{"even": _EVEN}]).mark_rule(color=frame.theme.muted, strokeDash=[4, 4])
    even = even.encode(y=alt.Y("even", type="quantitative"))
    panel = sized(layered(even, lines), cell.width, cell.height)
    return named(panel, f"{one['workload']} on {one['fleet']}", cell, frame)


def _curve(one: Mapping[str, Any], cell: Cell, *, frame: Frame, legend: Legend, currency: str) -> Panel:
    fields = {_WITHOUT: "usd_per_mtok_fleet_without_decoder", _FLEET: "usd_per_mtok_fleet", _API: "usd_per_mtok_api"}
    rows = [
        {"curve": name, "utilization": point["utilization_fraction"], "unit_cost": amount(point[field])}
        for name, field in fields.items()
        for point in one["curve"]
        if point[field] is not None
    ]
    here = [{"utilization": one["utilization_fraction"], "unit_cost": amount(one["usd_per_mtok_fleet"])}]
    costs = [row["unit_cost"] for row in [*rows, *here] if row["unit_cost"]]
    y = log_money_axis("unit_cost", f"{currency} per million output tokens", frame, costs)
    x = horizontal_share("utilization", "utilisation", frame)
    tooltip = [as_number("utilization", "Utilisation", ".1%"), as_money("unit_cost", "Per million tokens", digits=4)]
    lines = rows_drawn(rows).mark_line(strokeWidth=3, interpolate="monotone")
    lines = lines.encode(x=x, y=y, color=legend.by("curve"), tooltip=[as_text("curve", "Of"), *tooltip])
    point = rows_drawn(here)
    point = point.mark_point(filled=True, opacity=1, size=170, stroke=frame.theme.background, strokeWidth=2)
    point = legend.paint(point.encode(x=x, y=y, tooltip=tooltip), _HERE)
    panel = sized(layered(lines, point), cell.width, cell.height)
    return named(panel, f"against {one['compare_to']}", cell, frame)


def _has_decoder(one: Mapping[str, Any]) -> bool:
    return any(month["probability_without_decoder"] is not None for month in one["months"])


CHART = Chart(
    name="break-even",
    title="Self-hosting against an API",
    subject="forecast",
    nothing="No workload on a fleet says what to compare it with (compare_to).",
    draw=_draw,
)
