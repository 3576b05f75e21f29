"""Price outlooks on a forecast's page: their scores, what the chosen one is made of, and its terms in words."""

from datetime import date
from typing import Any

import msgspec
import pytest

from service.forecasting.declared_outlooks import DeclaredOutlooks, declared_outlooks
from service.schemas.explained.outlook_score import outlook_backtest
from service.web.views.forecast.outlook_terms import covered_by, terms_of
from service.web.views.forecast.outlooks import MOST_MEMBERS, OutlookRow, outlook_rows

YEAR = ["2026-12-01", "2027-12-01"]


def _declared(*outlooks: dict[str, Any]) -> DeclaredOutlooks:
    """As a snapshot of 23 November 2026 tells them."""
    return declared_outlooks(msgspec.json.encode({"as_of": "2026-11-23", "outlooks": outlooks, "workloads": []}))


def _outlook(name: str, mean: str, *, chosen: bool = False, pinball: float | None = None) -> dict[str, Any]:
    score = None if pinball is None else {"pinball": pinball, "flat_pinball": 0.05, "coverage": 0.75}
    return {
        "name": name,
        "chosen": chosen,
        "total": {"mean": mean, "p10": mean, "p50": mean, "p90": mean},
        "backtest": score,
    }


def _chosen(name: str, declared: DeclaredOutlooks) -> OutlookRow:
    [row] = outlook_rows({"outlooks": [_outlook(name, "10", chosen=True)]}, declared)
    return row


def test_the_score_of_an_outlook_is_said_beside_that_of_a_held_price() -> None:
    outlooks = [
        _outlook("mixed", "10", chosen=True),
        _outlook("hold", "12", pinball=0.05),
        _outlook("history", "9", pinball=0.06),
        _outlook("exponential", "8", pinball=0.04),
        _outlook("pass_through", "8"),
    ]
    rows = outlook_rows({"outlooks": outlooks}, _declared())
    assert [row.difference for row in rows] == [0, 2, -1, -2, -2]
    mixed, hold, history, exponential, unscored = (row.note for row in rows)
    assert "mixture" in mixed
    assert hold.startswith("As good as")
    assert history.startswith("20% worse")
    assert "75%" in history
    assert exponential.startswith("20% better")
    assert unscored.startswith("Not scored")


def test_a_mixture_lists_its_members_each_with_its_own_score() -> None:
    declared = _declared(
        {"provider": "acme", "outlook": "hold"}, {"outlook": "pass_through", "speedup": 1.5}, {"outlook": "history"}
    )
    row = _chosen("mixed", declared)
    assert [(one.covers, one.name) for one in row.members] == [
        ("acme", "hold"),
        ("every provider", "pass_through"),
        ("every provider", "history"),
    ]
    hold, passing, history = row.members
    scored = outlook_backtest("history")
    assert scored is not None
    assert history.score is not None
    assert history.score["pinball"] == scored.pinball
    assert hold.note.startswith("As good as today's price")
    assert (passing.score, passing.note.partition(":")[0]) == (None, "Not scored")
    assert (row.terms, row.by_default, row.left_out) == (None, False, 0)


def test_of_a_long_mixture_the_rest_is_counted() -> None:
    many = [{"provider": f"p{place}", "outlook": "hold"} for place in range(MOST_MEMBERS + 3)]
    row = _chosen("mixed", _declared(*many, {"outlook": "history"}))
    assert (len(row.members), row.left_out) == (MOST_MEMBERS, 4)


def test_where_nobody_declared_an_outlook_the_default_is_told_as_one() -> None:
    row = _chosen("projected_cut", declared_outlooks(b'{"as_of": "2026-11-23"}'))
    assert row.by_default
    assert row.members == ()
    assert row.terms == (
        "every provider: one cut of 20 % to 40 %, most likely 25 %, between 2026-12-01 and 2027-12-01, on output"
    )
    assert not _chosen("projected_cut", _declared({"outlook": "projected_cut"})).by_default


def test_only_the_chosen_outlook_has_terms_and_members() -> None:
    other = _outlook("hold", "9", pinball=0.05)
    declared = _declared({"provider": "acme", "outlook": "hold"}, {"outlook": "history"})
    _, rival = outlook_rows({"outlooks": [_outlook("mixed", "10", chosen=True), other]}, declared)
    assert (rival.terms, rival.members, rival.by_default) == (None, (), False)


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"outlook": "hold"}, "as known, with the steps that are already dated"),
        ({"outlook": "hold", "scheduled_steps": False}, "as on the plan's day"),
        ({"outlook": "scheduled"}, "as known, with the steps that are already dated"),
        (
            {"outlook": "projected_cut", "window": YEAR, "size": 0.3, "probability": 0.5, "scheduled_steps": False},
            "one cut of 30 %, between 2026-12-01 and 2027-12-01, with a chance of 50 %, on output, "
            "without the steps that are already dated",
        ),
        (
            {"outlook": "planning_haircut", "from": "2027-01-01", "meters": ["input", "cached_input"]},
            "25 % off from 2027-01-01 on, on input, cached input",
        ),
        (
            {"outlook": "history", "series": "tiers"},
            "jumps as often and as large as those of tiers on record, on output",
        ),
        (
            {"outlook": "exponential", "decay_per_year": {"low": 0.1, "mode": 0.2, "high": 0.3}},
            "a fall of 10 % to 30 %, most likely 20 % a year, from 2026-12-01 on, on output",
        ),
        (
            {"outlook": "pass_through", "window": YEAR, "speedup": 1.67, "pass_through_fraction": 0.5},
            "50 % of what a speedup of 1.67 saves, passed on, between 2026-12-01 and 2027-12-01, on output",
        ),
        (
            {"outlook": "successor", "from": "2027-04-01", "to_model": "acme/two", "probability": 0.8},
            "the rates of acme/two from 2027-04-01 on, with a chance of 80 %",
        ),
    ],
)
def test_terms_are_said_in_words(declared: dict[str, Any], said: str) -> None:
    [outlook] = _declared(declared).outlooks
    assert terms_of(outlook) == said


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({}, "every provider"),
        ({"provider": "acme"}, "acme"),
        ({"provider": "acme", "model": "small-*", "service_tier": "batch"}, "acme/small-*, tier batch"),
        ({"model": "llama-*"}, "*/llama-*"),
    ],
)
def test_an_outlook_says_whom_it_covers(declared: dict[str, Any], said: str) -> None:
    [outlook] = _declared({"outlook": "hold", **declared}).outlooks
    assert covered_by(outlook) == said


def test_an_outlook_without_a_window_opens_in_the_month_after_the_plan_s_day() -> None:
    [outlook] = _declared({"outlook": "exponential", "decay_per_year": 0.1}).outlooks
    assert getattr(outlook.course, "window", None) == (date(2026, 12, 1), None)
