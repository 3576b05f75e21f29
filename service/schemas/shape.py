"""Bytes to wire shapes: strict JSON, with one problem for every field of the wrong shape instead of the first only."""

import json
import math
import re
import types
import typing
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, TypeVar

import msgspec

from forecasts.errors import Problem
from service.schemas.accepted import accepted

T = TypeVar("T")

# A document beyond this many problems is of another kind altogether; more lines would help nobody.
MOST_PROBLEMS = 100

_MISSING_FIELD = re.compile(r"Object missing required field `(.*)`")


class BadJson(ValueError):  # noqa: N818 - named for what was received.
    """The body is no JSON text; `detail` says where it stops being one."""

    def __init__(self, detail: str) -> None:
        self.detail = detail
        super().__init__(detail)


class BadShape(ValueError):  # noqa: N818 - named for what was received.
    """JSON whose fields do not have the declared shape."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{problem.pointer}: {problem.detail}" for problem in problems))


def decode(body: bytes, shape: type[T]) -> T:
    """The body as `shape`; raises BadJson or BadShape with a problem for each bad field.

    The quick way decodes once; the walk that finds every problem is paid for by bad input alone.
    """
    try:
        decoded = msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raw = _raw_json(body)
        problems = unstorable_values(raw) or shape_problems(raw, shape)
        # The walk and the decoder agree in all but number syntax, where the decoder's own words are kept.
        raise BadShape(tuple(problems) or (_first_problem(body, shape),)) from None
    if b"\\u0000" in body and (problems := unstorable_values(_raw_json(body))):
        raise BadShape(tuple(problems))
    return decoded


def shape_problems(raw: object, shape: Any, *, strict: bool = True) -> list[Problem]:
    """Every field of `raw` (JSON values as Python ones) that does not fit the type `shape`; empty when all do.

    `strict=False` lets text stand for numbers, as query parameters need.
    """
    return _problems_at("", raw, shape, strict=strict)[:MOST_PROBLEMS]


def unstorable_values(raw: object, pointer: str = "") -> list[Problem]:
    """What the database cannot keep: text (keys too) with a NUL character, and numbers too large for a float."""
    if isinstance(raw, str) and "\0" in raw:
        return [Problem(pointer=pointer, detail="text must not contain the NUL character")]
    if isinstance(raw, float) and math.isinf(raw):
        return [Problem(pointer=pointer, detail="number out of range")]
    if isinstance(raw, Mapping):
        found = [
            problem for key, value in raw.items() for problem in unstorable_values(value, f"{pointer}/{escaped(key)}")
        ]
        if any("\0" in key for key in raw):
            found.append(Problem(pointer=pointer, detail="field names must not contain the NUL character"))
        return found
    if isinstance(raw, list):
        return [
            problem for index, value in enumerate(raw) for problem in unstorable_values(value, f"{pointer}/{index}")
        ]
    return []


def escaped(key: object) -> str:
    """One reference token of a JSON pointer (RFC 6901)."""
    return str(key).replace("~", "~0").replace("/", "~1")


def _raw_json(body: bytes) -> object:
    if not body:
        raise BadJson("the body is empty; a JSON document is needed")
    try:
        return msgspec.json.decode(body)
    except UnicodeDecodeError as error:
        raise BadJson(f"the body is not UTF-8 text at byte {error.start}") from None
    except RecursionError:
        raise BadJson("the document is nested too deeply") from None
    except msgspec.ValidationError:
        # Untyped decoding objects to nothing but numbers out of range; the standard library's reader keeps them
        # (as infinity), so that they can be named.
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as error:
            raise BadJson(str(error)) from None
    except msgspec.DecodeError as error:
        raise BadJson(str(error).removeprefix("JSON is malformed: ")) from None


def _first_problem(body: bytes, shape: Any) -> Problem:
    try:
        msgspec.json.decode(body, type=shape)
    except msgspec.ValidationError as error:
        message, path = _split_path(str(error))
        return Problem(pointer=path, detail=_sentence(message))
    raise AssertionError("called for a body that decodes")


def _problems_at(pointer: str, raw: object, annotation: Any, *, strict: bool) -> list[Problem]:
    target = _part_for(raw, _without_marks(annotation))
    if _is_struct(target):
        if not isinstance(raw, Mapping):
            return _converted(pointer, raw, annotation, strict=strict)
        found = _problems_of_struct(pointer, raw, target, strict=strict)
    elif typing.get_origin(target) in {list, tuple, set, frozenset, Sequence} and isinstance(raw, list):
        found = [
            problem
            for index, (value, part) in enumerate(zip(raw, _item_types(target, len(raw)), strict=False))
            for problem in _problems_at(f"{pointer}/{index}", value, part, strict=strict)
        ]
    elif typing.get_origin(target) in {dict, Mapping} and isinstance(raw, Mapping):
        key_type, value_type = typing.get_args(target)
        found = [
            problem
            for key, value in raw.items()
            for part, annotation_of_part in ((key, key_type), (value, value_type))
            for problem in _problems_at(f"{pointer}/{escaped(key)}", part, annotation_of_part, strict=strict)
        ]
    else:
        found = []
    # What the parts do not show belongs to the whole: lengths, tags, a check of the structure itself.
    return found or _converted(pointer, raw, annotation, strict=strict)


def _problems_of_struct(pointer: str, raw: Mapping[Any, Any], struct: Any, *, strict: bool) -> list[Problem]:
    found = []
    fields = {field.encode_name: field for field in msgspec.structs.fields(struct)}
    tag_field = struct.__struct_config__.tag_field
    for name, field in fields.items():
        at = f"{pointer}/{escaped(name)}"
        if name in raw:
            found += _problems_at(at, raw[name], field.type, strict=strict)
        elif field.required:
            found.append(Problem(pointer=at, detail="is required"))
    if struct.__struct_config__.forbid_unknown_fields:
        for name in raw:
            if name not in fields and name != tag_field:
                close = get_close_matches(str(name), fields, n=1)
                hint = f"; did you mean {close[0]}?" if close else ""
                found.append(Problem(pointer=f"{pointer}/{escaped(name)}", detail=f"is not a known field{hint}"))
    return found


def _converted(pointer: str, raw: object, annotation: Any, *, strict: bool) -> list[Problem]:
    try:
        msgspec.convert(raw, type=annotation, strict=strict)
    except msgspec.ValidationError as error:
        message, path = _split_path(str(error))
        detail = accepted(message, path, raw, annotation) or _sentence(message)
        return [Problem(pointer=pointer + path, detail=detail)]
    return []


def _without_marks(annotation: Any) -> Any:
    while typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    return getattr(annotation, "__value__", annotation)


def _part_for(raw: object, annotation: Any) -> Any:
    """The member of a union that a value of this kind is meant for, so that its own fields can be told apart."""
    if typing.get_origin(annotation) not in {typing.Union, types.UnionType}:
        return annotation
    members = [_without_marks(member) for member in typing.get_args(annotation)]
    if isinstance(raw, Mapping):
        structs = [member for member in members if _is_struct(member)]
        if len(structs) == 1:
            return structs[0]
        for struct in structs:
            config = struct.__struct_config__
            if config.tag_field is not None and raw.get(config.tag_field) == config.tag:
                return struct
        maps = [member for member in members if typing.get_origin(member) in {dict, Mapping}]
        return maps[0] if maps and not structs else annotation
    if isinstance(raw, list):
        arrays = [member for member in members if typing.get_origin(member) in {list, tuple, set, frozenset, Sequence}]
        return arrays[0] if len(arrays) == 1 else annotation
    return annotation


def _is_struct(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, msgspec.Struct)


def _item_types(annotation: Any, length: int) -> list[Any]:
    arguments = typing.get_args(annotation)
    if typing.get_origin(annotation) is tuple and not (len(arguments) == 2 and arguments[1] is Ellipsis):
        return list(arguments)
    return [arguments[0]] * length


def _split_path(message: str) -> tuple[str, str]:
    """msgspec's message and its path (`$.a[0].b`) as a pointer; keys of maps, which it hides, end the pointer."""
    text, _, path = message.partition(" - at `")
    tokens = path.rstrip("`").removeprefix("$").split("[...]")[0].replace("[", ".").replace("]", "").split(".")
    pointer = "".join(f"/{escaped(token)}" for token in tokens if token)
    if missing := _MISSING_FIELD.fullmatch(text):
        return "is required", f"{pointer}/{escaped(missing[1])}"
    return text, pointer


def _sentence(message: str) -> str:
    """msgspec's wording without its marks for code, in the lower case of a detail that follows a field's name."""
    plain = message.replace("`", "")
    return plain[:1].lower() + plain[1:]
