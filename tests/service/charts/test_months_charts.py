"""`months` and `months_by_...`: what is recorded, what is forecast, and where the one becomes the other."""

from decimal import Decimal
from typing import Any

import pytest

from service.charts.forecast.months_by import CHARTS
from service.charts.theme import LIGHT
from tests.service.charts.documents import (
    Json,
    a_plan,
    a_workload,
    drawn,
    forecast_document,
    layers_of,
    months_by_group,
    recorded_until,
    rows_with,
    svg_of,
    two_fleets,
)

NAMES = [chart.name for chart in CHARTS]
HORIZON = {"first_month": "2027-01", "months": 6}


@pytest.fixture(scope="module")
def document() -> Json:
    return two_fleets(horizon=HORIZON)


def now_rules(spec: Json) -> list[Json]:
    return [layer for layer in layers_of(spec) if layer["mark"]["type"] == "rule" and rows_of(spec, layer, "now")]


def rows_of(spec: Json, layer: Json, field: str) -> list[Json]:
    return [row for row in spec["datasets"][layer["data"]["name"]] if field in row]


@pytest.mark.parametrize(
    ("as_of", "month", "fraction"),
    [
        ("2027-04-15", "2027-04", 0.5),
        ("2027-03-31", "2027-03", 1.0),
        ("2026-12-07", "2027-01", 0.0),
        ("2027-07-20", "2027-06", 1.0),
    ],
)
@pytest.mark.parametrize("name", ["months", "months_by_kind"])
def test_the_now_line_stands_at_the_end_of_the_as_of_day(
    document: Json, name: str, as_of: str, month: str, fraction: float
) -> None:
    spec = drawn(name, {**document, "as_of": as_of})
    [rule] = now_rules(spec)
    [row] = rows_of(spec, rule, "now")
    assert row == {"month": month, "now": f"now: {as_of}", "what": "What was known"}
    assert rule["encoding"]["x"]["bandPosition"] == pytest.approx(fraction)
    assert f"now: {as_of}" in "".join(svg_of(spec).itertext())


@pytest.mark.parametrize("as_of", ["2026-11-30", "2027-08-01"])
@pytest.mark.parametrize("name", ["months", "months_by_kind"])
def test_there_is_no_now_line_away_from_the_months(document: Json, name: str, as_of: str) -> None:
    assert now_rules(drawn(name, {**document, "as_of": as_of})) == []


def test_recorded_months_are_a_dark_line_over_the_expected_cost(document: Json) -> None:
    spec = drawn("months", recorded_until(document, 2, "2027-03-10"))
    rows = rows_with(spec, "recorded")
    assert [row["recorded"] for row in rows] == [1, 1, None, None, None, None]
    names = next(layer["encoding"]["color"]["scale"] for layer in layers_of(spec) if "color" in layer["encoding"])
    assert dict(zip(names["domain"], names["range"], strict=True))["Recorded"] == LIGHT.text
    assert "Recorded" not in "".join(svg_of(drawn("months", document)).itertext())


def test_recorded_months_apart_are_lines_apart(document: Json) -> None:
    apart = recorded_until(document, 1, "2027-05-10")
    for grouping in apart["months_by"].values():
        grouping["actual"][2:4] = [True, True]
    rows = rows_with(drawn("months", apart), "recorded")
    assert [row["recorded"] for row in rows] == [1, None, 2, 2, None, None]


def test_a_budget_is_held_against_the_months_that_it_shares(document: Json) -> None:
    held = {"name": "fy27 2 (approved)", "months": [{"month": f"2027-{n:02d}", "budget": "99.50"} for n in range(5, 9)]}
    spec = drawn("months", {**document, "budget_version": held})
    assert [(row["month"], row["held"]) for row in rows_with(spec, "held")] == [("2027-05", 99.5), ("2027-06", 99.5)]
    words = "".join(svg_of(spec).itertext())
    assert "fy27 2 (approved)" in words
    assert "fy27 2 (approved) is shown before its contingency." in spec["description"]


@pytest.mark.parametrize("name", NAMES)
def test_the_stacks_add_up_to_the_expected_months(document: Json, name: str) -> None:
    heights: dict[str, float] = {}
    for row in rows_with(drawn(name, document), "amount"):
        heights[row["month"]] = heights.get(row["month"], 0.0) + row["amount"]
    assert heights == {
        month["month"]: pytest.approx(float(month["effective"]["mean"]), abs=0.005) for month in document["monthly"]
    }


@pytest.mark.parametrize("name", NAMES)
def test_what_is_forecast_is_pale_only_beside_what_is_recorded(document: Json, name: str) -> None:
    def shades(spec: Json) -> Any:
        [bars] = [layer for layer in layers_of(spec) if layer["mark"]["type"] == "bar"]
        scale = bars["encoding"]["opacity"]["scale"]
        return dict(zip(scale["domain"], scale["range"], strict=True))

    recorded = drawn(name, recorded_until(document, 2, "2027-03-10"))
    assert shades(recorded)["actual"] == 1.0 > shades(recorded)["forecast"]
    assert {row["month"] for row in rows_with(recorded, "stage") if row["stage"] == "actual"} == {"2027-01", "2027-02"}
    assert "until 2027-02" in recorded["description"]
    assert set(shades(drawn(name, document)).values()) == {1.0}


def test_many_workloads_are_the_largest_seven_and_the_others_together() -> None:
    workloads = [a_workload(f"w{number:02d}", requests_per_month=1e5 * (number + 1)) for number in range(12)]
    document = forecast_document(a_plan(*workloads))
    spec = drawn("months_by_workload", document)
    groups = list(dict.fromkeys(row["group"] for row in rows_with(spec, "group")))
    assert groups == [f"w{number:02d}" for number in range(11, 4, -1)] + ["5 other workloads"]
    others = [row["amount"] for row in rows_with(spec, "group") if row["group"] == "5 other workloads"]
    small = [line for line in document["lines"] if line["workload"] in {f"w{number:02d}" for number in range(5)}]
    assert sum(others) == pytest.approx(float(sum(Decimal(line["effective"]) for line in small)), abs=0.005)


def test_groups_that_go_by_the_same_words_stay_apart() -> None:
    document = forecast_document(a_plan(a_workload("Idle fleets and one-offs"), a_workload("mail")))
    renamed = months_by_group(document, "workload")
    renamed["groups"][1]["name"] = None
    spec = drawn("months_by_workload", {**document, "months_by": {"workload": renamed}})
    unnamed = "Idle fleets and one-offs"
    assert {row["group"] for row in rows_with(spec, "group")} == {unnamed, f"{unnamed} (2)"}
