"""Recurrence rules in words, and as the choices of a form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.recurrence.rule import parse_rule
from service.web.views.rules import FIRST_WEEKDAY, LAST_WEEKDAY, WEEKDAYS, rule_choice, rule_words

STARTS = "2027-01-05T06:30"  # a Tuesday


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (FIRST_WEEKDAY, "on the first weekday of each month at 06:30"),
        (LAST_WEEKDAY, "on the last weekday of each month at 06:30"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "on day 1 and day 15 of each month at 06:30"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "on the last day of each month at 06:30"),
        ("FREQ=MONTHLY;BYMONTHDAY=-3", "on day 3 from the end of each month at 06:30"),
        ("FREQ=MONTHLY;BYDAY=2MO", "on the second Monday of each month at 06:30"),
        ("FREQ=MONTHLY;INTERVAL=3", "on day 5 of every 3 months at 06:30"),
        ("FREQ=WEEKLY", "every week on Tuesday at 06:30"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH,FR", "every 2 weeks on Monday, Thursday and Friday at 06:30"),
        ("FREQ=DAILY;COUNT=10", "every day at 06:30, 10 times"),
        ("FREQ=DAILY;UNTIL=20271231", "every day at 06:30, until 2027-12-31"),
        ("FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1", "every year on day 1 of January and July at 06:30"),
    ],
)
def test_a_usual_rule_is_said_as_people_say_it(rule: str, said: str) -> None:
    assert rule_words(rule, STARTS) == said


@pytest.mark.parametrize(
    "rule", ["FREQ=YEARLY;BYWEEKNO=20", "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1", "no rule", "FREQ=MONTHLY;BYDAY=MO"]
)
def test_a_rule_without_words_is_given_as_it_is_written(rule: str) -> None:
    assert rule_words(rule, STARTS) == rule


@pytest.mark.parametrize(
    ("rule", "kind"),
    [
        (FIRST_WEEKDAY, "first-weekday"),
        (LAST_WEEKDAY, "last-weekday"),
        ("FREQ=MONTHLY;BYMONTHDAY=17", "month-day"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "own"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,15", "own"),
        ("FREQ=MONTHLY;BYMONTHDAY=3;COUNT=2", "own"),
        ("FREQ=WEEKLY;BYDAY=MO,FR", "weekly"),
        ("FREQ=WEEKLY;BYDAY=MO;INTERVAL=2", "own"),
        ("nonsense", "own"),
    ],
)
def test_a_form_shows_a_rule_by_a_kind_only_where_that_says_all_of_it(rule: str, kind: str) -> None:
    assert rule_choice(rule).kind == kind


@given(st.lists(st.sampled_from([code for code, _ in WEEKDAYS]), min_size=1, unique=True))
def test_every_choice_of_weekdays_is_a_rule_that_is_shown_as_it_was_chosen(days: list[str]) -> None:
    rule = f"FREQ=WEEKLY;BYDAY={','.join(days)}"
    assert parse_rule(rule).days == tuple(days)
    assert rule_choice(rule).weekdays == tuple(days)


@given(st.text(max_size=60))
def test_no_text_is_too_strange_for_words(text: str) -> None:
    assert rule_words(text, STARTS) or not text
    assert rule_choice(text).kind
