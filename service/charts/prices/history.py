"""`price-history`: what a model's tokens have cost, by meter, and the fan of where the outlook takes them."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from service.charts.axes import amount, as_money, as_text, log_money_axis, money_axis
from service.charts.chart import Chart, Document, Drawing
from service.charts.frame import Frame
from service.charts.layers import layered, rows_drawn
from service.charts.legend import Legend
from service.charts.prices.rates import runs
from service.charts.times import milliseconds

_PEAK = "peak"
_METERS = ("output", "input", "cached_input", "cache_write")


def _draw(document: Document, frame: Frame) -> Drawing | None:
    now = milliseconds(document["as_of"])
    fan = [
        {
            "meter": _named(projection["meter"]),
            "at": milliseconds(month["month"]),
            "outlook": projection["outlook"],
            **{field: amount(month[field]) for field in ("mean", "p10", "p90")},
        }
        for projection in document["projections"]
        for month in projection["months"]
    ]
    known = [
        {**point, "meter": _named(point["meter"])}
        for point in runs(document["rows"], max([now, *(point["at"] for point in fan)]))
    ]
    if not known:
        return None
    legend = _legend([*known, *fan], frame)
    x = alt.X(
        "at",
        type="temporal",
        axis=alt.Axis(title=None, format="%b %Y", labelAngle=0, tickCount=4 if frame.narrow else 9),
        scale=alt.Scale(type="utc", nice=False),
    )
    y, y_range = _rate_axes([*known, *fan], document["currency"], frame)
    layers = [
        *_fan(fan, legend, x, y_range),
        *_steps(known, legend, x, y),
        _now(now, frame, x),
    ]
    return Drawing(
        panel=layered(*layers),
        title=f"Price of {document['provider']}/{document['model']}",
        lines=tuple(_words(document, known)),
    )


def _legend(points: Sequence[dict[str, Any]], frame: Frame) -> Legend:
    order = [_named(meter) for meter in _METERS]
    meters = sorted({point["meter"] for point in points}, key=lambda name: (name not in order, name))
    meters.sort(key=lambda name: order.index(name) if name in order else len(order))
    series = frame.theme.series
    colours = {meter: series[index % len(series)] for index, meter in enumerate(meters)}
    return Legend(colours, columns=2 if frame.narrow else len(colours))


def _rate_axes(points: Sequence[dict[str, Any]], currency: str, frame: Frame) -> tuple[alt.Y, alt.Y]:
    """Logarithmic, since output costs many times what a cached token does; linear where something is free."""
    rates = [point[field] for point in points for field in ("rate", "p10", "p90") if point.get(field) is not None]
    title = f"{currency} per million tokens"
    if min(rates) > 0:
        return log_money_axis("rate", title, frame, rates), log_money_axis("p10", title, frame, rates)
    return money_axis("rate", title, frame, digits=2), money_axis("p10", title, frame, digits=2)


def _steps(known: list[dict[str, Any]], legend: Legend, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    """One layer for rates of all hours and off-peak, a dashed one for peak hours."""
    layers = []
    for peak in (False, True):
        rows = [point for point in known if (point["window"] == _PEAK) is peak]
        if rows:
            base = rows_drawn(rows)
            lines = base.mark_line(
                interpolate="step-after", strokeWidth=3, strokeDash=[7, 4] if peak else [1, 0], point={"size": 30}
            )
            layers.append(
                lines.encode(
                    x=x,
                    y=y,
                    color=legend.by("meter"),
                    detail=alt.Detail("run", type="nominal"),
                    tooltip=[
                        as_text("meter", "Meter"),
                        as_text("window", "Hours"),
                        as_money("rate", "Per million tokens", digits=4),
                        as_text("status", "Status"),
                        as_text("source", "Source"),
                    ],
                )
            )
    return layers


def _fan(fan: list[dict[str, Any]], legend: Legend, x: alt.X, y: alt.Y) -> list[alt.Chart]:
    if not fan:
        return []
    base = rows_drawn(fan)
    tooltip = [
        as_text("meter", "Meter"),
        as_text("outlook", "Outlook"),
        as_money("mean", "Mean", digits=4),
        as_money("p10", "P10", digits=4),
        as_money("p90", "P90", digits=4),
    ]
    colour = legend.by("meter")
    months = len({point["at"] for point in fan})
    band = base.mark_area(opacity=0.25) if months > 1 else base.mark_rule(opacity=0.4, strokeWidth=12)
    mean = base.mark_line(strokeWidth=2.5, strokeDash=[2, 3], point=months == 1)
    return [
        band.encode(x=x, y=y, y2=alt.Y2("p90"), color=colour, tooltip=tooltip),
        mean.encode(x=x, y=alt.Y("mean", type="quantitative"), color=colour, tooltip=tooltip),
    ]


def _now(now: int, frame: Frame, x: alt.X) -> alt.Chart:
    rule: alt.Chart = rows_drawn([{"at": now}]).mark_rule(color=frame.theme.muted)
    return rule.encode(x=x)


def _words(document: Document, known: Sequence[dict[str, Any]]) -> list[str]:
    words = [f"As known on {document['as_of']} (the vertical line)."]
    if any(point["window"] == _PEAK for point in known):
        words.append("Dashed: peak hours.")
    outlooks = sorted({projection["outlook"].replace("_", " ") for projection in document["projections"]})
    if outlooks:
        words.append(f"Right of it: mean and P10 to P90 under {', '.join(outlooks)}.")
    return [" ".join(words)]


def _named(meter: str) -> str:
    return meter.replace("_", " ")


CHART = Chart(
    name="price-history",
    title="Price history",
    subject="price_history",
    nothing="No price of this model is known.",
    draw=_draw,
)
