"""A JSON schema as a Python type, and an object's schema as a TypedDict."""

import keyword
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

Schema = Mapping[str, Any]
Named = Callable[[str], str]
"""The Python name of a component that is referred to."""

_SCALARS = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_REF = "#/components/schemas/"
_WIDTH = 120
_QUOTES = '"""'


def typed_dict(name: str, schema: Schema, named: Named) -> str:
    """The class of an object; where a field has a name that Python keeps for itself, the same by a call."""
    required = set(schema.get("required", ()))
    fields = {}
    for field, value in schema["properties"].items():
        spelled = python_type(value, named)
        fields[field] = spelled if field in required else f"NotRequired[{spelled}]"
    words = schema.get("description", "")
    if any(not field.isidentifier() or keyword.iskeyword(field) for field in fields):
        # The types are quoted, since a call looks names up at once and they may come later in the file.
        lines = [f'{name} = TypedDict("{name}", {{', *(f'    "{key}": "{_plain(one)}",' for key, one in fields.items())]
        return "\n".join([*lines, "})", *_docstring(words, indent="")])
    body = [*_docstring(words, indent="    "), ""]
    body += [f"    {field}: {one}" for field, one in fields.items()]
    return "\n".join([f"class {name}(TypedDict):", *(body if fields else [*body, "    pass"])])


def python_type(schema: Schema, named: Named) -> str:
    if "$ref" in schema:
        return named(schema["$ref"].removeprefix(_REF))
    if "anyOf" in schema:
        return _union(python_type(one, named) for one in schema["anyOf"])
    if "enum" in schema:
        values = [one for one in schema["enum"] if one is not None]
        literal = f"Literal[{', '.join(_quoted(one) for one in values)}]"
        return literal if len(values) == len(schema["enum"]) else f"{literal} | None"
    match schema.get("type"):
        case "array":
            return f"list[{_items(schema, named)}]"
        case "object":
            values = schema.get("additionalProperties")
            return f"dict[str, {python_type(values, named) if isinstance(values, dict) else 'Any'}]"
        case str(scalar):
            return _SCALARS[scalar]
        case _:
            return "Any"


def referred(schema: Any) -> set[str]:
    """The components that a schema refers to."""
    if isinstance(schema, Mapping):
        own = {schema["$ref"].removeprefix(_REF)} if isinstance(schema.get("$ref"), str) else set()
        return own.union(*(referred(one) for key, one in schema.items() if key != "discriminator"))
    return set().union(*map(referred, schema)) if isinstance(schema, list) else set()


def _docstring(words: str, *, indent: str) -> list[str]:
    line = f"{indent}{_QUOTES}{words}{_QUOTES}"
    if not words or (len(line) <= _WIDTH and "\n" not in words):
        return [line] if words else []
    paragraphs = words.split("\n\n")
    wrapped = [
        textwrap.fill(" ".join(one.split()), _WIDTH, initial_indent=indent, subsequent_indent=indent)
        for one in paragraphs
    ]
    wrapped[0] = textwrap.fill(
        _QUOTES + " ".join(paragraphs[0].split()), _WIDTH, initial_indent=indent, subsequent_indent=indent
    )
    return ["\n\n".join(wrapped), f"{indent}{_QUOTES}"]


def _items(schema: Schema, named: Named) -> str:
    if "prefixItems" in schema:
        # A JSON array of a fixed length is a list in Python as well, whatever stands where.
        return _union(python_type(one, named) for one in schema["prefixItems"])
    return python_type(schema["items"], named) if isinstance(schema.get("items"), dict) else "Any"


def _union(types: Any) -> str:
    parts = dict.fromkeys(part for one in types for part in _split(one))
    if "float" in parts:
        parts.pop("int", None)
    return " | ".join(parts)


def _split(spelled: str) -> list[str]:
    """The members of a union that is not inside brackets."""
    parts, depth, start = [], 0, 0
    for place, character in enumerate(spelled):
        depth += (character == "[") - (character == "]")
        if character == "|" and depth == 0:
            parts.append(spelled[start:place].strip())
            start = place + 1
    return [*parts, spelled[start:].strip()]


def _quoted(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _plain(spelled: str) -> str:
    """For inside double quotes."""
    return spelled.replace('"', "'")
