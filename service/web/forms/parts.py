"""What a form is made of. Fields are named by the JSON pointer of what they fill, below the list item around them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

# How the text of a control becomes JSON; `valueOf` in static/forms.js is the other half.
Kind = Literal["text", "number", "integer", "decimal", "flag", "choice", "numbers", "rows", "pairs"]
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Field:
    """One control. `default` is what an empty one means; `suggestions` names a list of the page to choose from.

    `blank` is the word for an empty choice; with `null`, an empty control is JSON's null instead of left out.
    """

    at: str
    label: str
    kind: Kind = "text"
    help: str = ""
    required: bool = False
    default: str = ""
    choices: Choices = ()
    suggestions: str = ""
    blank: str = "\N{EN DASH}"
    null: bool = False


@dataclass(frozen=True, kw_only=True)
class Note:
    """A sentence between fields."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Group:
    """Parts under a legend. `at` is the object they fill, if one: problems of it as a whole are shown here.

    An `optional` object is left out while its text fields are all empty. A `rare` group is folded until it holds
    something that is not a default.
    """

    legend: str
    parts: "tuple[Part, ...]"
    at: str = ""
    help: str = ""
    optional: bool = False
    rare: bool = False


@dataclass(frozen=True, kw_only=True)
class Option:
    """Parts that show while one of these codes is chosen; several options may name the same code."""

    codes: tuple[str, ...]
    parts: "tuple[Part, ...]"


@dataclass(frozen=True, kw_only=True)
class Choose:
    """A choice that decides which parts show; what the others would fill is taken out of the document.

    With `at` the choice is itself a field of the document. Without, `chosen` tells it from the value at `of`.
    `name` is unique in its form.
    """

    name: str
    label: str
    choices: Choices
    options: tuple[Option, ...]
    at: str = ""
    default: str = ""
    of: str = ""
    chosen: Callable[[Any], str] | None = None
    help: str = ""


@dataclass(frozen=True, kw_only=True)
class Items:
    """A list whose items have the same parts; `add` is the word on the button that makes another."""

    at: str
    legend: str
    item: str
    parts: "tuple[Part, ...]"
    add: str
    help: str = ""


Part = Field | Note | Group | Choose | Items


def filled_by(part: Part) -> tuple[str, ...]:
    """The outermost pointers that a part fills."""
    match part:
        case Field() | Items():
            return (part.at,)
        case Note():
            return ()
        case Group():
            return (part.at,) if part.at else tuple(pointer for one in part.parts for pointer in filled_by(one))
        case Choose():
            inside = tuple(pointer for option in part.options for pointer in _filled(option))
            return (part.at, *inside) if part.at else inside


def left_out_by(choose: Choose, code: str) -> tuple[str, ...]:
    """What only parts fill that this code hides: it must not stay in the document once the code is chosen."""
    shown = {pointer for option in choose.options if code in option.codes for pointer in _filled(option)}
    hidden = {pointer for option in choose.options if code not in option.codes for pointer in _filled(option)}
    return tuple(sorted(hidden - shown))


def _filled(option: Option) -> tuple[str, ...]:
    return tuple(pointer for part in option.parts for pointer in filled_by(part))
