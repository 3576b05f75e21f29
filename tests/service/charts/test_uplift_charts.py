"""Charts of an uplift explanation hold its curves, its measured points and the fleet's place on them."""

from tests.service.charts.documents import drawn, rows_with, uplift


def test_the_curve_and_its_band_are_those_of_the_explanation() -> None:
    document = uplift()
    rows = rows_with(drawn("uplift-speedup", document), "concurrency", "p10", "p90")
    for field in ("concurrency", "p10", "p50", "p90"):
        assert [row[field] for row in rows] == document["curve"][field]


def test_measured_points_are_told_apart_by_whether_they_were_used() -> None:
    spec = drawn("uplift-speedup", uplift())
    points = {(row["concurrency"], row["p50"]) for row in rows_with(spec, "source")}
    assert points == {(32.0, 1.6), (8.0, 2.1)}
    names = spec["layer"][2]["encoding"]["color"]["scale"]["domain"]
    assert names == ["Speedup, median", "P10 to P90", "Measured elsewhere", "Measured and used", "This fleet"]
    without = {**uplift(), "measured": []}
    assert "Measured and used" not in str(drawn("uplift-speedup", without)["layer"])


def test_the_fleet_stands_on_the_curve_of_equal_concurrency() -> None:
    spec = drawn("uplift-speedup", uplift())
    assert {"concurrency": 64.0, "p50": 1.787} in rows_with(spec, "concurrency", "p50")
    words = " ".join(spec["title"]["subtitle"])
    assert "The forecast uses 1.52 (at a matched per-user speed)" in words
    assert "64 requests per node the curve says 1.79" in words


def test_serving_shows_both_curves_and_both_places() -> None:
    document = uplift()
    spec = drawn("uplift-serving", document)
    rows = rows_with(spec, "curve")
    for name, curve in (("Without the decoder", "without_decoder"), ("With the decoder", "with_decoder")):
        for field in ("tokens_per_second_per_user", "tokens_per_second_per_node"):
            assert [row[field] for row in rows if row["curve"] == name] == document[curve][field]
    for place in ("standing_without", "standing_with"):
        assert document[place] in rows_with(spec, "tokens_per_second_per_node")


def test_the_speed_that_a_workload_needs_is_a_line_only_where_one_is_stated() -> None:
    needed = {"tokens_per_second_per_user": 30.0}
    assert needed in rows_with(drawn("uplift-serving", uplift()), "tokens_per_second_per_user")
    unstated = {**uplift(), "required_tokens_per_second_per_user": None}
    assert needed not in rows_with(drawn("uplift-serving", unstated), "tokens_per_second_per_user")
