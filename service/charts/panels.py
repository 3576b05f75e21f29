"""Several panels in one picture: beside each other where there is room, under each other where there is none."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.charts.frame import Frame
from service.charts.layers import Panel, beside, stacked

# More panels than this are too small to read; the costliest are shown, and the words say how many there are.
MOST_PANELS = 4
LEAST_HEIGHT = 270

_SPACING = 36
_WORDS_HEIGHT = {False: 210, True: 220}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The room of one panel, its axes and title not counted."""

    width: float
    height: float


DrawPanel = Callable[[Mapping[str, Any], Cell], Panel]


def grid(
    documents: Sequence[Mapping[str, Any]], frame: Frame, draw: DrawPanel, *, least_height: float = LEAST_HEIGHT
) -> Panel:
    """One panel for each document, two in a row of a wide frame."""
    columns = 1 if frame.narrow or len(documents) == 1 else 2
    rows = [documents[start : start + columns] for start in range(0, len(documents), columns)]
    cell = _cell(frame, rows=len(rows), columns=columns, least_height=least_height)
    return _stacked([[draw(document, cell) for document in row] for row in rows])


def rows_of_pairs(documents: Sequence[Mapping[str, Any]], frame: Frame, draw: tuple[DrawPanel, DrawPanel]) -> Panel:
    """Two panels for each document, beside each other in a wide frame."""
    if frame.narrow:
        cell = _cell(frame, rows=2, columns=1)
        return _stacked([[one(document, cell)] for document in documents for one in draw])
    cell = _cell(frame, rows=len(documents), columns=2)
    return _stacked([[one(document, cell) for one in draw] for document in documents])


def _cell(frame: Frame, *, rows: int, columns: int, least_height: float = LEAST_HEIGHT) -> Cell:
    return Cell(
        width=(frame.inner_width - (columns - 1) * _SPACING) / columns - frame.axis_width,
        height=max(least_height, (frame.height - _WORDS_HEIGHT[frame.narrow]) / rows),
    )


def _stacked(rows: Sequence[Sequence[Panel]]) -> Panel:
    return stacked([beside(row, _SPACING) for row in rows], _SPACING)


def named(panel: Panel, name: str, cell: Cell, frame: Frame) -> Panel:
    """The panel under the name of what it is about."""
    title = {
        "text": name,
        "anchor": "start",
        "frame": "bounds",
        "fontSize": frame.label_size + 2,
        "limit": cell.width + frame.axis_width,
        "offset": 6,
    }
    return {**panel, "title": title}
