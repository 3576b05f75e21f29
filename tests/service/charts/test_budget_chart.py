"""`budget-months`: a budget beside what its months cost."""

from tests.service.charts.documents import drawn, held_budget, rows_with


def bars(month: str) -> dict[tuple[str, str], float]:
    rows = rows_with(drawn("budget-months", held_budget()), "side")
    return {(row["side"], row["role"]): row["amount"] for row in rows if row["month"] == month}


def test_a_month_that_has_ended_shows_what_it_cost() -> None:
    assert bars("2027-01") == {("budget", "Budget"): 100.0, ("estimate", "Actual"): 130.0}


def test_a_month_that_still_runs_shows_how_much_of_its_forecast_is_spent() -> None:
    assert bars("2027-02") == {
        ("budget", "Budget"): 100.0,
        ("estimate", "Actual"): 40.0,
        ("estimate", "Forecast"): 55.0,
    }


def test_a_month_of_which_nothing_is_known_shows_its_budget_alone() -> None:
    assert bars("2027-03") == {("budget", "Budget"): 100.0}


def test_the_title_names_the_budget_and_its_version() -> None:
    assert drawn("budget-months", held_budget())["title"]["text"] == ["Budget by month: fy27, version 2"]


def test_the_words_say_what_is_left_and_which_month_is_farthest_over() -> None:
    words = drawn("budget-months", held_budget())["description"]
    assert "Budget $300 + contingency $20; estimate $325: $5 over the amount." in words
    assert "Farthest over its budget is Jan 2027, by $30." in words
    left = {"budget": "300", "contingency": "20", "estimate": "300", "remaining": "20"}
    months = held_budget()["months"][2:]
    words = drawn("budget-months", held_budget(total=left, months=months))["description"]
    assert "$20 left" in words
    assert "Farthest" not in words
