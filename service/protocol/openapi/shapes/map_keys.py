"""The keys that a map takes, where the code lists them: msgspec's own schemas leave them out."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import inspect


def keys_of_maps(shapes: Iterable[Any], names: Mapping[str, str]) -> dict[tuple[str, str], list[str]]:
    """By component and field, every key that the field's map may have; `names` are public names of components."""
    found: dict[tuple[str, str], list[str]] = {}
    seen: set[type] = set()
    waiting: list[inspect.Type] = list(inspect.multi_type_info(list(shapes)))
    while waiting:
        one = waiting.pop()
        if isinstance(one, inspect.StructType):
            if one.cls in seen:
                continue
            seen.add(one.cls)
            for field in one.fields:
                waiting.append(field.type)
                for key in _literal_keys(field.type):
                    found.setdefault((_public(one.cls, names), field.encode_name), []).append(key)
        else:
            waiting += _inside(one)
    return found


def _literal_keys(kind: inspect.Type) -> list[str]:
    options = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    return [
        str(key)
        for option in options
        if isinstance(option, inspect.DictType) and isinstance(option.key_type, inspect.LiteralType)
        for key in option.key_type.values
    ]


def _inside(kind: inspect.Type) -> list[inspect.Type]:
    """The types that one which is no struct is made of."""
    parts: list[inspect.Type] = []
    for name in ("types", "item_types"):
        parts += getattr(kind, name, ())
    for name in ("type", "item_type", "key_type", "value_type"):
        part = getattr(kind, name, None)
        if isinstance(part, inspect.Type):
            parts.append(part)
    return parts


def _public(cls: type[msgspec.Struct], names: Mapping[str, str]) -> str:
    return names.get(f"{cls.__module__}.{cls.__qualname__}") or names.get(cls.__name__) or cls.__name__
