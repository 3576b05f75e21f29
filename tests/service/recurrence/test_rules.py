"""Rules are read strictly, and every occurrence is the instant that its local time means."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.recurrence.rule import BadRule, parse_rule
from service.recurrence.timing import Timing

BERLIN = "Europe/Berlin"
FIRST_WEEKDAY = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1"
ZONES = st.sampled_from(
    ["UTC", BERLIN, "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo"]
)


def timing(rule: str, starts: str, zone: str = BERLIN, holidays: tuple[date, ...] = ()) -> Timing:
    return Timing(
        rule=parse_rule(rule), starts=datetime.fromisoformat(starts), time_zone=zone, holidays=frozenset(holidays)
    )


def locals_of(timed: Timing, count: int) -> list[str]:
    return [one.local.isoformat(timespec="minutes") for one in islice(timed.occurrences(), count)]


def test_the_first_weekday_of_a_month_is_never_a_weekend() -> None:
    # 1 May, 1 August 2027 and 1 January 2028 are a Saturday, a Sunday and a Saturday.
    found = timing(FIRST_WEEKDAY, "2027-04-01T06:00").after(datetime(2027, 4, 20, tzinfo=UTC), 9)
    days = ["05-03", "06-01", "07-01", "08-02", "09-01", "10-01", "11-01", "12-01"]
    assert [f"{one.local:%m-%d}" for one in found] == [*days, "01-03"]


def test_six_in_the_morning_stays_six_through_daylight_saving() -> None:
    found = list(islice(timing("FREQ=DAILY", "2027-03-27T06:00").occurrences(), 2))
    assert [one.due_at for one in found] == [
        datetime(2027, 3, 27, 5, tzinfo=UTC),
        datetime(2027, 3, 28, 4, tzinfo=UTC),
    ]


def test_a_time_that_the_clock_skips_counts_with_the_offset_before_the_gap() -> None:
    # The example of RFC 5545, section 3.3.5: 02:30 in a gap is 03:30 of the new time.
    [one] = islice(timing("FREQ=DAILY", "2027-03-28T02:30").occurrences(), 1)
    assert one.due_at == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert one.due_at.astimezone(ZoneInfo(BERLIN)).hour == 3


def test_a_time_that_comes_twice_is_its_first() -> None:
    found = list(islice(timing("FREQ=DAILY", "2027-10-31T02:30").occurrences(), 2))
    assert [one.due_at for one in found] == [
        datetime(2027, 10, 31, 0, 30, tzinfo=UTC),
        datetime(2027, 11, 1, 1, 30, tzinfo=UTC),
    ]


def test_a_holiday_moves_an_occurrence_to_the_next_working_day_and_keeps_its_name() -> None:
    # 1 and 2 January 2026 are a Thursday and a Friday.
    holidays = (date(2026, 1, 1), date(2026, 1, 2))
    [one] = islice(timing(FIRST_WEEKDAY, "2026-01-01T06:00", holidays=holidays).occurrences(), 1)
    assert one.local == datetime(2026, 1, 5, 6)  # noqa: DTZ001 - local time
    assert one.key == "2026-01-01T06:00:00[Europe/Berlin]"


def test_two_occurrences_on_one_day_after_a_holiday_are_one() -> None:
    timed = timing("FREQ=DAILY;COUNT=3", "2027-06-03T06:00", holidays=(date(2027, 6, 3),))
    assert locals_of(timed, 9) == ["2027-06-04T06:00", "2027-06-05T06:00"]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("FREQ=DAILY;COUNT=2", ["2027-01-01T06:00", "2027-01-02T06:00"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20270228", ["2027-01-31T06:00", "2027-02-28T06:00"]),
        # 06:00 in Berlin in winter is 05:00 UTC.
        ("FREQ=DAILY;UNTIL=20270102T050000Z", ["2027-01-01T06:00", "2027-01-02T06:00"]),
        ("FREQ=DAILY;UNTIL=20270102T045959Z", ["2027-01-01T06:00"]),
        ("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;COUNT=2", ["2028-02-29T06:00", "2032-02-29T06:00"]),
        ("FREQ=MONTHLY;BYDAY=-1FR;BYHOUR=18;COUNT=1", ["2027-01-29T18:00"]),
    ],
)
def test_a_rule_ends_where_it_says(rule: str, found: list[str]) -> None:
    assert locals_of(timing(rule, "2027-01-01T06:00"), 5) == found


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29",
    ],
)
@pytest.mark.timeout(10)
def test_a_rule_that_never_fires_says_so_soon(rule: str) -> None:
    # 1 January 2027 is a Friday, and no leap year is four, eight ... years later.
    assert locals_of(timing(rule, "2027-01-01T06:00"), 1) == []


@pytest.mark.parametrize(
    ("rule", "word"),
    [
        ("FREQ=SECONDLY", "more than once a day"),
        ("FREQ=HOURLY;INTERVAL=24", "more than once a day"),
        ("FREQ=DAILY;BYHOUR=6,18", "BYHOUR"),
        ("FREQ=DAILY;BYSECOND=0,30", "BYSECOND"),
        ("", "FREQ"),
        ("FREQ=MONTHLY;FREQ=DAILY", "twice"),
        ("FREQ=MONTHLY;BYEASTER=0", "BYEASTER"),
        ("FREQ=MONTHLY;INTERVAL=0", "INTERVAL"),
        ("FREQ=MONTHLY;COUNT=0", "COUNT"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY"),
        ("FREQ=WEEKLY;BYDAY=1MO", "1MO"),
        ("FREQ=WEEKLY;BYDAY=XX", "XX"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS"),
        ("FREQ=DAILY;UNTIL=20270230", "UNTIL"),
        ("FREQ=DAILY;UNTIL=99991231T235959Z", "UNTIL"),
        ("FREQ=DAILY;COUNT=1;UNTIL=20270101", "exclude"),
        ("FREQ=DAILY;WKST=XX", "WKST"),
    ],
)
def test_what_is_no_rule_is_refused_by_name(rule: str, word: str) -> None:
    with pytest.raises(BadRule) as refused:
        parse_rule(rule)
    assert any(word in detail for detail in refused.value.details)


def test_everything_wrong_with_a_rule_is_told_at_once() -> None:
    with pytest.raises(BadRule) as refused:
        parse_rule("FREQ=SECONDLY;BYMONTH=13;FOO=1")
    assert len(refused.value.details) == 3


@given(st.text(alphabet="FREQ=;,BYDAMONTHLIUCS-0123456789TZ", max_size=60))
def test_any_text_is_a_rule_or_is_refused(text: str) -> None:
    try:
        rule = parse_rule(text)
    except BadRule:
        return
    assert rule.frequency in text


@given(
    zone=ZONES,
    rule=st.sampled_from([FIRST_WEEKDAY, "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SU", "FREQ=MONTHLY;BYMONTHDAY=31"]),
    starts=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda one: one.replace(microsecond=0)),  # noqa: DTZ001
    holidays=st.lists(st.dates(date(2020, 1, 1), date(2036, 1, 1)), max_size=20),
    split=st.integers(0, 400),
)
def test_instants_rise_and_no_cut_through_time_loses_or_doubles_one(
    zone: str, rule: str, starts: datetime, holidays: list[date], split: int
) -> None:
    timed = Timing(rule=parse_rule(rule), starts=starts, time_zone=zone, holidays=frozenset(holidays))
    begins = starts.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) - timedelta(days=2)
    ends = begins + timedelta(days=400)
    whole = timed.between(begins, ends)
    assert all(one.due_at < other.due_at for one, other in pairwise(whole))
    assert len({one.key for one in whole}) == len(whole)
    cut = begins + timedelta(days=split)
    assert timed.between(begins, cut) + timed.between(cut, ends) == whole
    assert timed.after(begins, len(whole)) == whole
