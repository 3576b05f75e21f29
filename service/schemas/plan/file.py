"""A plan file, YAML or JSON, to the JSON document that the service is sent; what a field means is the service's to say.

YAML is version 1.1 with three differences, so that a value is what it looks like: dates stay text; numbers are those of
JSON and YAML 1.2 (`1e6` is one, `010` is ten, `12:30` is text), with `_` between digits; keys are the text as written.
Numbers keep every digit on their way to the service.
"""

import codecs
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
import yaml

from forecasts.errors import Problem

MOST_PROBLEMS = 100
MOST_DEPTH = 400
# Twice what the service accepts as a body, so nothing it would take is refused here.
MOST_CHARACTERS_BY_ALIAS = 16 * 1024 * 1024

_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?[0-9][0-9_]*")
_DECIMAL = re.compile(r"[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)?")
_OTHER_BASE = re.compile(r"0x[0-9a-fA-F]+|0o[0-7]+")
_NO_NUMBER = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    form: value
    for words, value in (("yes true on", True), ("no false off", False), ("null", None))
    for word in words.split()
    for form in (word, word.title(), word.upper())
} | {"": None, "~": None}
_DIGITS_OF_AN_INT = 18

_ENCODER = msgspec.json.Encoder(decimal_format="number")
# The reader in C is many times faster; builds of PyYAML from source may lack it.
_YAML_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class BadPlanFile(ValueError):  # noqa: N818 - named for what was read.
    """The text is no plan document: one problem for each place, with a JSON pointer, empty for the whole file."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems[:MOST_PROBLEMS]
        super().__init__("; ".join(f"{problem.pointer}: {problem.detail}" for problem in self.problems))


def read_plan(content: bytes, *, name: str = "") -> dict[str, Any]:
    """The document of a file; `name` tells JSON by its extension. Raises BadPlanFile with everything found wrong."""
    try:
        text = content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _whole(f"line {line}: this is not UTF-8 text") from None
    if not text.strip():
        raise _whole("the file is empty; a plan is a mapping with fields such as workloads")
    document = _read(text, name)
    if not isinstance(document, dict):
        raise _whole("a plan is a mapping with fields such as workloads, and this is something else")
    return document


def encode_plan(document: Mapping[str, Any]) -> bytes:
    """The document as JSON, its numbers with the digits they were written with."""
    return _ENCODER.encode(document)


def _read(text: str, name: str) -> object:
    if name.lower().endswith(".json"):
        return _read_json(text)
    if text.lstrip()[0] in "{[":
        # JSON without the extension; a plan in YAML's own flow style begins alike and is told apart by failing.
        try:
            return _read_json(text)
        except BadPlanFile as error:
            if any(problem.pointer for problem in error.problems):
                raise
    return _read_yaml(text)


def _whole(detail: str) -> BadPlanFile:
    return BadPlanFile(Problem(pointer="", detail=detail))


def _below(pointer: str, key: object) -> str:
    return f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"


def _number(text: str) -> int | Decimal | None:
    """None for a number whose exponent no computer holds."""
    plain = text.replace("_", "")
    if _INTEGER.fullmatch(text) and len(plain) <= _DIGITS_OF_AN_INT:
        return int(plain)
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


class _NoNumber:
    """Stands where NaN or an infinity was written, until its pointer is known."""

    def __init__(self, text: str) -> None:
        self.text = text


def _read_json(text: str) -> object:
    repeated: list[tuple[dict[str, object], str]] = []

    def mapping(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made: dict[str, object] = {}
        for key, value in pairs:
            if key in made:
                repeated.append((made, key))
            made[key] = value
        return made

    def number(digits: str) -> object:
        value = _number(digits)
        return _NoNumber(digits) if value is None else value

    try:
        document: object = json.loads(
            text, object_pairs_hook=mapping, parse_float=number, parse_int=number, parse_constant=_NoNumber
        )
        problems = list(_problems_of_json(document, "", {(id(made), key) for made, key in repeated}))
    except json.JSONDecodeError as error:
        raise _whole(f"line {error.lineno}, column {error.colno}: {error.msg[:1].lower()}{error.msg[1:]}") from None
    except RecursionError:
        raise _whole("the document is nested too deeply") from None
    if problems:
        raise BadPlanFile(*problems)
    return document


def _problems_of_json(value: object, pointer: str, repeated: set[tuple[int, str]]) -> Iterator[Problem]:
    if isinstance(value, _NoNumber):
        yield Problem(pointer=pointer, detail=_not_finite(value.text))
    elif isinstance(value, str):
        if not _storable(value):
            yield Problem(pointer=pointer, detail="holds half of a surrogate pair, which is no character")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _problems_of_json(item, f"{pointer}/{index}", repeated)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not _storable(key):
                yield Problem(pointer=pointer, detail="has a field whose name holds half of a surrogate pair")
                continue
            if (id(value), key) in repeated:
                yield Problem(pointer=_below(pointer, key), detail="is given twice")
            yield from _problems_of_json(item, _below(pointer, key), repeated)


def _storable(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)


def _not_finite(text: str) -> str:
    return f"must be a finite number, not {text[:40]}"


def _read_yaml(text: str) -> object:
    try:
        reader = _YamlReader(yaml.parse(text, Loader=_YAML_LOADER))
        document = reader.document()
    except yaml.MarkedYAMLError as error:
        words = ", ".join(part for part in (error.context, error.problem) if part)
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise _whole(f"{where}{words}") from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise _whole(f"line {line}: {error.reason}") from None
    if reader.problems:
        raise BadPlanFile(*reader.problems)
    return document


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


@dataclass(frozen=True)
class _Anchored:
    value: object
    characters: int


class _YamlReader:
    """Events to values by hand: only so does every problem get a pointer, and no alias a chance to explode."""

    def __init__(self, events: Iterator[Any]) -> None:
        self.problems: list[Problem] = []
        self._events = events
        self._anchors: dict[str, _Anchored | None] = {}
        self._characters_by_alias = 0

    def document(self) -> object:
        value: object = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if value is not None:
                    raise _whole(f"line {_line(event)}: a second document begins; a file holds one plan")
                value = self._value(next(self._events), "", 0)[0]
        return value

    def _value(self, event: Any, pointer: str, depth: int) -> tuple[Any, int]:
        """A value and how many characters it has as text, aliases written out."""
        if depth > MOST_DEPTH:
            raise _whole("the document is nested too deeply")
        if isinstance(event, yaml.AliasEvent):
            return self._aliased(event, pointer)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        if isinstance(event, yaml.ScalarEvent):
            value, size = self._scalar(event, pointer), len(event.value) + 3
        elif isinstance(event, yaml.SequenceStartEvent):
            self._refuse_tag(event, "seq", pointer)
            value, size = self._sequence(pointer, depth)
        else:
            self._refuse_tag(event, "map", pointer)
            value, size = self._mapping(pointer, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, size)
        return value, size

    def _sequence(self, pointer: str, depth: int) -> tuple[list[object], int]:
        values: list[object] = []
        size = 2
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            value, characters = self._value(event, f"{pointer}/{len(values)}", depth + 1)
            values.append(value)
            size += characters
        return values, size

    def _mapping(self, pointer: str, depth: int) -> tuple[dict[str, object], int]:
        own: dict[str, object] = {}
        merged: list[Mapping[str, object]] = []
        size = 2
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(event, pointer, depth)
            below = _below(pointer, key)
            value, characters = self._value(next(self._events), below, depth + 1)
            size += characters + len(key) + 4
            if key == "<<" and event.implicit[0]:
                merged += self._mappings_to_merge(value, below)
            elif key in own:
                self._add(below, f"is given twice; the second time in line {_line(event)}")
            else:
                own[key] = value
        for mapping in merged:
            own = {**mapping, **own}
        return own, size

    def _key(self, event: Any, pointer: str, depth: int) -> str:
        if isinstance(event, yaml.ScalarEvent):
            if event.anchor is not None:
                self._anchors[event.anchor] = _Anchored(event.value, len(event.value) + 3)
            return self._storable(event.value, pointer)
        value, _ = self._value(event, pointer, depth + 1)
        if isinstance(value, str):
            return value
        raise _whole(f"line {_line(event)}: a field's name must be text")

    def _mappings_to_merge(self, value: Any, pointer: str) -> list[Mapping[str, object]]:
        mappings: list[Mapping[str, object]] = value if isinstance(value, list) else [value]
        if all(isinstance(mapping, dict) for mapping in mappings):
            # Of several with the same field the first wins, and the mapping's own field wins over them all.
            return mappings
        self._add(pointer, "must name a mapping, or a list of mappings, to take fields from")
        return []

    def _aliased(self, event: Any, pointer: str) -> tuple[Any, int]:
        where = f"line {_line(event)}, column {event.start_mark.column + 1}"
        if event.anchor not in self._anchors:
            raise _whole(f"{where}: there is no anchor &{event.anchor} before this alias")
        anchored = self._anchors[event.anchor]
        if anchored is None:
            self._add(pointer, f"contains itself by the alias *{event.anchor}")
            return None, 1
        self._characters_by_alias += anchored.characters
        if self._characters_by_alias > MOST_CHARACTERS_BY_ALIAS:
            raise _whole(f"{where}: the aliases make the document larger than {MOST_CHARACTERS_BY_ALIAS} characters")
        return anchored.value, anchored.characters

    def _scalar(self, event: Any, pointer: str) -> object:
        text = event.value
        tag = event.tag.removeprefix(_TAG) if event.tag else None
        if tag in {"str", "timestamp", "!"} or (tag is None and not event.implicit[0]):
            return self._storable(text, pointer)
        if tag not in {None, "int", "float", "bool", "null"}:
            self._add(pointer, f"has the tag {event.tag}, which a plan does not know")
            return text
        if text in _WORDS and tag not in {"int", "float"}:
            return _WORDS[text]
        if _OTHER_BASE.fullmatch(text):
            return int(text, 0)
        if _DECIMAL.fullmatch(text):
            value = _number(text)
            if value is None:
                self._add(pointer, _not_finite(text))
            return value
        if _NO_NUMBER.fullmatch(text):
            self._add(pointer, _not_finite(text))
        return text

    def _storable(self, text: str, pointer: str) -> str:
        if _storable(text):
            return text
        # Only the reader written in Python lets an escape for it through.
        self._add(pointer, "holds half of a surrogate pair, which is no character")
        return ""

    def _refuse_tag(self, event: Any, kind: str, pointer: str) -> None:
        if event.tag not in {None, "!", _TAG + kind}:
            self._add(pointer, f"has the tag {event.tag}, which a plan does not know")

    def _add(self, pointer: str, detail: str) -> None:
        self.problems.append(Problem(pointer=pointer, detail=detail))
