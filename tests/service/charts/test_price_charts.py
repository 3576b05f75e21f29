"""Charts of prices: which rate held when, where the outlook takes it, and how methods have scored."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from forecasts.catalog.prices import load_price_rows
from service.charts.prices.rates import runs
from service.charts.times import milliseconds
from tests.service.charts.documents import backtest, drawn, plain, price_history, price_row, rows_with

FLASH = [
    {
        "meter": row.meter,
        "rate": row.rate,
        "per_tokens": row.per_tokens,
        "effective_from": row.effective_from,
        "effective_to": row.effective_to,
        "recorded_at": row.recorded_at,
        "status": row.status,
        "utc_window": row.utc_window,
        "source": row.source,
    }
    for row in load_price_rows()
    if row.provider == "deepseek" and row.model == "deepseek-v4-flash" and row.service_tier == "standard"
]


def corners(rows: list[dict[str, Any]], until: str = "2027-01-01") -> list[tuple[str, str, float]]:
    """Each point of the lines as its window, day and rate."""
    return [
        (point["window"], f"{datetime.fromtimestamp(point['at'] / 1000, UTC):%Y-%m-%d}", point["rate"])
        for point in runs(rows, milliseconds(until))
    ]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-07-01", {"all hours": 0.28}),
        ("2026-08-20", {"off_peak": 0.66, "peak": 1.32}),
        ("2026-09-15", {"off_peak": 0.60, "peak": 1.20}),
    ],
)
def test_the_lines_are_at_deepseeks_published_output_rates(day: str, expected: dict[str, float]) -> None:
    spec = drawn("price-history", price_history(rows=plain(FLASH), projections=[]))
    points = [row for row in rows_with(spec, "run", "at") if row["meter"] == "output"]
    at = milliseconds(day)
    shown = {}
    for run in {row["run"] for row in points}:
        line = [row for row in points if row["run"] == run]
        if line[0]["at"] <= at <= line[-1]["at"]:
            shown[line[0]["window"]] = [row["rate"] for row in line if row["at"] <= at][-1]
    assert shown == pytest.approx(expected)


def test_a_rate_ends_where_the_next_begins() -> None:
    rows = [price_row("3", "2026-01-01T00:00:00Z"), price_row("2", "2026-06-01T00:00:00Z")]
    assert corners(rows) == [
        ("all hours", "2026-01-01", 3),
        ("all hours", "2026-06-01", 3),
        ("all hours", "2026-06-01", 2),
        ("all hours", "2027-01-01", 2),
    ]


def test_a_gap_breaks_the_line() -> None:
    rows = [price_row("3", "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"), price_row("2", "2026-06-01T00:00:00Z")]
    points = list(runs(rows, milliseconds("2027-01-01")))
    assert len({point["run"] for point in points[:2]}) == 1
    assert points[1]["run"] != points[2]["run"]


def test_rows_of_windows_end_a_row_of_all_hours_and_the_other_way_round() -> None:
    rows = [
        price_row("3", "2026-01-01T00:00:00Z"),
        price_row("4", "2026-03-01T00:00:00Z", utc_window="peak"),
        price_row("2", "2026-03-01T00:00:00Z", utc_window="off_peak"),
        price_row("1", "2026-06-01T00:00:00Z"),
    ]
    lines = set(corners(rows))
    assert ("all hours", "2026-03-01", 3) in lines
    assert ("peak", "2026-06-01", 4) in lines
    assert ("off_peak", "2026-06-01", 2) in lines
    assert ("all hours", "2027-01-01", 1) in lines


def test_a_correction_replaces_the_row_and_a_cancellation_removes_it() -> None:
    first = price_row("3", "2026-01-01T00:00:00Z")
    corrected = {**first, "rate": "2.5", "recorded_at": "2026-01-09T00:00:00Z"}
    assert {rate for _, _, rate in corners([first, corrected])} == {2.5}
    cancelled = {**corrected, "status": "cancelled"}
    assert corners([first, cancelled]) == []


def test_rates_are_per_million_tokens_whatever_the_row_counts_in() -> None:
    assert {rate for _, _, rate in corners([price_row("0.002", "2026-01-01T00:00:00Z", per_tokens=1000)])} == {2.0}


def test_the_fan_is_that_of_the_projection_and_the_line_goes_on_beside_it() -> None:
    spec = drawn("price-history", price_history())
    fan = rows_with(spec, "p10", "p90")
    assert [(row["at"], row["mean"], row["p10"], row["p90"]) for row in fan] == [
        (milliseconds("2026-12"), 2.0, 2.0, 2.0),
        (milliseconds("2027-01"), 1.8, 1.6, 2.0),
    ]
    assert max(row["at"] for row in rows_with(spec, "run")) == milliseconds("2027-01")
    assert {"at": milliseconds("2026-11-23")} in rows_with(spec, "at")


def test_a_free_meter_makes_the_scale_linear() -> None:
    def scale(document: dict[str, Any]) -> Any:
        layers = drawn("price-history", document)["layer"]
        return next(layer for layer in layers if layer["encoding"].get("detail"))["encoding"]["y"].get("scale", {})

    assert scale(price_history())["type"] == "log"
    free = price_history(rows=[price_row("0", "2026-01-01T00:00:00Z", meter="input"), *price_history()["rows"]])
    assert "type" not in scale(free)


def test_times_are_utc_and_months_begin_with_their_first_instant() -> None:
    assert milliseconds("1970-01-02") == 86_400_000
    assert milliseconds("1970-02") == 31 * 86_400_000
    assert milliseconds("1970-01-01T01:00:00+01:00") == 0
    assert milliseconds(date(2026, 11, 23).isoformat()) == milliseconds("2026-11-23T00:00:00Z")


def test_scores_are_shown_best_first_and_what_has_none_is_left_out() -> None:
    spec = drawn("backtest-scores", backtest())
    rows = [(row["method"], row["score"], row["role"], row["note"]) for row in rows_with(spec, "score")]
    assert rows == [
        ("hold", 0.064, "Best", ""),
        ("history", 0.065, "Others", "80% inside"),
        ("history", 0.212, "Best", "75% inside"),
        ("hold", 0.257, "Others", ""),
        ("flat", 0.237, "Best", ""),
    ]


def test_a_case_without_intervals_is_scored_by_its_median_error() -> None:
    [case] = [one for one in backtest()["cases"] if one["case"] == "errors"]
    spec = drawn("backtest-scores", backtest(cases=[case]))
    assert "median error" in str(spec["vconcat"])
    assert "pinball" not in str(spec["vconcat"])
