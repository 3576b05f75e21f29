"""`hardware-ranking`: how the order of accelerators moves with the date of the rate, everything else held."""

from typing import Any

import altair as alt

from service.charts.axes import amount, as_money, as_number, as_text, log_money_axis
from service.charts.chart import Chart, Document, Drawing
from service.charts.frame import Frame
from service.charts.layers import layered, rows_drawn
from service.charts.legend import Legend
from service.charts.times import milliseconds

_MONTH_MILLISECONDS = 30 * 24 * 3600 * 1000


def _draw(document: Document, frame: Frame) -> Drawing | None:
    rows = _rows(document)
    if not rows:
        return None
    series = (*frame.theme.series, frame.theme.text)
    # In the order of the last day, so that the legend reads as the ranking does.
    names = list(dict.fromkeys(row["accelerator"] for row in sorted(rows, key=lambda row: (-row["at"], row["rank"]))))
    legend = Legend(
        {name: series[index % len(series)] for index, name in enumerate(names)}, columns=2 if frame.narrow else 5
    )
    x = alt.X(
        "at",
        type="temporal",
        axis=alt.Axis(title=None, format="%b %Y", labelAngle=0, tickCount=4 if frame.narrow else 9),
        scale=alt.Scale(type="utc", nice=False),
    )
    y = log_money_axis(
        "unit_cost",
        f"{frame.currency} per million output tokens served",
        frame,
        [row["unit_cost"] for row in rows],
    )
    base = rows_drawn(rows).encode(x=x, y=y, color=legend.by("accelerator"))
    tooltip = [
        as_text("day", "From"),
        as_text("accelerator", "Accelerator"),
        as_number("rank", "Rank", ".0f"),
        as_money("unit_cost", "Per million tokens", digits=4),
        as_text("rate", "Rate"),
    ]
    lines = base.mark_line(interpolate="step-after", strokeWidth=2.5).encode(tooltip=tooltip)
    moved = [ranking["order_changed"] for ranking in document["rankings"][1:]]
    since = document["rankings"][0]["from"]
    return Drawing(
        panel=layered(lines),
        title=f"Ranking for {document['workload']['name']} by the date of the rate",
        lines=(f"Only rates move: days with a new rate since {since}: {len(moved)}; with a new order: {sum(moved)}.",),
    )


def _rows(document: Document) -> list[dict[str, Any]]:
    rankings = document["rankings"]
    rows = [
        {
            "at": milliseconds(ranking["from"]),
            "day": ranking["from"],
            "accelerator": one["accelerator"],
            "rank": rank,
            "unit_cost": amount(one["usd_per_mtok_served"]),
            "rate": f"{float(one['usd_per_gpu_hour']):,.2f} per GPU-hour, {one['provider']}, {one['tier']}",
        }
        for ranking in rankings
        for rank, one in enumerate(ranking["order"], start=1)
    ]
    if not rows:
        return []
    # The last rates hold until the comparison's day, and a single day needs some width.
    until = max(milliseconds(document["as_of"]), max(row["at"] for row in rows))
    if until == min(row["at"] for row in rows):
        until += _MONTH_MILLISECONDS
    last = [row for row in rows if row["day"] == rankings[-1]["from"]]
    return [*rows, *({**row, "at": until} for row in last)]


CHART = Chart(
    name="hardware-ranking",
    title="Ranking by the date of the rate",
    subject="fleet_comparison",
    nothing="No accelerator of this comparison has a dated rate.",
    draw=_draw,
)
