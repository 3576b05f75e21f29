"""`preset-by-concurrency`, `preset-by-user-speed`: what was measured of a decoder, without any fleet."""

from collections.abc import Iterator, Mapping
from typing import Any

import altair as alt

from service.charts.axes import as_number, as_text, vertical
from service.charts.chart import Chart, Document, Drawing
from service.charts.frame import Frame
from service.charts.layers import layered, rows_drawn
from service.charts.legend import Legend
from service.charts.uplift.loads import concurrency_axis, even_line

_OWN = "Your own points"
_CURVE = "Read off the paper's curve"
_RANGE = "Range of the preset"
_SPEED = "tokens_per_second_per_user"
_FIELD = "speedup"
_MARGIN = 1.2
_COLUMNS = {False: 3, True: 1}
_COLOURS_OF_POINTS = (0, 1, 4, 6)


def _by_concurrency(document: Document, frame: Frame) -> Drawing | None:
    rows = list(_rows(document["points"]))
    curve = _curve_rows(document["by_concurrency"], "concurrency")
    if not rows and not curve:
        return None
    x = concurrency_axis(
        [row["concurrency"] for row in [*rows, *curve]],
        "requests at once: of an engine, a GPU or one's own node",
        margin=_MARGIN,
    )
    return _drawing(document, frame, x, rows, curve, f"Speedup by concurrency: {document['preset']}")


def _by_user_speed(document: Document, frame: Frame) -> Drawing | None:
    rows = [row for row in _rows(document["points"]) if row[_SPEED] is not None]
    curve = _curve_rows(document["by_user_speed"], _SPEED)
    if not rows and not curve:
        return None
    axis = alt.Axis(title="output tokens per second per user, with the decoder", format=",~r", tickCount=6)
    x = alt.X(_SPEED, type="quantitative", axis=axis, scale=alt.Scale(type="log", nice=False, padding=12))
    return _drawing(document, frame, x, rows, curve, f"Speedup by per-user speed: {document['preset']}")


def _drawing(
    document: Document, frame: Frame, x: alt.X, rows: list[dict[str, Any]], curve: list[dict[str, Any]], title: str
) -> Drawing:
    theme = frame.theme
    held = document["speedup_range"]
    overs = sorted({row["series"] for row in rows} - {_OWN})
    colours = {
        name: theme.series[_COLOURS_OF_POINTS[index % len(_COLOURS_OF_POINTS)]] for index, name in enumerate(overs)
    }
    if any(row["series"] == _OWN for row in rows):
        colours[_OWN] = theme.alarm
    if curve:
        colours[_CURVE] = theme.other
    if held is not None:
        colours[_RANGE] = theme.band
    legend = Legend(colours, columns=min(len(colours), _COLUMNS[frame.narrow]))
    y = vertical(_FIELD, "with the decoder over without", frame, number_format=".2~f", scale=alt.Scale(zero=False))
    layers = [even_line(_FIELD, frame).encode(y=y)]
    if held is not None:
        layers.insert(0, legend.paint(_band(held, y), _RANGE))
    if curve:
        tooltip = [
            as_number(str(x.shorthand), "At", ",.4~g"),
            as_number(_FIELD, "Speedup", ".2f"),
            as_text("over", "Over"),
        ]
        line = rows_drawn(curve).mark_line(strokeWidth=3).encode(x=x, y=y, tooltip=tooltip)
        layers.append(legend.paint(line, _CURVE))
    if rows:
        layers.append(_points(rows, x, y, legend))
    return Drawing(panel=layered(*layers), title=title, lines=tuple(_words(document, rows, curve)))


def _band(held: list[float], y: alt.Y) -> alt.Chart:
    low, mode, high = held
    band: alt.Chart = rows_drawn([{_FIELD: low, "high": high, "mode": mode}]).mark_rect(opacity=0.6)
    tooltip = [as_number(field, words, ".2f") for field, words in ((_FIELD, "Low"), ("mode", "Mode"), ("high", "High"))]
    return band.encode(y=y, y2=alt.Y2("high"), tooltip=tooltip)


def _points(rows: list[dict[str, Any]], x: alt.X, y: alt.Y, legend: Legend) -> alt.Chart:
    points: alt.Chart = rows_drawn(rows).mark_point(filled=True, size=70, opacity=0.75)
    return points.encode(
        x=x,
        y=y,
        color=legend.by("series"),
        tooltip=[
            as_text("case", "Of"),
            as_number("concurrency", "Requests at once", ",.4~g"),
            as_number(_SPEED, "Tokens per second per user", ",.1f"),
            as_number(_FIELD, "Speedup", ".2f"),
            as_text("tasks", "Tasks"),
            as_number("num_speculative_tokens", "Draft tokens", "d"),
            as_text("source", "Source"),
        ],
    )


def _rows(points: list[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for point in points:
        several = f"{point['tasks']}, {point['lowest']:.2f} to {point['highest']:.2f}"
        yield {
            "series": _OWN if point["own"] else f"Measured, over {_decoder(point['over'])}",
            "concurrency": point["concurrency"],
            _SPEED: None if point[_SPEED] is None else round(point[_SPEED], 2),
            _FIELD: round(point["speedup"], 4),
            "tasks": several if point["tasks"] > 1 else "1",
            "num_speculative_tokens": point["num_speculative_tokens"],
            "case": point["case"],
            "source": point["source"],
        }


def _curve_rows(curve: Mapping[str, Any] | None, field: str) -> list[dict[str, Any]]:
    if curve is None:
        return []
    pairs = zip(curve["at"], curve["speedup"], strict=True)
    return [{field: round(at, 2), _FIELD: round(gain, 4), "over": _decoder(curve["over"])} for at, gain in pairs]


def _decoder(name: str) -> str:
    return "no decoder" if name == "none" else name


def _words(document: Document, rows: list[dict[str, Any]], curve: list[dict[str, Any]]) -> Iterator[str]:
    yield f"{document['title']}. Below 1 the decoder loses."
    if rows:
        yield "A point is the median over the tasks of one measurement."
    if curve and _SPEED in curve[0] and curve[-1][_SPEED] > 0:
        yield f"The paper's curve is at a matched speed, over {curve[0]['over']}, up to three times its throughput."
    if document["own_without_speedup"]:
        yield f"{document['own_without_speedup']} of your points give an acceptance length and no speedup."


CHARTS = tuple(
    Chart(
        name=name,
        title=title,
        subject="decoder",
        nothing="Nothing is measured of this decoder yet.",
        draw=draw,
    )
    for name, title, draw in (
        ("preset-by-concurrency", "Speedup by concurrency", _by_concurrency),
        ("preset-by-user-speed", "Speedup by per-user speed", _by_user_speed),
    )
)
