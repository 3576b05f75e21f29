"""The components of the document: what msgspec says of a shape, under public names and with words for every field."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from service.problems import ProblemDocument
from service.protocol.openapi.shapes.map_keys import keys_of_maps
from service.protocol.openapi.shapes.number_bounds import with_bounds
from service.protocol.openapi.shapes.text_formats import with_format
from service.protocol.openapi.words.vocabulary import load_vocabulary
from service.protocol.operations import Answered, Operation

_REF = "#/components/schemas/{name}"


def shapes_and_components(
    operations: Sequence[Operation],
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
    taken = _inside((operation.body for operation in operations), names)
    described = {name: _described(name, schema, is_input=name in taken) for name, schema in renamed.items()}
    for (component, field), keys in keys_of_maps(unique, names).items():
        _limit_keys(described[component]["properties"][field], keys)
    schemas = dict(zip(unique, (_renamed(schema, names) for schema in found), strict=True))
    return schemas, dict(sorted(described.items()))


def alternatives(answered: Answered) -> tuple[Any, ...]:
    """The shapes that an answer may have."""
    if answered.shape is None:
        return ()
    return answered.shape if isinstance(answered.shape, tuple) else (answered.shape,)


def _inside(shapes: Iterable[Any], names: Mapping[str, str]) -> set[str]:
    """The public names of the components that some shapes are made of."""
    _, components = msgspec.json.schema_components([one for one in shapes if one is not None], ref_template=_REF)
    return {names.get(name, name) for name in components}


def _described(component: str, schema: Mapping[str, Any], *, is_input: bool) -> dict[str, Any]:
    vocabulary = load_vocabulary()
    words = _on_one_line(schema.get("description")) or vocabulary.components.get(component)
    head = {"title": component, **({"description": words} if words else {})}
    described = {**head, **{key: value for key, value in schema.items() if key not in head}}
    for name, field in described.get("properties", {}).items():
        said = field.get("description") or vocabulary.of_field(component, name)
        written = with_format(component, name, with_bounds(component, name, field), is_input=is_input)
        described["properties"][name] = {"description": said, **written} if said else written
    return described


def _limit_keys(schema: dict[str, Any], keys: list[str]) -> None:
    for option in (schema, *schema.get("anyOf", ())):
        if option.get("type") == "object":
            option["propertyNames"] = {"enum": sorted(keys)}


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
