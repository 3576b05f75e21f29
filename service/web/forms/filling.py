"""A stored document into its form: every part with the value it shows, ready for the template."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, ClassVar

from service.web.forms.parts import Choose, Field, Group, Items, Note, Part, left_out_by

_LARGEST_EXACT = 2**53


@dataclass(frozen=True, kw_only=True)
class FilledField:
    what: ClassVar[str] = "field"
    field: Field
    id: str
    text: str

    @property
    def says_something(self) -> bool:
        silent = self.field.default or ("false" if self.field.kind == "flag" else "")
        return self.text not in ("", silent)


@dataclass(frozen=True, kw_only=True)
class FilledNote:
    what: ClassVar[str] = "note"
    note: Note
    says_something: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class FilledGroup:
    what: ClassVar[str] = "group"
    group: Group
    parts: "tuple[Filled, ...]"

    @property
    def says_something(self) -> bool:
        return any(part.says_something for part in self.parts)


@dataclass(frozen=True, kw_only=True)
class FilledOption:
    codes: tuple[str, ...]
    chosen: bool
    parts: "tuple[Filled, ...]"


@dataclass(frozen=True, kw_only=True)
class FilledChoose:
    what: ClassVar[str] = "choose"
    choose: Choose
    id: str
    code: str
    options: tuple[FilledOption, ...]

    def drops(self, code: str) -> str:
        """The pointers that the document loses with a choice, a space between them."""
        return " ".join(left_out_by(self.choose, code))

    @property
    def says_something(self) -> bool:
        if self.code != (self.choose.default or self.choose.choices[0][0]):
            return True
        return any(part.says_something for option in self.options if option.chosen for part in option.parts)


@dataclass(frozen=True, kw_only=True)
class FilledItems:
    """`blank` is what the button adds."""

    what: ClassVar[str] = "items"
    items: Items
    rows: "tuple[tuple[Filled, ...], ...]"
    blank: "tuple[Filled, ...]"

    @property
    def says_something(self) -> bool:
        return bool(self.rows)


Filled = FilledField | FilledNote | FilledGroup | FilledChoose | FilledItems


def fill(parts: tuple[Part, ...], document: Mapping[str, Any]) -> tuple[Filled, ...]:
    """The parts of a form as a document fills them; ids are unique in the form."""
    return _fill_all(parts, document, count(1))


def value_at(document: Any, pointer: str) -> Any:
    """The value that a pointer leads to; None where it leads nowhere. Names in forms need no escapes."""
    held = document
    for name in pointer.split("/")[1:]:
        if not isinstance(held, Mapping):
            return None
        held = held.get(name)
    return held


def text_of(field: Field, value: Any) -> str:
    """How a control shows a JSON value, so that its kind reads the same value back."""
    if value is None:
        return ""
    if field.kind == "numbers" and isinstance(value, list):
        return ", ".join(_number(one) for one in value)
    if field.kind == "rows" and isinstance(value, list):
        return "\n".join("  ".join(_number(one) for one in row) for row in value)
    if field.kind == "pairs" and isinstance(value, Mapping):
        return "\n".join(f"{name}: {one}" for name, one in value.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (Mapping, list)):
        return ""  # Of another shape than this field's, which a choice around it keeps hidden.
    return _number(value) if isinstance(value, float) else str(value)


def _number(value: Any) -> str:
    whole = isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_EXACT
    return str(int(value)) if whole else str(value)


def _fill_all(parts: tuple[Part, ...], document: Any, ids: Iterator[int]) -> tuple[Filled, ...]:
    return tuple(_fill(part, document, ids) for part in parts)


def _fill(part: Part, document: Any, ids: Iterator[int]) -> Filled:
    match part:
        case Note():
            return FilledNote(note=part)
        case Field():
            return FilledField(field=part, id=f"field-{next(ids)}", text=_shown(part, document))
        case Group():
            return FilledGroup(group=part, parts=_fill_all(part.parts, document, ids))
        case Items():
            held = value_at(document, part.at) or []
            return FilledItems(
                items=part,
                rows=tuple(_fill_all(part.parts, item, ids) for item in held),
                blank=_fill_all(part.parts, {}, ids),
            )
        case Choose():
            return _fill_choose(part, document, ids)


def _fill_choose(part: Choose, document: Any, ids: Iterator[int]) -> FilledChoose:
    value = value_at(document, part.at or part.of)
    code = part.chosen(value) if part.chosen is not None else str(value or "")
    if code not in {one for one, _ in part.choices}:
        code = part.default or part.choices[0][0]
    return FilledChoose(
        choose=part,
        id=f"field-{next(ids)}",
        code=code,
        options=tuple(
            FilledOption(
                codes=option.codes,
                chosen=code in option.codes,
                parts=_fill_all(option.parts, document, ids),
            )
            for option in part.options
        ),
    )


def _shown(field: Field, document: Any) -> str:
    """A choice that the document does not make shows its default; one that it makes to be null shows the blank."""
    value = value_at(document, field.at)
    if value is not None or field.kind not in ("choice", "flag"):
        return text_of(field, value)
    parent, _, name = field.at.rpartition("/")
    made = value_at(document, parent) if parent else document
    return "" if field.null and isinstance(made, Mapping) and name in made else field.default
