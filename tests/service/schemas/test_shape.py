"""Every field of the wrong shape gets its own pointer, whatever it is nested in."""

from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.schemas.shape import BadJson, BadShape, decode, shape_problems
from service.schemas.wire import CurrencyCode
from service.schemas.workload.workload import WorkloadIn


class Cat(msgspec.Struct, forbid_unknown_fields=True, tag_field="kind", tag="cat"):
    lives: Annotated[int, msgspec.Meta(ge=0)]


class Dog(msgspec.Struct, forbid_unknown_fields=True, tag_field="kind", tag="dog"):
    weight: float


class House(msgspec.Struct, forbid_unknown_fields=True, rename={"since": "from"}):
    name: Annotated[str, msgspec.Meta(min_length=1)]
    pet: Cat | Dog
    rent: Decimal = Decimal(0)
    guests: list[Cat] = []
    rooms: dict[str, Dog] = {}
    size: tuple[float, float] | None = None
    heat: float | Dog | None = None
    since: str | None = None
    colour: Literal["red", "green"] | None = None
    marks: dict[Literal["red", "green"], int] = {}
    currency: CurrencyCode | None = None


def found(value: Any) -> dict[str, str]:
    with pytest.raises(BadShape) as caught:
        decode(msgspec.json.encode(value), House)
    return {problem.pointer: problem.detail for problem in caught.value.problems}


GOOD = {"name": "h", "pet": {"kind": "cat", "lives": 9}}


@pytest.mark.parametrize(
    ("changes", "pointer", "detail"),
    [
        ({"nam": 1}, "/nam", "is not a known field; did you mean name?"),
        ({"name": ""}, "/name", "expected str of length >= 1"),
        ({"pet": {"kind": "cat", "lives": -1}}, "/pet/lives", "expected int >= 0"),
        ({"pet": {"kind": "cat", "lives": 1, "weight": 3}}, "/pet/weight", "is not a known field"),
        ({"pet": {"kind": "cow"}}, "/pet/kind", "must be one of cat, dog, not 'cow'"),
        ({"pet": {"lives": 9}}, "/pet/kind", "is required"),
        ({"pet": 5}, "/pet", "expected object, got int"),
        ({"rent": "much"}, "/rent", "must be a decimal number such as \"0.60\", not 'much'"),
        ({"marks": {"red": 1, "a/b": 2}}, "/marks/a~1b", "must be one of red, green, not 'a/b'"),
        ({"colour": "blue"}, "/colour", "must be one of red, green, not 'blue'"),
        ({"currency": "eu"}, "/currency", "must be a currency's three capital letters, such as USD, not 'eu'"),
        ({"guests": [{"kind": "cat", "lives": 1}, {"kind": "cat"}]}, "/guests/1/lives", "is required"),
        ({"rooms": {"a/b~c": {"kind": "dog", "weight": "x"}}}, "/rooms/a~1b~0c/weight", "expected float, got str"),
        ({"size": [1]}, "/size", "expected array of length 2, got 1"),
        ({"size": [1, "x"]}, "/size/1", "expected float, got str"),
        ({"heat": {"kind": "dog", "weight": None}}, "/heat/weight", "expected float, got null"),
        ({"from": 5}, "/from", "expected str | null, got int"),
        (
            {"rooms": {"a\x00": {"kind": "dog", "weight": 1}}},
            "/rooms",
            "field names must not contain the NUL character",
        ),
    ],
)
def test_a_bad_field_is_named_where_it_stands(changes: dict[str, Any], pointer: str, detail: str) -> None:
    assert found(GOOD | changes) == {pointer: detail}


def test_all_bad_fields_are_named_at_once() -> None:
    bad = {"name": "", "pet": {"kind": "cat", "lives": "x", "y": 1}, "rent": [], "guests": [{}, 5], "z": 1}
    assert set(found(bad)) == {"/name", "/pet/lives", "/pet/y", "/rent", "/guests/0/lives", "/guests/1", "/z"}


def test_a_good_body_is_decoded_to_the_digit() -> None:
    house = decode(b'{"name":"h","pet":{"kind":"dog","weight":1},"rent":0.10,"from":"2027-01"}', House)
    assert (house.rent, str(house.rent), house.since) == (Decimal("0.10"), "0.10", "2027-01")


def test_text_may_stand_for_numbers_only_where_that_was_asked_for() -> None:
    assert shape_problems({"kind": "cat", "lives": "7"}, Cat) != []
    assert shape_problems({"kind": "cat", "lives": "7"}, Cat, strict=False) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first draw builds tables of all characters
@given(st.dictionaries(st.sampled_from(["name", "demand", "routes", "task", "waiting", "x"]), json_values))
def test_whatever_is_refused_is_refused_with_a_pointer(value: dict[str, Any]) -> None:
    with pytest.raises(BadShape) as caught:
        decode(msgspec.json.encode(value), WorkloadIn)
    assert caught.value.problems
    assert all(problem.pointer == "" or problem.pointer.startswith("/") for problem in caught.value.problems)


@given(st.binary(max_size=40))
def test_no_bytes_at_all_break_the_reader(body: bytes) -> None:
    with pytest.raises((BadJson, BadShape)):
        decode(body, House)
