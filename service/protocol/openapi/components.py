"""The components of the document: what msgspec says of a shape, under public names and with words for every field."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from service.problems import ProblemDocument
from service.protocol.openapi.vocabulary import load_vocabulary
from service.protocol.operations import Answered, Operation

_REF = "#/components/schemas/{name}"
_MONTH = {"pattern": r"^\d{4}-(0[1-9]|1[0-2])$"}

# Text fields that hold a month wherever they occur.
_MONTHS = frozenset({"month", "base_month", "first_month", "p10_month", "p50_month", "p90_month"})


def shapes_and_components(
    operations: Iterable[Operation],
) -> tuple[dict[Any, dict[str, Any]], dict[str, dict[str, Any]]]:
    """The schema of each body and answer by its type, and the components that these refer to by name."""
    shapes: list[Any] = [ProblemDocument]
    for operation in operations:
        shapes += [operation.body] if operation.body is not None else []
        for answered in operation.answers.values():
            shapes += alternatives(answered)
    unique = list(dict.fromkeys(shapes))
    found, components = msgspec.json.schema_components(unique, ref_template=_REF)
    vocabulary = load_vocabulary()
    names = {name: vocabulary.name_of(name) for name in components}
    if len(set(names.values())) < len(names):
        raise ValueError(f"two components have one name: {sorted(names.values())}")
    renamed = {names[name]: _renamed(schema, names) for name, schema in components.items()}
    described = {name: _described(name, schema) for name, schema in renamed.items()}
    schemas = dict(zip(unique, (_renamed(schema, names) for schema in found), strict=True))
    return schemas, dict(sorted(described.items()))


def alternatives(answered: Answered) -> tuple[Any, ...]:
    """The shapes that an answer may have."""
    if answered.shape is None:
        return ()
    return answered.shape if isinstance(answered.shape, tuple) else (answered.shape,)


def _described(component: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    vocabulary = load_vocabulary()
    words = _on_one_line(schema.get("description")) or vocabulary.components.get(component)
    head = {"title": component, **({"description": words} if words else {})}
    described = {**head, **{key: value for key, value in schema.items() if key not in head}}
    if "properties" in described:
        described["properties"] = {
            name: _field(component, name, field) for name, field in described["properties"].items()
        }
    return described


def _field(component: str, name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    words = schema.get("description") or load_vocabulary().of_field(component, name)
    # A month is text in the code, whose meaning is checked after its shape; the document can say both at once.
    marked = _with_month(schema) if name in _MONTHS else dict(schema)
    return {"description": words, **marked} if words else marked


def _with_month(schema: Mapping[str, Any]) -> dict[str, Any]:
    if schema.get("type") == "string":
        return {**schema, **_MONTH}
    options = [_with_month(option) for option in schema.get("anyOf", ())]
    return {**schema, "anyOf": options} if options else dict(schema)


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _reference(part, names) if key == "$ref" else _renamed(part, names) for key, part in value.items()}
    if isinstance(value, list):
        return [_renamed(part, names) for part in value]
    # The mapping of a discriminator holds references too, as plain text.
    return _reference(value, names) if isinstance(value, str) else value


def _reference(text: str, names: Mapping[str, str]) -> str:
    head, _, name = text.rpartition("/")
    return f"{head}/{names[name]}" if head == "#/components/schemas" and name in names else text


def _on_one_line(text: str | None) -> str | None:
    """A docstring without the breaks and margins that it has in the code; paragraphs stay apart."""
    if text is None:
        return None
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
