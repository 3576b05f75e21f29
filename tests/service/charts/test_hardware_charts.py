"""Charts of a hardware comparison: unit cost with the rate behind it, and the order by the rate's date."""

from service.charts.times import milliseconds
from tests.service.charts.documents import comparison, drawn, rows_with


def test_each_accelerator_has_its_cost_served_and_at_full_load() -> None:
    rows = rows_with(drawn("hardware-unit-cost", comparison()), "load", "unit_cost")
    assert [(row["accelerator"], row["load"], row["unit_cost"]) for row in rows] == [
        ("mi355x", "At the workload's own utilisation", 0.30),
        ("mi355x", "At full load", 0.12),
        ("b200", "At the workload's own utilisation", 0.30),
        ("b200", "At full load", 0.15),
    ]


def test_each_rate_bears_its_seller_and_its_date() -> None:
    rows = rows_with(drawn("hardware-unit-cost", comparison()), "rate")
    rates = {"mi355x": "$2.00 per GPU-hour, seller, 2026-06-01, spot stands in"}
    rates["b200"] = "$4.00 per GPU-hour, seller, 2026-01-01"
    assert {(row["accelerator"], row["rate"]) for row in rows} == set(rates.items())
    assert len([row for row in rows if "unit_cost" not in row]) == len(rates)


def test_what_has_no_evidence_is_named() -> None:
    assert "Without evidence: gb200." in drawn("hardware-unit-cost", comparison())["title"]["subtitle"]


def test_the_ranking_is_followed_from_day_to_day_until_the_comparison() -> None:
    spec = drawn("hardware-ranking", comparison())
    rows = rows_with(spec, "rank", "unit_cost")
    course = [(row["at"], row["rank"], row["unit_cost"]) for row in rows if row["accelerator"] == "mi355x"]
    assert course == [
        (milliseconds("2026-01-01"), 2, 0.16),
        (milliseconds("2026-06-01"), 1, 0.12),
        (milliseconds("2026-11-23"), 1, 0.12),
    ]
    words = "Only rates move: days with a new rate since 2026-01-01: 1; with a new order: 1."
    assert spec["title"]["subtitle"] == [words]
