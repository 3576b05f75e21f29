"""Dates as a calendar feed."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar

from service.exports.dates import CalendarDate, calendar_feed
from tests.service.exports.sources import golden

DATES = (
    CalendarDate(
        uid="schedule-1-2027-01-04@tokencast",
        when=datetime(2027, 1, 4, 6, tzinfo=ZoneInfo("Europe/Berlin")),
        summary="Re-forecast: estate",
    ),
    CalendarDate(uid="close-2027-01@tokencast", when=date(2027, 1, 31), summary="Close; a, b", description="a\nb"),
)


def test_a_feed_is_the_one_it_was() -> None:
    feed = calendar_feed(DATES, name="Re-forecasts", stamped=datetime(2026, 11, 23, 12, tzinfo=UTC))
    assert feed == golden("dates.ics")


def test_a_feed_is_read_back_as_it_was_given() -> None:
    feed = calendar_feed(DATES, name="Re-forecasts", stamped=datetime(2026, 11, 23, 12, tzinfo=UTC))
    events = list(Calendar.from_ical(feed).walk("VEVENT"))
    assert [(str(event["uid"]), event.decoded("dtstart"), str(event["summary"])) for event in events] == [
        (one.uid, one.when, one.summary) for one in DATES
    ]
    assert b"DTSTART:20270104T050000Z" in feed
