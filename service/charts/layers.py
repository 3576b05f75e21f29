"""Panels: layers of marks over each other, and panels beside and below each other, each carrying its data.

Only the layers are made with the chart library. Put together by it, a picture of a few panels takes ten times as long:
it copies everything it holds at every step.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import altair as alt
from altair.utils.schemapi import disable_debug_mode

Row: TypeAlias = Mapping[str, Any]
Panel: TypeAlias = dict[str, Any]

# Checking every part against the language's schema as it is made takes several times as long as making it. The tests
# check whole definitions instead.
disable_debug_mode()

_OF_WHOLE_DEFINITIONS = ("$schema", "config")
_PATHS = ("area", "line")
# Large enough for a finger beside the point that it lies over.
_UNSEEN = {"size": 300, "opacity": 0}


def rows_drawn(rows: Iterable[Row]) -> alt.Chart:
    """A layer of these rows, before it says how it draws them."""
    return alt.Chart(alt.InlineData(values=list(rows)))


def layered(*layers: alt.Chart) -> Panel:
    """Layers over each other, the first at the bottom."""
    return _together("layer", [part for layer in layers for part in _parts(layer)])


def _parts(layer: alt.Chart) -> list[Panel]:
    """The layer; of a line with tooltips the line and its points, seen or not, which alone tell anything.

    A line or an area is one thing to the pointer, so its tooltip would tell of its first row wherever one points.
    """
    drawn = layer.to_dict(validate=False)
    for name in _OF_WHOLE_DEFINITIONS:
        drawn.pop(name, None)
    encoding = drawn.get("encoding", {})
    if drawn["mark"]["type"] not in _PATHS or "tooltip" not in encoding:
        return [drawn]
    mark = {key: value for key, value in drawn["mark"].items() if key != "point"}
    path = {**drawn, "mark": mark, "encoding": {key: value for key, value in encoding.items() if key != "tooltip"}}
    if mark["type"] == "area":
        return [path]
    seen = drawn["mark"].get("point")
    points = {**(seen if isinstance(seen, dict) else {}), "opacity": 1} if seen else _UNSEEN
    # The rows of the path are those of its points, and may be held once.
    told = {key: value for key, value in drawn.items() if key != "datasets"}
    return [path, {**told, "mark": {"type": "point", "filled": True, **points}}]


def beside(panels: Sequence[Panel], spacing: float) -> Panel:
    return {**_together("hconcat", panels), "spacing": spacing}


def stacked(panels: Sequence[Panel], spacing: float) -> Panel:
    return {**_together("vconcat", panels), "spacing": spacing}


def sized(panel: Panel, width: float, height: float) -> Panel:
    return {**panel, "width": width, "height": height}


def _together(how: str, parts: Sequence[Panel]) -> Panel:
    """The parts, with their rows in the one place where a definition may hold them."""
    datasets = {name: rows for part in parts for name, rows in part.get("datasets", {}).items()}
    bare = [{key: value for key, value in part.items() if key != "datasets"} for part in parts]
    return {how: bare, "datasets": datasets}
