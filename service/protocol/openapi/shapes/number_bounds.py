"""Bounds of numbers that the code checks with their meaning, put where a schema's readers look for them."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from service.protocol.openapi.words.vocabulary import load_bound_words

_NUMBERS = frozenset({"number", "integer"})
_COMPONENTS = "components"


def with_bounds(component: str, field: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a field with its bounds, if any are known; alternatives that are no number keep theirs."""
    bounds = known_bounds().get((component, field))
    return dict(schema) if bounds is None else _bounded(schema, bounds)


@cache
def known_bounds() -> dict[tuple[str, str], dict[str, float]]:
    """By component and field."""
    return {
        (component, field): bounds
        for group in load_bound_words().values()
        for component in group[_COMPONENTS]
        for field, bounds in group.items()
        if field != _COMPONENTS
    }


def _bounded(schema: Mapping[str, Any], bounds: Mapping[str, float]) -> dict[str, Any]:
    if schema.get("type") in _NUMBERS:
        return {**schema, **bounds}
    if "anyOf" in schema:
        return {**schema, "anyOf": [_bounded(option, bounds) for option in schema["anyOf"]]}
    return dict(schema)
