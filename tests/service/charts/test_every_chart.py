"""What holds of every chart: it renders, says nothing of its own, runs nothing and asks for nothing."""

import copy
import gzip
import struct
from typing import Any

import altair as alt
import msgspec
import pytest

from service.charts.frame import SIZES, frame
from service.charts.registry import CHARTS, draw, find, names_of
from service.charts.rendering import render
from service.charts.theme import THEMES
from tests.service.charts.documents import (
    SCRIPT,
    SVG,
    Json,
    article,
    backtest,
    break_even,
    bridging,
    comparison,
    drawn,
    every_document,
    held_budget,
    layers_of,
    own_point,
    preset,
    price_history,
    price_row,
    strings_under,
    svg_of,
    two_fleets,
    uplift,
)


@pytest.fixture(scope="module")
def documents() -> dict[str, Json]:
    return every_document()


def document_of(name: str, documents: dict[str, Json]) -> Json:
    return documents[CHARTS[name].subject]


@pytest.mark.parametrize("name", CHARTS)
def test_every_chart_is_a_picture_a_drawing_and_a_definition(name: str, documents: dict[str, Json]) -> None:
    spec = find(name, document_of(name, documents), frame())
    assert spec is not None
    png = render(spec, "png")
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    assert 2300 <= width <= 2500
    assert 1300 <= height <= 2000
    svg = svg_of(spec)
    assert svg.tag == f"{SVG}svg"
    assert CHARTS[name].title.split()[0] in "".join(svg.itertext())
    assert msgspec.json.decode(render(spec, "json")) == msgspec.json.decode(msgspec.json.encode(spec))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", CHARTS)
def test_every_definition_follows_the_schema_of_its_language(
    name: str, size: str, theme: str, documents: dict[str, Json]
) -> None:
    alt.Chart.from_dict(drawn(name, document_of(name, documents), size, theme), validate=True)


@pytest.mark.parametrize("name", CHARTS)
def test_a_phone_gets_a_picture_of_its_own_width(name: str, documents: dict[str, Json]) -> None:
    svg = svg_of(drawn(name, document_of(name, documents), "phone"))
    assert 360 <= float(svg.attrib["width"]) <= 430


@pytest.mark.parametrize("name", CHARTS)
def test_the_same_document_gives_the_same_bytes(name: str, documents: dict[str, Json]) -> None:
    document = document_of(name, documents)
    first, second = (drawn(name, copy.deepcopy(document)) for _ in range(2))
    assert render(first, "svg") == render(second, "svg")
    assert render(first, "png") == render(second, "png")
    assert render(first, "json") == render(second, "json")


@pytest.mark.parametrize("name", CHARTS)
def test_no_definition_names_an_address_to_load_from(name: str, documents: dict[str, Json]) -> None:
    spec = drawn(name, document_of(name, documents))
    assert list(strings_under(spec, "url")) == []
    assert list(strings_under(spec, "href")) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", CHARTS)
def test_what_can_be_pointed_at_tells_of_itself_and_no_path_of_its_first_row(
    name: str, size: str, documents: dict[str, Json]
) -> None:
    layers = list(layers_of(drawn(name, document_of(name, documents), size)))
    for layer in layers:
        kind, told = layer["mark"]["type"], layer["encoding"].get("tooltip", [])
        if kind in {"bar", "point", "rect", "tick"}:
            assert told, layer
        if kind in {"line", "area"}:
            assert not told, layer
        for one in told:
            assert one["title"]
            assert one["type"] == "nominal" or one["format"]
    assert any("tooltip" in layer["encoding"] for layer in layers)


@pytest.mark.parametrize("name", CHARTS)
def test_a_drawing_is_one_image_with_its_words_for_who_cannot_see_it(name: str, documents: dict[str, Json]) -> None:
    spec = drawn(name, document_of(name, documents))
    svg = svg_of(spec)
    assert svg.attrib["role"] == "img"
    assert svg.attrib["aria-label"] == spec["description"]
    assert " ".join(spec["title"]["text"]) in spec["description"]


def test_eight_pictures_travel_in_less_than_60_kilobytes() -> None:
    document = article(horizon={"first_month": "2027-01", "months": 12})
    sizes = [len(gzip.compress(render(drawn(name, document), "svg"))) for name in names_of("forecast")]
    assert sum(sorted(sizes)[-8:]) < 60_000


def empty_documents() -> dict[str, Json]:
    forecast = two_fleets()
    for part in ("annual", "monthly", "fleets", "lines", "outlooks", "break_even", "sensitivity"):
        forecast[part] = []
    forecast["months_by"] = {}
    return {
        "forecast": forecast,
        "uplift": uplift(concurrency=()),
        "price_history": price_history(rows=[], projections=[]),
        "backtest": backtest(cases=[]),
        "fleet_comparison": comparison(options=[], rankings=[]),
        "bridge": bridging(requests=1e6, rate="2.00"),
        "decoder": preset("headline"),
        "budget": held_budget(months=[]),
    }


@pytest.mark.parametrize("name", CHARTS)
def test_an_empty_document_is_a_picture_that_says_so(name: str) -> None:
    document = empty_documents()[CHARTS[name].subject]
    assert find(name, document, frame()) is None
    svg = svg_of(draw(name, document, frame("phone")))
    shown = " ".join(text.text or "" for text in svg.iter(f"{SVG}tspan")) + " ".join(svg.itertext())
    assert CHARTS[name].nothing.split()[-1] in shown


def short_documents() -> dict[str, Json]:
    forecast = two_fleets(horizon={"first_month": "2027-01", "months": 1})
    history = price_history(rows=[price_row("2.00", "2026-11-23T00:00:00Z")])
    history["projections"][0]["months"] = history["projections"][0]["months"][:1]
    compared = comparison()
    return {
        "forecast": {
            **forecast,
            "break_even": [break_even(("2027-01",))],
            "sensitivity": two_fleets()["sensitivity"][:1],
        },
        "uplift": uplift(concurrency=(64.0,)),
        "price_history": history,
        "backtest": backtest(cases=backtest()["cases"][:1]),
        "fleet_comparison": {
            **compared,
            "options": compared["options"][:1],
            "rankings": compared["rankings"][:1],
            "as_of": "2026-01-01",
        },
        "bridge": bridging(rate="2.00", months=1),
        "decoder": {**preset("ngram"), "points": preset("mtp-3")["points"][:1]},
        "budget": held_budget(months=held_budget()["months"][:1]),
    }


@pytest.mark.parametrize("name", CHARTS)
def test_a_single_month_or_point_leaves_visible_marks(name: str) -> None:
    spec = find(name, short_documents()[CHARTS[name].subject], frame())
    assert spec is not None
    alt.Chart.from_dict(spec, validate=True)
    svg = svg_of(spec)
    marks = [one for one in svg.iter() if one.attrib.get("aria-roledescription", "").endswith("mark container")]
    assert marks
    shapes = [one for mark in marks for one in mark.iter(f"{SVG}path") if one.attrib.get("d")]
    assert len(shapes) >= 1


def named_after_scripts() -> dict[str, Json]:
    text = SCRIPT + '"+alert(1)+"${alert(1)}'
    forecast = two_fleets()
    renamed = msgspec.json.encode(forecast).replace(b'"rented"', msgspec.json.encode(text))
    forecast = msgspec.json.decode(renamed.replace(b"fleet:rented", b"fleet:" + msgspec.json.encode(text)[1:-1]))
    forecast["break_even"] = [break_even(workload=text, fleet=text)]
    forecast["outlooks"][0]["name"] = text
    forecast["budget_version"] = {"name": text, "months": [{"month": "2027-01", "budget": "50000.00"}]}
    for grouping in forecast["months_by"].values():
        grouping["groups"][0]["name"] = text
    scored = backtest(data=text)
    scored["cases"][0]["methods"][text] = {"pinball": 0.1, "coverage": None}
    compared = comparison(workload=text)
    compared["options"][0]["accelerator"] = text
    compared["rankings"][0]["order"][0]["accelerator"] = text
    return {
        "forecast": forecast,
        "uplift": uplift(fleet=text),
        "price_history": price_history(model=text, rows=[price_row("2.00", "2026-01-01T00:00:00Z", meter=text)]),
        "backtest": scored,
        "fleet_comparison": compared,
        "bridge": bridging(name=text),
        "decoder": preset("dspark-v4-flash", own_point(fleet=text, source=text)),
        "budget": held_budget(name=text),
    }


@pytest.mark.parametrize("name", CHARTS)
def test_a_script_in_a_name_is_text(name: str) -> None:
    spec = find(name, named_after_scripts()[CHARTS[name].subject], frame())
    assert spec is not None
    svg = svg_of(spec)
    tags = {one.tag.removeprefix(SVG) for one in svg.iter()}
    assert tags <= {"svg", "g", "path", "text", "line", "rect", "tspan"}
    assert not [key for one in svg.iter() for key in one.attrib if key.startswith("on") or key.endswith("href")]
    for key in ("calculate", "expr", "labelExpr", "filter", "signal", "test", "update"):
        for expression in strings_under(spec, key):
            assert "alert" not in expression


@pytest.mark.parametrize("name", ["fleet-nodes", "fleet-unit-cost", "fleet-costs"])
def test_a_fleet_with_a_script_for_a_name_is_shown_under_it(name: str) -> None:
    svg = svg_of(drawn(name, named_after_scripts()["forecast"]))
    assert SCRIPT in "".join(svg.itertext())


def test_a_long_name_does_not_widen_the_picture() -> None:
    document = uplift(fleet="pool-" + "x" * 115)
    svg = svg_of(drawn("uplift-speedup", document, "phone"))
    assert float(svg.attrib["width"]) <= 430


def test_five_years_of_many_fleets_still_render() -> None:
    document = two_fleets(horizon={"first_month": "2027-01", "months": 60}, draws=16)
    names = [f"fleet {index}" for index in range(7)]
    document["fleets"] = [{**document["fleets"][index % 2], "name": name} for index, name in enumerate(names)]
    for name in names_of("forecast"):
        spec = drawn(name, document)
        assert render(spec, "svg")
        if name == "fleet-nodes":
            assert "The 4 costliest of 7 fleets." in spec["title"]["subtitle"]


def test_amounts_are_in_the_currency_of_the_document() -> None:
    def sign(currency: str) -> Any:
        spec = drawn("months", {**article(), "currency": currency})
        return spec["config"]["locale"]["number"]["currency"][0]

    assert [sign(currency) for currency in ("USD", "EUR", "CHF")] == ["$", "€", "CHF\u00a0"]
