"""Which fleets of a forecast a picture shows, and their panels."""

from collections.abc import Callable, Mapping
from typing import Any

from service.charts.chart import Document, Drawing
from service.charts.frame import Frame
from service.charts.layers import Panel
from service.charts.panels import LEAST_HEIGHT, MOST_PANELS, Cell, grid, named

Fleet = Mapping[str, Any]
DrawFleet = Callable[[Fleet, Cell], Panel]


def names_of_fleets(document: Document) -> list[str]:
    return [fleet["name"] for fleet in document["fleets"]]


def of_one_fleet(document: Document, name: str) -> Document:
    """The document with that fleet alone; no fleet at all when it has none of the name."""
    return {**document, "fleets": [fleet for fleet in document["fleets"] if fleet["name"] == name]}


def draw_fleets(
    document: Document,
    frame: Frame,
    draw: DrawFleet,
    *,
    title: str,
    lines: tuple[str, ...] = (),
    least_height: float = LEAST_HEIGHT,
) -> Drawing | None:
    """A panel for each fleet, the costliest first where there are too many for one picture."""
    fleets = [fleet for fleet in document["fleets"] if fleet["months"]]
    if not fleets:
        return None
    shown = fleets
    if len(fleets) > MOST_PANELS:
        shown = sorted(fleets, key=lambda fleet: -float(fleet["effective"]["mean"]))[:MOST_PANELS]
        lines = (*lines, f"The {MOST_PANELS} costliest of {len(fleets)} fleets.")
    panel = grid(
        shown,
        frame,
        lambda fleet, cell: named(draw(fleet, cell), fleet["name"], cell, frame),
        least_height=least_height,
    )
    return Drawing(panel=panel, title=title, lines=lines)
