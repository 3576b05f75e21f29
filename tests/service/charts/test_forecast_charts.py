"""Charts of a forecast hold the numbers of its document."""

from collections import defaultdict

import pytest

from service.charts.forecast.fleets import of_one_fleet
from tests.service.charts.documents import article, break_even, drawn, rows_with, two_fleets


def test_months_show_the_mean_and_range_of_each_month() -> None:
    document = two_fleets()
    rows = rows_with(drawn("months", document), "expected", "p10", "p90")
    assert [row["month"] for row in rows] == ["2027-01", "2027-02", "2027-03"]
    for row, month in zip(rows, document["monthly"], strict=True):
        effective = month["effective"]
        assert (row["expected"], row["p10"], row["p90"]) == tuple(
            float(effective[field]) for field in ("mean", "p10", "p90")
        )


def test_the_phased_budget_of_each_fiscal_year_adds_up_to_its_own() -> None:
    document = two_fleets(horizon={"first_month": "2027-05", "months": 14}, fiscal_year_start_month=7)
    rows = iter(rows_with(drawn("months", document), "budget"))
    assert [year["months"] for year in document["annual"]] == [2, 12]
    for year in document["annual"]:
        phased = sum(next(rows)["budget"] for _ in range(year["months"]))
        assert phased == pytest.approx(float(year["budget"]["amount"]), abs=0.005)


def test_a_billed_budget_is_drawn_on_the_billed_basis() -> None:
    document = two_fleets(budget_basis="billed")
    spec = drawn("months", document)
    [january, *_] = rows_with(spec, "expected")
    assert january["expected"] == float(document["monthly"][0]["billed"]["mean"])
    assert january["expected"] > float(document["monthly"][0]["effective"]["mean"])


def test_the_words_of_the_months_are_the_budget() -> None:
    assert drawn("months", article())["title"]["subtitle"][0] == (
        "2027: expected $216,000 + contingency $0 = budget $216,000"
    )


def test_fleets_show_their_nodes_and_what_they_serve_of_what_they_could() -> None:
    document = two_fleets()
    spec = drawn("fleet-nodes", document)
    months = [month for fleet in document["fleets"] for month in fleet["months"]]
    nodes = rows_with(spec, "mean", "p10", "node_hours")
    assert sorted(row["mean"] for row in nodes) == sorted(month["nodes"]["mean"] for month in months)
    limits = rows_with(spec, "capacity", "utilization")
    assert sorted(row["capacity"] for row in limits) == sorted(
        month["tokens_served"] + month["headroom_tokens"] for month in months
    )
    served = [row["tokens"] for row in rows_with(spec, "what", "tokens") if row["what"] == "Served"]
    assert sorted(served) == sorted(month["tokens_served"] for month in months)


def test_what_a_fleet_cannot_serve_is_shown_only_where_it_happens() -> None:
    crowded = two_fleets()
    assert any(month["unserved_tokens"] for month in crowded["fleets"][0]["months"])
    assert "Unserved" in {row["what"] for row in rows_with(drawn("fleet-nodes", crowded), "what")}
    assert {row["what"] for row in rows_with(drawn("fleet-nodes", article()), "what")} == {"Served"}


def test_the_articles_node_costs_what_utilisation_makes_of_it() -> None:
    rows = rows_with(drawn("fleet-unit-cost", article()), "curve", "utilization", "unit_cost")
    bare = {row["utilization"]: round(row["unit_cost"], 2) for row in rows if row["curve"] == "Without a decoder"}
    assert [bare[share] for share in (1, 0.7, 0.5, 0.3, 0.1)] == [1.74, 2.48, 3.47, 5.79, 17.36]
    with_decoder = {row["utilization"]: row["unit_cost"] for row in rows if row["curve"] == "With its decoder"}
    assert with_decoder[1] == pytest.approx(1.0396, abs=5e-5)


def test_each_month_of_a_fleet_is_a_point_at_its_own_cost() -> None:
    document = article()
    points = rows_with(drawn("fleet-unit-cost", document), "month", "unit_cost")
    months = document["fleets"][0]["months"]
    assert [(row["month"], row["utilization"], row["unit_cost"]) for row in points] == [
        (month["month"], month["utilization_fraction"], float(month["usd_per_mtok_served"])) for month in months
    ]


def test_a_fleet_without_a_decoder_has_one_curve() -> None:
    document = of_one_fleet(two_fleets(), "owned")
    assert {row["curve"] for row in rows_with(drawn("fleet-unit-cost", document), "curve")} == {"Without a decoder"}


@pytest.mark.parametrize("basis", ["effective", "billed"])
@pytest.mark.parametrize("fleet", ["rented", "owned"])
def test_kinds_of_cost_add_up_to_the_fleets_month(basis: str, fleet: str) -> None:
    document = of_one_fleet(two_fleets(), fleet)
    totals: dict[str, float] = defaultdict(float)
    for row in rows_with(drawn("fleet-costs", document), "kind", basis):
        totals[row["month"]] += row[basis]
    for month in document["fleets"][0]["months"]:
        assert totals[month["month"]] == pytest.approx(float(month[basis]), abs=0.005)


def test_a_purchase_is_invoiced_once_and_depreciates_every_month() -> None:
    document = of_one_fleet(two_fleets(), "owned")
    spec = drawn("fleet-costs", document)
    billed = [row for row in rows_with(spec, "kind", "billed") if row["kind"] == "Purchase" and row["billed"]]
    assert [(row["month"], row["billed"]) for row in billed] == [("2027-01", 740000.0)]
    accrued = [row["effective"] for row in rows_with(spec, "kind", "effective") if row["kind"] == "Depreciation"]
    assert accrued == pytest.approx([740000 / 36] * 3, abs=0.01)


def test_break_even_shows_both_probabilities_and_the_turning_cost() -> None:
    spec = drawn("break-even", {**article(), "break_even": [break_even()]})
    rows = rows_with(spec, "probability")
    assert [row["probability"] for row in rows if row["curve"] == "Own fleet"] == [0.25, 0.35]
    assert [row["probability"] for row in rows if row["curve"] == "Own fleet without its decoder"] == [0.125, 0.125]
    points = rows_with(spec, "curve", "unit_cost", "utilization")
    costs = {(row["curve"], row["utilization"]): row["unit_cost"] for row in points}
    assert costs["Own fleet", 0.25] == 4.16
    assert costs["The API", 0.25] == costs["The API", 1.0] == 3.96
    assert {"utilization": 0.4, "unit_cost": 2.6} in rows_with(spec, "utilization", "unit_cost")


def test_outlooks_stand_side_by_side_with_their_scores() -> None:
    document = two_fleets(outlooks=[{"outlook": "projected_cut", "window": ["2027-01-01", "2027-02-01"], "size": 0.25}])
    for outlook, score in zip(
        document["outlooks"],
        [{"pinball": 0.171, "flat_pinball": 0.066}, {"pinball": 0.0641, "coverage": 0.8}],
        strict=False,
    ):
        outlook["backtest"] = score
    rows = rows_with(drawn("outlooks", document), "outlook", "mean")
    assert [(row["outlook"], row["mean"], row["p10"], row["p90"]) for row in rows] == [
        (outlook["name"].replace("_", " "), *(float(outlook["total"][field]) for field in ("mean", "p10", "p90")))
        for outlook in document["outlooks"]
    ]
    assert rows[0]["score"] == "backtest pinball 0.171"
    assert rows[1]["score"] == "backtest pinball 0.064\nP10 to P90 held 80%"
    less = float(document["outlooks"][1]["total"]["mean"]) - float(document["outlooks"][0]["total"]["mean"])
    assert less > 0
    assert drawn("outlooks", document)["title"]["subtitle"] == [
        f"${less:,.0f} less than if prices held.",
        "A lower pinball loss is better; today's price, held, scores 0.066.",
    ]


def test_an_outlook_without_a_backtest_says_so() -> None:
    document = two_fleets()
    unscored = document | {"outlooks": [outlook | {"backtest": None} for outlook in document["outlooks"]]}
    assert {row["score"] for row in rows_with(drawn("outlooks", unscored), "score")} == {"no backtest"}
