"""A schema in a few words of HTML: its type, what it is made of, and its bounds."""

from collections.abc import Mapping
from html import escape
from typing import Any

_MOST_CHOICES = 20
_BOUNDS = (
    ("minimum", "at least {}"),
    ("exclusiveMinimum", "above {}"),
    ("exclusiveMaximum", "below {}"),
    ("maximum", "at most {}"),
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("minItems", "at least {} items"),
    ("maxItems", "at most {} items"),
)


def shape_of(schema: Mapping[str, Any]) -> str:
    """Links lead to the components that the page describes."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f"<a href='#shape-{name}'>{name}</a>"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(shape_of(option) for option in schema["anyOf"]))
    if "enum" in schema:
        choices = [f"<code>{escape(str(choice))}</code>" for choice in schema["enum"]]
        more = f" and {len(choices) - _MOST_CHOICES} more" if len(choices) > _MOST_CHOICES else ""
        return "one of " + ", ".join(choices[:_MOST_CHOICES]) + more
    return ", ".join((_kind(schema), *_bounds(schema)))


def _kind(schema: Mapping[str, Any]) -> str:
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {shape_of(schema['items'])}" if isinstance(schema.get("items"), Mapping) else "list"
    if kind == "object":
        values = schema.get("additionalProperties")
        return f"map to {shape_of(values)}" if isinstance(values, Mapping) and values else "object"
    return f"{kind} ({escape(schema['format'])})" if "format" in schema else escape(str(kind))


def _bounds(schema: Mapping[str, Any]) -> list[str]:
    found = [words.format(schema[keyword]) for keyword, words in _BOUNDS if keyword in schema]
    default = schema.get("default")
    return [*found, f"default <code>{escape(str(default))}</code>"] if default not in (None, "", [], {}) else found
