"""Colours by name: one scale for all layers of a panel, so that each thing stands once in its legend."""

import json
from collections.abc import Mapping
from typing import Any

import altair as alt


class Legend:
    """Names in the order of the legend, and their colours."""

    def __init__(self, colours: Mapping[str, str], **options: Any) -> None:
        self._names = tuple(colours)
        self._scale = alt.Scale(domain=list(colours), range=list(colours.values()))
        self._options = options

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def paint(self, layer: alt.Chart, name: str) -> alt.Chart:
        """The layer in the colour of one of the legend's names: our words, since they become part of an expression."""
        if name not in self._names:
            raise ValueError(f"{name!r} is not in the legend")
        return layer.transform_calculate(series=json.dumps(name)).encode(color=self.by("series"))

    def by(self, field: str) -> alt.Color:
        """The colour of each row by the name in a field, which may be anything a user wrote."""
        return alt.Color(field, type="nominal", scale=self._scale, legend=alt.Legend(**self._options))
