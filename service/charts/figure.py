"""A panel in its frame: title, size, typeface and colours, as one Vega-Lite definition that carries its data."""

import textwrap
from collections.abc import Sequence
from typing import Any

import altair as alt

from service.charts.frame import Frame
from service.charts.layers import Panel, layered, rows_drawn, sized

_LANGUAGE = alt.SCHEMA_URL

# The renderer brings this typeface; browsers without it have one of the same widths.
_TYPEFACE = "Liberation Sans, Arial, Helvetica, sans-serif"
_CHARACTER_WIDTH = 0.52
# Where a line has few characters, one that is set wider by a page's own typeface costs more of it.
_CHARACTER_WIDTH_IF_NARROW = 0.57
_MOST_TITLE_LINES = 2
_MOST_LINES = 4
_HOLDERS = ("layer", "hconcat", "vconcat")
# Signs of currencies that stand before the amount; other currencies stand before it by their code.
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "CN¥", "INR": "₹", "KRW": "₩"}


def figure(panel: Panel, frame: Frame, *, title: str, lines: Sequence[str] = ()) -> dict[str, Any]:
    """The whole definition. `title` and `lines` may hold anything: they are text and never read as anything else."""
    words = [*_wrapped(title, frame, frame.title_size)[:_MOST_TITLE_LINES]]
    below = [part for line in lines for part in _wrapped(line, frame, frame.subtitle_size)][: _MOST_LINES * 2]
    alone = "layer" in panel
    if frame.narrow:
        _wrap_axis_titles(panel, frame)
    return {
        "$schema": _LANGUAGE,
        **(sized(panel, frame.width, frame.height) if alone else panel),
        **({"autosize": {"type": "fit", "contains": "padding"}} if alone else {}),
        "title": {"text": words, "subtitle": below, "anchor": "start", "frame": "bounds"},
        "padding": frame.padding,
        "background": frame.theme.background,
        "description": " ".join([title, *lines]),
        "config": _config(frame, above_axis_title=alone),
    }


def empty_figure(frame: Frame, *, title: str, nothing: str) -> dict[str, Any]:
    """A picture that says in words why it shows nothing."""
    words = (
        rows_drawn([{"nothing": _wrapped(nothing, frame, frame.label_size + 2)}])
        .mark_text(fontSize=frame.label_size + 2, lineHeight=frame.label_size * 1.6, color=frame.theme.muted)
        .encode(text=alt.Text("nothing", type="nominal"))
    )
    return figure(layered(words), frame, title=title)


def currency_sign(currency: str) -> str:
    return _SIGNS.get(currency, f"{currency}\u00a0")


def _wrapped(text: str, frame: Frame, size: int, width: float | None = None) -> list[str]:
    width = frame.inner_width if width is None else width
    character = size * (_CHARACTER_WIDTH_IF_NARROW if frame.narrow else _CHARACTER_WIDTH)
    return textwrap.wrap(text, width=max(20, int(width / character))) or [""]


def _wrap_axis_titles(panel: Any, frame: Frame) -> None:
    """Titles below the panels' horizontal axes get as many lines as they need: a cut one says nothing."""
    parts = panel if isinstance(panel, list) else [panel.get(how, []) for how in _HOLDERS]
    for part in parts:
        _wrap_axis_titles(part, frame)
    axis = panel.get("encoding", {}).get("x", {}).get("axis") if isinstance(panel, dict) else None
    if axis and isinstance(axis.get("title"), str):
        axis["title"] = _wrapped(axis["title"], frame, frame.label_size, frame.inner_width - frame.axis_width)


def _config(frame: Frame, *, above_axis_title: bool) -> dict[str, Any]:
    theme = frame.theme
    labels = {"labelColor": theme.muted, "labelFontSize": frame.label_size}
    titles = {"titleColor": theme.text, "titleFontSize": frame.label_size, "titleFontWeight": "normal"}
    return {
        "font": _TYPEFACE,
        "locale": {
            "number": {
                "decimal": ".",
                "thousands": ",",
                "grouping": [3],
                "currency": [currency_sign(frame.currency), ""],
            }
        },
        "title": {
            "color": theme.text,
            "fontSize": frame.title_size,
            "fontWeight": "bold",
            "subtitleColor": theme.muted,
            "subtitleFontSize": frame.subtitle_size,
            "subtitleLineHeight": frame.subtitle_size + 5,
            "subtitlePadding": 6,
            "offset": 14,
        },
        "view": {"stroke": None, "continuousWidth": frame.inner_width},
        "axis": {
            **labels,
            **titles,
            "gridColor": theme.grid,
            "domainColor": theme.quiet,
            "tickColor": theme.quiet,
            "labelLimit": 180 if frame.narrow else 260,
        },
        "axisX": {"grid": False, "titlePadding": 8},
        "legend": {
            **labels,
            **titles,
            "labelColor": theme.text,
            "orient": "top",
            "direction": "horizontal",
            "title": None,
            "symbolType": "square",
            "symbolSize": 120,
            "symbolOpacity": 1,
            "labelLimit": frame.inner_width - 40,
            "columnPadding": 18,
            # Between the legend and a single panel lies the title of its vertical axis.
            "offset": frame.label_size + 18 if above_axis_title else 12,
            "rowPadding": 4,
        },
        "text": {"color": theme.text, "fontSize": frame.label_size},
        "header": {"labelColor": theme.text, "labelFontSize": frame.label_size},
    }
