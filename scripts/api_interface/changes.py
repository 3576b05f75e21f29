"""What of an OpenAPI document may not change within a version: the interface without its words, and what breaks it."""

from collections.abc import Iterable, Mapping
from typing import Any

_WORDS = {"description", "summary", "title", "examples", "example", "links", "info", "servers", "tags", "x-sunset"}
_REFUSALS = 400
_DEPTH = 12
# Whether a bound narrows what is taken when it rises.
_BOUNDS = {
    "minimum": True,
    "exclusiveMinimum": True,
    "minLength": True,
    "minItems": True,
    "maximum": False,
    "exclusiveMaximum": False,
    "maxLength": False,
    "maxItems": False,
}

Json = Any


def interface(document: Mapping[str, Json]) -> dict[str, Json]:
    """The document without what people read: a change of words is no change of the interface."""
    found: dict[str, Json] = _without_words(document)
    found["components"] = {name: part for name, part in found["components"].items() if name != "examples"}
    for item in found["paths"].values():
        for operation in item.values():
            # Every refusal is a problem document with the same headers: which there are is all there is to know.
            operation["responses"] = {
                status: {} if int(status) >= _REFUSALS else answer for status, answer in operation["responses"].items()
            }
    return found


def breaking_changes(before: Mapping[str, Json], after: Mapping[str, Json]) -> list[str]:
    """What a client of `before` may trip over in `after`, one sentence each; both are OpenAPI documents."""
    return list(_breaking(before, after))


def _breaking(before: Mapping[str, Json], after: Mapping[str, Json]) -> Iterable[str]:
    for path, item in before["paths"].items():
        for method, old in item.items():
            at = f"{method.upper()} {path}"
            new = after["paths"].get(path, {}).get(method)
            if new is None:
                yield f"{at}: the operation is gone"
                continue
            yield from _operation(at, old, new, before, after)


def _operation(at: str, old: Json, new: Json, before: Json, after: Json) -> Iterable[str]:
    if old.get("operationId") != new.get("operationId"):
        yield f"{at}: operationId is another"
    if old.get("x-required-scope") != new.get("x-required-scope"):
        yield f"{at}: needs the scope {new.get('x-required-scope')} in place of {old.get('x-required-scope')}"
    yield from _parameters(at, old, new)
    old_body, new_body = _json_body(old), _json_body(new)
    if old_body is None and new_body is not None and new["requestBody"].get("required"):
        yield f"{at}: needs a body"
    if old_body is not None and new_body is not None:
        yield from _input(f"{at}: body", old_body, new_body, before, after, 0)
    for status, answer in old.get("responses", {}).items():
        if status not in new.get("responses", {}):
            # A problem that no longer happens breaks nobody.
            if int(status) < _REFUSALS:
                yield f"{at}: no longer answers {status}"
            continue
        yield from _answer(f"{at}: {status}", answer, new["responses"][status], before, after)


def _parameters(at: str, old: Json, new: Json) -> Iterable[str]:
    known = {(one["in"], one["name"]): one for one in old.get("parameters", ())}
    now = {(one["in"], one["name"]): one for one in new.get("parameters", ())}
    for key, one in known.items():
        if key not in now:
            yield f"{at}: the parameter {key[1]} is gone"
        elif one.get("schema", {}).get("enum") is not None:
            left = set(one["schema"]["enum"]) - set(now[key].get("schema", {}).get("enum", one["schema"]["enum"]))
            if left:
                yield f"{at}: the parameter {key[1]} no longer takes {', '.join(sorted(map(str, left)))}"
    for key, one in now.items():
        if one.get("required") and not known.get(key, {}).get("required"):
            yield f"{at}: the parameter {key[1]} is needed now"


def _answer(at: str, old: Json, new: Json, before: Json, after: Json) -> Iterable[str]:
    for header in old.get("headers", {}):
        if header not in new.get("headers", {}):
            yield f"{at}: the header {header} is gone"
    for media_type, content in old.get("content", {}).items():
        if media_type not in new.get("content", {}):
            yield f"{at}: no longer comes as {media_type}"
            continue
        shown = new["content"][media_type].get("schema", {})
        yield from _output(f"{at}: answer", content.get("schema", {}), shown, before, after, 0)


def _output(at: str, old: Json, new: Json, before: Json, after: Json, depth: int) -> Iterable[str]:
    """A reader of `old` must find in `new` every field it knows, and nothing it was told not to expect."""
    for name in _choices(old).keys() & _choices(new).keys():
        yield from _output(f"{at}<{name}>", _choices(old)[name], _choices(new)[name], before, after, depth + 1)
    old, new = _resolved(old, before), _resolved(new, after)
    if depth > _DEPTH:
        return
    more = set(_types(new)) - set(_types(old))
    if _types(old) and more - ({"integer"} if "number" in _types(old) else set()):
        yield f"{at}: may be {', '.join(sorted(more))} now"
    for name, field in old.get("properties", {}).items():
        if name not in new.get("properties", {}):
            yield f"{at}/{name}: the field is gone"
            continue
        if name in old.get("required", ()) and name not in new.get("required", ()):
            yield f"{at}/{name}: is no longer always there"
        yield from _output(f"{at}/{name}", field, new["properties"][name], before, after, depth + 1)
    for inside in ("items", "additionalProperties"):
        if isinstance(old.get(inside), Mapping) and isinstance(new.get(inside), Mapping):
            yield from _output(f"{at}/*", old[inside], new[inside], before, after, depth + 1)


def _input(at: str, old: Json, new: Json, before: Json, after: Json, depth: int) -> Iterable[str]:
    """A body that `old` takes must be one that `new` takes."""
    for name, choice in _choices(old).items():
        if name in _choices(new):
            yield from _input(f"{at}<{name}>", choice, _choices(new)[name], before, after, depth + 1)
        elif _choices(new):
            yield f"{at}: no longer takes {name}"
    old, new = _resolved(old, before), _resolved(new, after)
    if depth > _DEPTH:
        return
    fewer = set(_types(old)) - set(_types(new))
    if _types(new) and fewer - ({"integer"} if "number" in _types(new) else set()):
        yield f"{at}: may no longer be {', '.join(sorted(fewer))}"
    if old.get("enum") and new.get("enum") and (left := set(map(str, old["enum"])) - set(map(str, new["enum"]))):
        yield f"{at}: no longer takes {', '.join(sorted(left))}"
    for name in new.get("required", ()):
        if name not in old.get("required", ()):
            yield f"{at}/{name}: is needed now"
    for name, field in old.get("properties", {}).items():
        if name not in new.get("properties", {}):
            yield f"{at}/{name}: the field is gone"
            continue
        yield from _input(f"{at}/{name}", field, new["properties"][name], before, after, depth + 1)
    for keyword, rises in _BOUNDS.items():
        was, now = old.get(keyword), new.get(keyword)
        if now is not None and (was is None or (now > was if rises else now < was)):
            yield f"{at}: {keyword} is {now} now"
    if isinstance(old.get("items"), Mapping) and isinstance(new.get("items"), Mapping):
        yield from _input(f"{at}/*", old["items"], new["items"], before, after, depth + 1)


def _choices(schema: Json) -> dict[str, Json]:
    """The components that a value may be one of, by name."""
    references = [option for option in schema.get("anyOf", ()) if "$ref" in option]
    return {one["$ref"].rpartition("/")[2]: one for one in references} if len(references) > 1 else {}


def _types(schema: Json) -> tuple[str, ...]:
    """The JSON types that a value may have; none where the schema leaves it open."""
    if "anyOf" in schema:
        return tuple(kind for option in schema["anyOf"] for kind in _types(option))
    kind = schema.get("type")
    if kind is None and "enum" in schema:
        return ("string",)
    return tuple(kind) if isinstance(kind, list) else () if kind is None else (kind,)


def _resolved(schema: Json, document: Json) -> Json:
    """The schema behind a reference, and behind a choice between it and null."""
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) == 1:
        inner = _resolved(options[0], document)
        kinds = [*_types(inner), "null"] if len(options) < len(schema["anyOf"]) else list(_types(inner))
        return {**inner, "type": kinds}
    if "anyOf" in schema:
        return {**schema, "anyOf": [_resolved(option, document) for option in schema["anyOf"]]}
    return schema


def _json_body(operation: Json) -> Json:
    return operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")


def _without_words(value: Json, *, names: bool = False) -> Json:
    """`names` says that the keys of a mapping are names of somebody's own and no keywords."""
    if isinstance(value, Mapping):
        return {
            key: _without_words(part, names=not names and key in {"properties", "paths", "schemas", "headers"})
            for key, part in sorted(value.items())
            if names or key not in _WORDS
        }
    if isinstance(value, list):
        return [_without_words(part) for part in value]
    return value
