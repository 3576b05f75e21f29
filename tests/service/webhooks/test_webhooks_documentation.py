"""docs/webhooks.md says what receivers get, and its example takes it."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec

from service.webhooks.answers import RETRY_AFTER_SECONDS
from service.webhooks.envelopes import MOST_BYTES, Event, enveloped
from service.webhooks.events import EVENTS, PING
from service.webhooks.sending import SECONDS_TO_ANSWER, SHOWN_BYTES
from service.webhooks.signing import new_secret, signed_headers

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "webhooks.md").read_text(encoding="utf-8")


def rows_after(heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its head."""
    table = PAGE.partition(f"\n## {heading}\n")[2].partition("|---|")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[1:]]


def test_every_event_is_told_and_no_other() -> None:
    assert [row[0].strip("`") for row in rows_after("Events")] == [*EVENTS, PING]


def test_the_schedule_is_the_one_that_is_kept() -> None:
    seconds = {"s": 1, "min": 60, "h": 3600}
    [told] = rows_after("Attempts")
    waits = [float(cell.split()[0]) * seconds[cell.split()[1]] for cell in told[1:]]
    assert waits == list(RETRY_AFTER_SECONDS)


def test_the_limits_are_those_that_are_kept() -> None:
    assert f"within {SECONDS_TO_ANSWER:g} s" in PAGE
    assert f"the first {SHOWN_BYTES:,} bytes" in PAGE
    assert f"smaller than {MOST_BYTES // 1000} kB" in PAGE


def example() -> Any:
    """The function `receive` of the page."""
    [code] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    namespace: dict[str, Any] = {}
    exec(code, namespace)  # noqa: S102 - the page's own example
    return namespace["receive"]


def test_the_receiver_of_the_page_takes_an_event_once_and_nothing_forged() -> None:
    receive, secret, seen = example(), new_secret(), set[str]()
    now = datetime.now(UTC)
    event = Event(
        id=uuid4(), workspace_id=uuid4(), name="forecast.completed", subject="forecast/1", data={"id": "1"}, at=now
    )
    _, body = enveloped(event, "standard")
    headers = signed_headers(event.id, body, [secret], at=now)
    assert receive(secret, headers, body, seen) == (204, msgspec.json.decode(body))
    assert receive(secret, headers, body, seen) == (204, None)
    assert receive(secret, headers, body.replace(b'"1"', b'"2"'), set()) == (401, None)
    assert receive(new_secret(), headers, body, set()) == (401, None)
    late = signed_headers(event.id, body, [secret], at=now - timedelta(hours=1))
    assert receive(secret, late, body, set()) == (401, None)
    assert receive(secret, {}, body, set()) == (401, None)


def test_the_example_of_an_event_is_one_that_is_sent() -> None:
    [text] = [one for one in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL) if '"type"' in one]
    shown = msgspec.json.decode(text)
    at = datetime.fromisoformat(shown["timestamp"])
    event = Event(id=uuid4(), workspace_id=uuid4(), name=shown["type"], subject="forecast/1", data=shown["data"], at=at)
    assert msgspec.json.decode(enveloped(event, "standard")[1]) == shown
