"""`uplift-serving`: a node's throughput against per-user speed, with the decoder and without, and the fleet on both."""

import altair as alt

from service.charts.axes import as_number, as_text, vertical
from service.charts.chart import Chart, Document, Drawing
from service.charts.frame import Frame
from service.charts.layers import layered, rows_drawn
from service.charts.legend import Legend

_WITHOUT = "Without the decoder"
_WITH = "With the decoder"
_HERE = "This fleet"
_REQUIRED = "Speed needed"
_X = "tokens_per_second_per_user"
_Y = "tokens_per_second_per_node"


def _draw(document: Document, frame: Frame) -> Drawing | None:
    theme = frame.theme
    curves = {_WITHOUT: document["without_decoder"], _WITH: document["with_decoder"]}
    rows = [
        {"curve": name, "concurrency": concurrency, _X: speed, _Y: throughput}
        for name, curve in curves.items()
        for concurrency, speed, throughput in zip(curve["concurrency"], curve[_X], curve[_Y], strict=True)
    ]
    if not rows:
        return None
    required = document["required_tokens_per_second_per_user"]
    colours = {_WITHOUT: theme.quiet, _WITH: theme.main, _HERE: theme.alarm}
    if required is not None:
        colours[_REQUIRED] = theme.other
    legend = Legend(colours, columns=2 if frame.narrow else len(colours))
    x = alt.X(
        _X,
        type="quantitative",
        axis=alt.Axis(title="output tokens per second per user", format=",~r", tickCount=5 if frame.narrow else 10),
    )
    y = vertical(_Y, "output tokens per second per node", frame, number_format=",~r")
    tooltip = [
        as_number("concurrency", "Requests per node", ",.4~g"),
        as_number(_X, "Tokens per second per user", ",.1f"),
        as_number(_Y, "Tokens per second per node", ",.0f"),
    ]
    lines = rows_drawn(rows).mark_line(strokeWidth=3, point={"size": 35})
    lines = lines.encode(
        x=x,
        y=y,
        color=legend.by("curve"),
        # The order of the curve is that of its running requests, whatever its speeds.
        order=alt.Order("concurrency", type="quantitative"),
        tooltip=[as_text("curve", "Curve"), *tooltip],
    )
    standing = [{**document["standing_without"]}, {**document["standing_with"]}]
    points = rows_drawn(standing).mark_point(filled=True, opacity=1, size=220, shape="diamond")
    layers = [lines, legend.paint(points.encode(x=x, y=y, tooltip=tooltip), _HERE)]
    if required is not None:
        rule = rows_drawn([{_X: required}]).mark_rule(strokeWidth=2.5, strokeDash=[6, 4])
        layers.insert(0, legend.paint(rule.encode(x=x), _REQUIRED))
    return Drawing(
        panel=layered(*layers),
        title=f"Throughput by per-user speed: {document['preset']} on {document['fleet']}",
        lines=(_words(document),),
    )


def _words(document: Document) -> str:
    without, accelerated = document["standing_without"], document["standing_with"]
    return (
        f"Where the fleet is sized to run: {without[_Y]:,.0f} tokens a second per node at {without[_X]:,.0f} per user "
        f"without, {accelerated[_Y]:,.0f} at {accelerated[_X]:,.0f} with it."
    )


CHART = Chart(
    name="uplift-serving",
    title="Throughput by per-user speed",
    subject="uplift",
    nothing="This decoder has no curve: its speedup is a constant.",
    draw=_draw,
)
