"""The forms of the estate have a field for everything that the API takes, and show what is stored as it was typed."""

import typing
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from service.schemas.fleet.fleet import FleetIn
from service.schemas.workload.workload import WorkloadIn
from service.web.forms.filling import FilledChoose, FilledField, FilledGroup, FilledItems, fill, text_of, value_at
from service.web.forms.fleet import FLEET_FORM
from service.web.forms.parts import Choose, Field, Group, Items, Note, Part, left_out_by
from service.web.forms.workload import WORKLOAD_FORM, shown_workload


def pointers_of(part: Part, at: str = "") -> Iterator[str]:
    """Of every field, with `*` for the items of a list."""
    match part:
        case Field():
            yield at + part.at
        case Note():
            pass
        case Group():
            for one in part.parts:
                yield from pointers_of(one, at)
        case Items():
            for one in part.parts:
                yield from pointers_of(one, f"{at}{part.at}/*")
        case Choose():
            if part.at:
                yield at + part.at
            for option in part.options:
                for one in option.parts:
                    yield from pointers_of(one, at)


def leaves_of(annotation: Any, at: str = "") -> Iterator[str]:
    """The places of a wire shape that hold a value, those of all members of its unions."""
    while typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        if annotation.__struct_config__.tag_field:
            yield f"{at}/{annotation.__struct_config__.tag_field}"
        for one in msgspec.structs.fields(annotation):
            yield from leaves_of(one.type, f"{at}/{one.encode_name}")
        return
    inside = [one for one in typing.get_args(annotation) if one is not type(None)]
    if typing.get_origin(annotation) is list:
        yield from leaves_of(inside[0], f"{at}/*")
    elif typing.get_origin(annotation) is dict and typing.get_origin(inside[0]) is typing.Literal:
        yield from (f"{at}/{key}" for key in typing.get_args(inside[0]))
    elif typing.get_origin(annotation) in {typing.Union, type(int | str)}:
        for one in inside:
            yield from leaves_of(one, at)
    else:
        yield at


@pytest.mark.parametrize(("form", "shape"), [(WORKLOAD_FORM, WorkloadIn), (FLEET_FORM, FleetIn)])
def test_a_form_has_a_field_for_every_place_of_what_the_api_takes(form: tuple[Part, ...], shape: Any) -> None:
    fields = {pointer for part in form for pointer in pointers_of(part)}
    without = [
        leaf
        for leaf in leaves_of(shape)
        # Output tokens are shown as an object, whose mean is the number.
        if leaf != "/demand/output_tokens_per_request"
        and not any(leaf == pointer or leaf.startswith(f"{pointer}/") for pointer in fields)
    ]
    assert without == []


@pytest.mark.parametrize(("form", "shape"), [(WORKLOAD_FORM, WorkloadIn), (FLEET_FORM, FleetIn)])
def test_a_form_has_no_field_for_what_the_api_does_not_take(form: tuple[Part, ...], shape: Any) -> None:
    leaves = set(leaves_of(shape))
    fields = {pointer for part in form for pointer in pointers_of(part)}
    assert [one for one in fields if not any(leaf == one or leaf.startswith(f"{one}/") for leaf in leaves)] == []


@pytest.mark.parametrize("form", [WORKLOAD_FORM, FLEET_FORM])
def test_choices_of_a_form_have_names_of_their_own(form: tuple[Part, ...]) -> None:
    def names(part: Part) -> Iterator[str]:
        if isinstance(part, Choose):
            yield part.name
        for inside in _inside(part):
            yield from names(inside)

    found = [name for part in form for name in names(part)]
    assert len(found) == len(set(found))


def _inside(part: Part) -> tuple[Part, ...]:
    match part:
        case Group() | Items():
            return part.parts
        case Choose():
            return tuple(one for option in part.options for one in option.parts)
        case _:
            return ()


def test_another_choice_leaves_out_what_only_the_others_fill() -> None:
    [cost] = [one for part in FLEET_FORM for one in _inside(part) if isinstance(one, Choose) and one.at == "/cost/kind"]
    dropped = left_out_by(cost, "leased")
    assert {"/cost/tranches", "/cost/production", "/cost/rates", "/cost/commitments"} <= set(dropped)
    assert not {"/cost/starts", "/cost/kind", "/cost/pue"} & set(dropped)


def test_ids_of_a_filled_form_are_unique() -> None:
    def ids(filled: Any) -> Iterator[str]:
        match filled:
            case FilledField():
                yield filled.id
            case FilledGroup():
                for one in filled.parts:
                    yield from ids(one)
            case FilledItems():
                for row in (*filled.rows, filled.blank):
                    for one in row:
                        yield from ids(one)
            case FilledChoose():
                yield filled.id
                for option in filled.options:
                    for one in option.parts:
                        yield from ids(one)

    document = {"routes": [{"to": [{"model": "a/b", "share": 0.5}, {"fleet": "c", "share": 0.5}]}], "demand": {}}
    found = [one for part in fill(WORKLOAD_FORM, document) for one in ids(part)]
    assert len(found) == len(set(found)) > 30


def _field(kind: Any) -> Field:
    return Field(at="/x", label="X", kind=kind)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("number", 1.0, "1"),
        ("number", 0.1, "0.1"),
        ("number", 2.5e6, "2500000"),
        ("number", 1e300, "1e+300"),
        ("decimal", "25.00", "25.00"),
        ("numbers", [0.5, 1.0, 1.5], "0.5, 1, 1.5"),
        ("rows", [[1, 10, 0.25], [10, 20, 0.75]], "1  10  0.25\n10  20  0.75"),
        ("pairs", {"rental": "6420", "other": "a: b"}, "rental: 6420\nother: a: b"),
        ("flag", True, "true"),
        ("text", None, ""),
        ("number", {"low": 1}, ""),
    ],
)
def test_a_value_is_shown_as_it_would_be_typed(kind: Any, value: Any, text: str) -> None:
    assert text_of(_field(kind), value) == text


def test_a_pointer_that_leads_nowhere_finds_nothing() -> None:
    assert value_at({"a": {"b": 1}}, "/a/b") == 1
    assert value_at({"a": 3}, "/a/b") is None
    assert value_at({"a": {"b": 1}}, "") == {"a": {"b": 1}}


def test_a_choice_that_is_null_shows_its_blank_and_one_that_is_not_made_its_default() -> None:
    field = Field(at="/p/x", label="X", kind="choice", choices=(("a", "a"),), default="a", null=True)
    [null] = fill((field,), {"p": {"x": None}})
    [absent] = fill((field,), {"p": {}})
    assert isinstance(null, FilledField)
    assert isinstance(absent, FilledField)
    assert (null.text, absent.text) == ("", "a")


def test_output_tokens_given_as_a_number_are_shown_as_their_mean() -> None:
    document = {"name": "x", "demand": {"output_tokens_per_request": 250.0, "noise_fraction": 0.1}}
    assert shown_workload(document)["demand"] == {"output_tokens_per_request": {"mean": 250.0}, "noise_fraction": 0.1}
    assert document["demand"] == {"output_tokens_per_request": 250.0, "noise_fraction": 0.1}


def test_a_rare_part_is_open_only_while_it_says_something() -> None:
    def folded(document: dict[str, Any], legend: str) -> bool:
        [group] = [
            one for one in fill(WORKLOAD_FORM, document) if isinstance(one, FilledGroup) and one.group.legend == legend
        ]
        return not group.says_something

    quiet = {"demand": {"cached_input_fraction": 0.0, "reasoning_fraction": 0.0}}
    assert folded(quiet, "Prompt cache and reasoning")
    assert not folded({"demand": {"cached_input_fraction": 0.4}}, "Prompt cache and reasoning")
