"""What a field would have accepted, for where the decoder says only what it did not: choices, decimals, patterns."""

import types
import typing
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

# The key of `msgspec.Meta(extra=...)` under which a pattern says in words what it matches.
ACCEPTS = "accepts"

_LONGEST_QUOTE = 60


def accepted(message: str, path: str, raw: object, annotation: Any) -> str | None:
    """Words for the decoder's `message` about `raw`, or about the part of it at `path`; None where its own will do."""
    parts = list(_members(annotation))
    if message.startswith("Invalid enum value") and not path and (choices := _choices(parts)):
        return f"must be one of {', '.join(choices)}, not {_quoted(raw)}"
    if message.startswith("Invalid value") and isinstance(raw, dict):
        name = path.removeprefix("/")
        tags = [config.tag for config in _tagged(parts) if config.tag_field == name]
        return f"must be one of {', '.join(map(str, tags))}, not {_quoted(raw[name])}" if tags else None
    if message == "Invalid decimal string" and not path:
        return f'must be a decimal number such as "0.60", not {_quoted(raw)}'
    if " matching regex " in message and not path:
        words = [(mark.extra or {}).get(ACCEPTS) for _, marks in parts for mark in marks if mark.pattern]
        return f"must be {words[0]}, not {_quoted(raw)}" if words and words[0] else None
    return None


def _members(annotation: Any, marks: tuple[msgspec.Meta, ...] = ()) -> Iterator[tuple[Any, tuple[msgspec.Meta, ...]]]:
    """The types that a union is made of, each with the marks that are on it; a type that is none is its own member."""
    annotation = getattr(annotation, "__value__", annotation)
    if typing.get_origin(annotation) is typing.Annotated:
        inner, *more = typing.get_args(annotation)
        yield from _members(inner, (*marks, *(mark for mark in more if isinstance(mark, msgspec.Meta))))
    elif typing.get_origin(annotation) in {typing.Union, types.UnionType}:
        for member in typing.get_args(annotation):
            yield from _members(member, marks)
    else:
        yield annotation, marks


def _choices(parts: list[tuple[Any, tuple[msgspec.Meta, ...]]]) -> list[str]:
    return [str(one) for part, _ in parts if typing.get_origin(part) is Literal for one in typing.get_args(part)]


def _tagged(parts: list[tuple[Any, tuple[msgspec.Meta, ...]]]) -> list[Any]:
    """The configurations of the structs among the members, of which a tag tells which one is meant."""
    return [part.__struct_config__ for part, _ in parts if isinstance(part, type) and issubclass(part, msgspec.Struct)]


def _quoted(raw: object) -> str:
    text = repr(raw)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[:_LONGEST_QUOTE]}..."
