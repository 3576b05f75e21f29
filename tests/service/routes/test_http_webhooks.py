"""Webhooks over HTTP: declared, changed under a condition, signed for, tested, listed, replayed, refused by pointer."""

import re
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest
from structlog.testing import capture_logs

from service.store import audit
from service.store.webhooks import secrets
from service.webhooks.answers import MOST_ATTEMPTS
from service.webhooks.events import EVENTS
from tests.service.routes.api import NOBODY, Api, pointers, slug, workload
from tests.service.webhooks.test_webhooks_documentation import rows_after
from tests.workers.receivers import Hooks, receiver, status

# Public and routed nowhere; nothing here sends to it.
URL = "https://192.88.99.1/hooks"


def made(api: Api, **declared: Any) -> tuple[dict[str, Any], str]:
    """The endpoint and its ETag."""
    answer = api.post("/v1/webhooks", json={"url": URL, **declared})
    assert answer.status_code == 201, answer.text
    return answer.json()["webhook"], answer.headers["ETag"]


def signing(api: Api, webhook_id: str) -> list[str]:
    with api.database.delivery() as session:
        return secrets.valid(session, [UUID(webhook_id)], now=datetime.now(UTC)).get(UUID(webhook_id), [])


def test_an_endpoint_is_made_with_a_secret_that_is_shown_once(api: Api) -> None:
    with capture_logs() as lines:
        answer = api.post("/v1/webhooks", json={"url": URL}, headers={"Idempotency-Key": "once"})
        again = api.post("/v1/webhooks", json={"url": URL}, headers={"Idempotency-Key": "once"})
    assert answer.headers["cache-control"] == "no-store"
    secret = answer.json()["secret"]
    assert secret.startswith("whsec_")
    webhook = answer.json()["webhook"]
    assert (webhook["enabled"], webhook["events"], webhook["envelope"]) == (True, None, "standard")
    assert signing(api, webhook["id"]) == [secret]
    assert again.headers["idempotent-replayed"] == "true"
    assert again.json() == {"webhook": webhook, "secret": None, "previous_secret_until": None}
    with api.database.tenant(api.workspace_id) as session:
        deeds, _ = audit.page(session, after=None, limit=100)
    shown = [api.get("/v1/webhooks").text, api.get(answer.headers["Location"]).text, str(lines), str(deeds)]
    assert not any(secret in text or secret.removeprefix("whsec_") in text for text in shown)
    assert [one["id"] for one in api.get("/v1/webhooks").json()["items"]] == [webhook["id"]]


def test_a_rotated_secret_signs_beside_the_old_one_for_as_long_as_was_asked(api: Api) -> None:
    answer = api.post("/v1/webhooks", json={"url": URL})
    at, first = answer.headers["Location"], answer.json()["secret"]
    rotated = api.post(f"{at}/rotate-secret", json={})
    assert rotated.status_code == 200, rotated.text
    assert rotated.headers["cache-control"] == "no-store"
    second = rotated.json()["secret"]
    until = datetime.fromisoformat(rotated.json()["previous_secret_until"])
    assert 23.9 < (until - datetime.now(UTC)).total_seconds() / 3600 <= 24
    webhook_id = answer.json()["webhook"]["id"]
    assert signing(api, webhook_id) == [second, first]
    third = api.post(f"{at}/rotate-secret", json={"overlap_hours": 1}).json()["secret"]
    # Nobody who lost the answer to a rotation and asks again cuts off the secret that the receiver still has.
    assert signing(api, webhook_id) == [third, second, first]
    last = api.post(f"{at}/rotate-secret", json={"overlap_hours": 0}, headers={"Idempotency-Key": "k"}).json()["secret"]
    assert signing(api, webhook_id) == [last]
    kept = api.post(f"{at}/rotate-secret", json={"overlap_hours": 0}, headers={"Idempotency-Key": "k"}).json()
    assert kept["secret"] is None
    assert signing(api, webhook_id) == [last]


def test_an_endpoint_changes_only_on_the_version_that_was_read(api: Api) -> None:
    webhook, tag = made(api)
    path = f"/v1/webhooks/{webhook['id']}"
    assert slug(api("PUT", path, json={"url": URL})) == "condition-missing"
    sent = {"url": f"{URL}/2", "events": ["price.changed", "price.changed"], "envelope": "cloudevents"}
    changed = api("PUT", path, json=sent, headers={"If-Match": tag})
    assert changed.status_code == 200, changed.text
    assert changed.json()["events"] == ["price.changed"]
    assert slug(api("PUT", path, json={"url": URL}, headers={"If-Match": tag})) == "stale-version"
    assert slug(api("DELETE", path, headers={"If-Match": tag})) == "stale-version"
    assert api.get(path).json()["url"] == f"{URL}/2"
    assert api("DELETE", path, headers={"If-Match": changed.headers["ETag"]}).status_code == 204
    assert slug(api.get(path)) == "not-found"
    assert slug(api("PUT", path, json={"url": URL}, headers={"If-Match": "*"})) == "not-found"


@pytest.mark.parametrize(
    ("sent", "pointer", "words"),
    [
        ({"url": "https://127.0.0.1/x"}, "/url", "no public address"),
        ({"url": "https://localhost/x"}, "/url", "no public address"),
        ({"url": "https://[::ffff:10.0.0.1]/x"}, "/url", "no public address"),
        ({"url": "http://192.88.99.1/x"}, "/url", "must begin with https://"),
        ({"url": "https://user:pw@192.88.99.1/x"}, "/url", "user name"),
        ({"url": "https://192.88.99.1/" + "x" * 2000}, "/url", "length <= 2000"),
        ({"url": ""}, "/url", "length >= 1"),
        ({"url": 7}, "/url", "expected str"),
        ({}, "/url", "is required"),
        ({"url": URL, "description": "x" * 200}, "/description", "length <= 120"),
        ({"url": URL, "description": "two\nlines"}, "/description", "text on one line"),
        ({"url": URL, "events": []}, "/events", "length >= 1"),
        ({"url": URL, "events": ["forecast.queued"]}, "/events/0", "must be one of forecast.completed"),
        ({"url": URL, "events": list(EVENTS) * 3}, "/events", "length <= 12"),
        ({"url": URL, "envelope": "xml"}, "/envelope", "must be one of standard, cloudevents"),
        ({"url": URL, "enabled": "yes"}, "/enabled", "expected bool"),
        ({"url": URL, "secret": "whsec_mine"}, "/secret", "is not a known field"),
    ],
)
def test_each_bad_field_is_named_with_what_would_be_accepted(
    api: Api, sent: dict[str, Any], pointer: str, words: str
) -> None:
    refused = api.post("/v1/webhooks", json=sent)
    assert refused.status_code in {400, 422}
    assert pointers(refused) == [pointer]
    assert words in refused.json()["errors"][0]["detail"]
    webhook, _ = made(api)
    if sent:
        changed = api("PUT", f"/v1/webhooks/{webhook['id']}", json=sent, headers={"If-Match": "*"})
        assert pointers(changed) == [pointer]


@pytest.mark.parametrize("hours", [-1, 169, "x", None])
def test_an_overlap_that_is_no_time_within_a_week_is_refused(api: Api, hours: Any) -> None:
    webhook, _ = made(api)
    refused = api.post(f"/v1/webhooks/{webhook['id']}/rotate-secret", json={"overlap_hours": hours})
    assert pointers(refused) == ["/overlap_hours"]


def test_a_test_event_is_a_delivery_like_any_other(api: Api) -> None:
    webhook, _ = made(api, envelope="cloudevents")
    answer = api.post(f"/v1/webhooks/{webhook['id']}/test")
    assert answer.status_code == 202, answer.text
    assert (answer.json()["event"], answer.json()["status"]) == ("webhook.test", "pending")
    shown = api.get(answer.headers["Location"]).json()
    assert shown["delivery"] == answer.json()
    assert shown["body"]["type"] == "webhook.test"
    assert shown["body"]["id"] == answer.json()["message_id"]
    assert shown["log"] == []
    [listed] = api.get(f"/v1/webhooks/{webhook['id']}/deliveries").json()["items"]
    assert listed == answer.json()
    assert slug(api.post(answer.headers["Location"] + "/replay")) == "wrong-status"


def test_what_waits_for_an_endpoint_that_is_disabled_is_a_dead_letter(api: Api) -> None:
    webhook, tag = made(api)
    path = f"/v1/webhooks/{webhook['id']}"
    delivery = api.post(f"{path}/test").json()
    disabled = api("PUT", path, json={"url": URL, "enabled": False}, headers={"If-Match": tag})
    assert (disabled.json()["enabled"], disabled.json()["disabled_reason"]) == (False, "its owner disabled it")
    [dead] = api.get("/v1/webhooks/dead-letters").json()["items"]
    assert (dead["id"], dead["last_error"]) == (delivery["id"], "the endpoint is disabled")
    assert slug(api.post(f"{path}/test")) == "wrong-status"
    assert slug(api.post(f"/v1/deliveries/{delivery['id']}/replay")) == "wrong-status"
    assert api.post("/v1/webhooks/dead-letters/replay", json={}).json() == {"replayed": 0}
    api("PUT", path, json={"url": URL}, headers={"If-Match": "*"})
    replayed = api.post(f"/v1/deliveries/{delivery['id']}/replay")
    assert (replayed.status_code, replayed.json()["status"]) == (202, "pending")
    assert api.get("/v1/webhooks/dead-letters").json()["items"] == []


def test_the_log_tells_each_attempt_and_a_replay_succeeds(api: Api) -> None:
    hooks = Hooks(api.database, api.workspace_id)
    with receiver() as kept:
        kept.answers["/hook"] = status(500, b"<script>alert(1)</script>")
        endpoint = hooks.endpoint(f"{kept.url}/hook")
        other = hooks.endpoint(f"{kept.url}/other", events=["price.changed"])
        hooks.announce("forecast/7")
        for _ in range(MOST_ATTEMPTS):
            hooks.deliver()
            hooks.now = max([hooks.now, *(one.due_at for one in hooks.deliveries())])
        dead = api.get("/v1/webhooks/dead-letters").json()["items"]
        of_endpoint = api.get("/v1/webhooks/dead-letters", params={"webhook_id": str(endpoint.id)}).json()["items"]
        assert dead == of_endpoint
        assert api.get("/v1/webhooks/dead-letters", params={"webhook_id": str(other.id)}).json()["items"] == []
        [letter] = dead
        shown = api.get(f"/v1/deliveries/{letter['id']}").json()
        assert [one["number"] for one in shown["log"]] == list(range(1, MOST_ATTEMPTS + 1))
        assert shown["log"][0]["answer_begins"] == "<script>alert(1)</script>"
        assert shown["log"][0]["error"] == "the answer was 500"
        assert shown["body"]["data"] == {"id": "7", "href": "/v1/forecasts/7"}
        kept.answers.clear()
        assert slug(api.post("/v1/webhooks/dead-letters/replay", json={"webhook_id": NOBODY})) == "not-found"
        sent = {"webhook_id": str(other.id)}
        assert api.post("/v1/webhooks/dead-letters/replay", json=sent).json() == {"replayed": 0}
        assert api.post("/v1/webhooks/dead-letters/replay", json={}).json() == {"replayed": 1}
        hooks.now = max(hooks.now, datetime.now(UTC))
        hooks.deliver()
        assert len(set(kept.ids("/hook"))) == 1
    delivered = api.get(f"/v1/webhooks/{endpoint.id}/deliveries", params={"status": "delivered"}).json()["items"]
    assert [one["id"] for one in delivered] == [letter["id"]]
    assert delivered[0]["message_id"] == kept.ids("/hook")[0]


def test_deliveries_come_in_pages_the_newest_first(api: Api) -> None:
    webhook, _ = made(api)
    sent = [api.post(f"/v1/webhooks/{webhook['id']}/test").json()["id"] for _ in range(5)]
    path: str | None = f"/v1/webhooks/{webhook['id']}/deliveries?limit=2&status=pending"
    found: list[str] = []
    while path:
        page = api.get(path)
        found += [one["id"] for one in page.json()["items"]]
        path = page.links["next"]["url"] if "next" in page.links else None
    assert found == sent[::-1]
    assert slug(api.get(f"/v1/webhooks/{webhook['id']}/deliveries?status=lost")) == "invalid-parameter"


def test_an_events_way_is_open_to_readers_and_the_endpoints_to_administrators(api: Api) -> None:
    webhook, _ = made(api)
    delivery = api.post(f"/v1/webhooks/{webhook['id']}/test").json()
    reader, writer = api.with_scopes("read"), api.with_scopes("write")
    assert reader.get("/v1/webhooks").status_code == 200
    assert reader.get(f"/v1/deliveries/{delivery['id']}").status_code == 200
    assert writer.post("/v1/webhooks/dead-letters/replay", json={}).status_code == 202
    for refused in (writer.post("/v1/webhooks", json={"url": URL}), reader.post(f"/v1/webhooks/{webhook['id']}/test")):
        assert slug(refused) == "scope-missing"


def test_events_hold_what_the_page_for_receivers_says(api: Api) -> None:
    hooks = Hooks(api.database, api.workspace_id)
    with receiver() as kept:
        endpoint = hooks.endpoint(f"{kept.url}/hook")
        forecast_id = api.post("/v1/workloads", json=workload(forecast={})).json()["forecast"]["id"]
        api.work(forecast_id)
        budget = api.post("/v1/budgets", json={"name": "fy27", "forecast_id": forecast_id})
        at = budget.headers["Location"]
        for step in ("submit", "approve"):
            moved = api.post(f"{at}/{step}", json={"reason": "agreed"}, headers={"If-Match": "*"})
            assert moved.status_code == 200, moved.text
        assert api.post(f"{at}/thresholds", json={"measure": "forecast", "fraction": "0.1"}).status_code == 201
        assert api.post("/v1/schedules", json={"name": "monthly"}).status_code == 201
        api.post(f"/v1/schedules/{api.get('/v1/schedules').json()['items'][0]['id']}/skip")
        assert api.post(f"/v1/webhooks/{endpoint.id}/test").status_code == 202
        hooks.now = datetime.now(UTC)
        hooks.deliver()
    told = {row[0].strip("`"): set(re.findall(r"`([^`]+)`", row[2])) for row in rows_after("Events")}
    sent = {msgspec.json.decode(got.body)["type"]: got.data for got in kept.got}
    assert set(sent) == set(told) - {"forecast.failed", "price.changed"}
    for name, data in sent.items():
        assert set(data) - {"href"} == told[name], name
        assert api.get(data["href"]).status_code == 200


def test_a_skipped_occurrence_is_an_event(api: Api) -> None:
    assert api.post("/v1/workloads", json=workload()).status_code == 201
    assert api.post("/v1/schedules", json={"name": "monthly"}).status_code == 201
    schedule = api.get("/v1/schedules").json()["items"][0]
    skipped = api.post(f"/v1/schedules/{schedule['id']}/skip")
    hooks = Hooks(api.database, api.workspace_id)
    with receiver() as kept:
        hooks.endpoint(f"{kept.url}/hook", events=["schedule.skipped"])
        hooks.deliver()
    [got] = kept.got
    assert got.data == {
        "id": schedule["id"],
        "name": "monthly",
        "occurrence": skipped.json()["occurrence"],
        "due_at": skipped.json()["due_at"],
        "reason": "skipped",
        "by": got.data["by"],
        "href": f"/v1/schedules/{schedule['id']}",
    }
    assert api.get(got.data["href"]).status_code == 200
