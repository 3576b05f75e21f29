"""What a plan file means, and every way in which it can be no plan."""

import json
import sys
from pathlib import Path

import pytest
import yaml

from service.schemas.plan import file as plan_file
from service.schemas.plan.file import BadPlanFile, encode_plan, read_plan


@pytest.fixture(params=["libyaml", "python"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML comes with and without its parser in C; both must say the same."""
    if request.param == "python":
        monkeypatch.setattr(plan_file, "_YAML_LOADER", yaml.SafeLoader)


def _json(text: str) -> str:
    return encode_plan(read_plan(text.encode())).decode()


def _problems(content: bytes | str, name: str = "") -> list[tuple[str, str]]:
    with pytest.raises(BadPlanFile) as caught:
        read_plan(content.encode() if isinstance(content, str) else content, name=name)
    return [(problem.pointer, problem.detail) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("2026-11-23", '"2026-11-23"'),
        ("2026-11-23T16:00:00Z", '"2026-11-23T16:00:00Z"'),
        ("2027-01", '"2027-01"'),
        ("12:30", '"12:30"'),
        ("1e6", "1E+6"),
        ("20_736_000", "20736000"),
        ("010", "10"),
        ("0x1f", "31"),
        ("1.98000000000000000000001", "1.98000000000000000000001"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("-0.5", "-0.5"),
        ("'5'", '"5"'),
        ("!!str 5", '"5"'),
        ("~", "null"),
        ("", "null"),
        ("yes", "true"),
        ("Off", "false"),
        ("text", '"text"'),
        ('"1\\u00e9"', '"1é"'),
    ],
)
def test_a_value_is_what_it_looks_like(written: str, sent: str) -> None:
    assert _json(f"a: {written}\n") == f'{{"a":{sent}}}'


def test_a_field_name_is_the_text_as_written() -> None:
    assert _json("on: 1\n2027: 2\nnull: 3\n") == '{"on":1,"2027":2,"null":3}'


def test_aliases_and_merges_are_written_out_and_own_fields_win() -> None:
    text = "b: &b {x: 1, y: 2}\nc: {<<: *b, y: 3}\nd: {<<: [*b, {x: 5, z: 6}]}\n"
    assert json.loads(_json(text)) == {"b": {"x": 1, "y": 2}, "c": {"x": 1, "y": 3}, "d": {"x": 1, "y": 2, "z": 6}}


def test_json_is_told_by_its_extension_or_its_first_character() -> None:
    assert read_plan(b'{"a": "\\/x"}', name="plan.json") == {"a": "/x"}
    assert _json('{"a":\t1.50}') == '{"a":1.50}'
    assert _json("{a: 1, b: [c]}") == '{"a":1,"b":["c"]}'


def test_a_byte_order_mark_is_no_content() -> None:
    assert read_plan(b"\xef\xbb\xbfa: 1\r\n") == {"a": 1}


@pytest.mark.parametrize("text", ["a: 1\nb: {a: 1, a: 2}\na: 3\n", '{"a": 1, "b": {"a": 1, "a": 2}, "a": 3}'])
def test_every_field_given_twice_is_named(text: str) -> None:
    found = _problems(text)
    assert sorted(pointer for pointer, _ in found) == ["/a", "/b/a"]
    assert all("twice" in detail for _, detail in found)


@pytest.mark.parametrize(
    ("text", "pointers"),
    [
        ("a: .nan\nb: [-.inf, .Inf]\n", ["/a", "/b/0", "/b/1"]),
        ('{"a": NaN, "b": [Infinity, -Infinity]}', ["/a", "/b/0", "/b/1"]),
        ("a: 1e99999999999999999999\n", ["/a"]),
        ('{"a~/b": 1e99999999999999999999}', ["/a~0~1b"]),
    ],
)
def test_every_number_that_is_none_is_named(text: str, pointers: list[str]) -> None:
    found = _problems(text)
    assert [pointer for pointer, _ in found] == pointers
    assert all("finite" in detail for _, detail in found)


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ("a: b: c\n", "line 1, column 5"),
        ("a: 1\n\tb: 2\n", "line 2, column 1"),
        ("a: *x\n", "line 1, column 4"),
        ("a: 1\n---\nb: 2\n", "line 2: a second document"),
        ("a: \x00\n", "line 1: "),
        ("a: 1\n? [b]\n: 2\n", "line 2: "),
        (b"a: 1\nb: \xff\n", "line 2: this is not UTF-8"),
        ("", "is empty"),
        ("- a\n", "a plan is a mapping"),
    ],
)
def test_what_is_no_yaml_says_where(content: bytes | str, where: str) -> None:
    [(pointer, detail)] = _problems(content)
    assert pointer == ""
    assert where in detail


def test_what_is_no_json_says_where() -> None:
    assert _problems('{"a": 1,\n "b" 2}', "plan.json") == [("", "line 2, column 6: expecting ':' delimiter")]


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.getcwd []", "!!binary aGk=", "!mine 1", "!!set {a}"])
def test_a_tag_makes_nothing_and_is_named(tag: str) -> None:
    [(pointer, detail)] = _problems(f"a: {tag}\n")
    assert pointer == "/a"
    assert "has the tag" in detail


def test_half_a_surrogate_pair_is_refused() -> None:
    assert _problems('{"a": "\\ud800", "\\udfff": 1}')[0][0] == "/a"
    assert len(_problems('{"a": "\\ud800", "\\udfff": 1}')) == 2


def test_an_alias_of_itself_is_named() -> None:
    assert _problems("a: &x\n  b: [*x]\n") == [("/a/b/0", "contains itself by the alias *x")]


def test_a_billion_laughs_are_refused_before_they_are_told() -> None:
    levels = [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 12)]
    [(pointer, detail)] = _problems("\n".join(["a0: &a0 [lol, lol, lol]", *levels]))
    assert pointer == ""
    assert "the aliases make the document larger" in detail


@pytest.mark.parametrize("text", ["[" * 200_000, "a: " + "[" * 5000 + "]" * 5000, '{"a":' * 100_000])
def test_a_bottomless_document_is_refused_and_not_followed(text: str) -> None:
    if sys.version_info >= (3, 12) and text.startswith("{"):
        assert _problems(text)
    else:
        assert _problems(text) == [("", "the document is nested too deeply")]


@pytest.mark.parametrize("name", ["article", "acme", "hardware"])
def test_the_examples_mean_the_same_to_any_reader_of_yaml(name: str) -> None:
    class Dates(yaml.SafeLoader):
        """The plain reader with dates as text."""

    Dates.yaml_implicit_resolvers = {
        first: [pair for pair in pairs if not pair[0].endswith(":timestamp")]
        for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    content = (Path(__file__).parents[3] / "examples" / f"{name}.yaml").read_bytes()
    assert json.loads(encode_plan(read_plan(content))) == yaml.load(content, Dates)  # noqa: S506 - a safe loader
