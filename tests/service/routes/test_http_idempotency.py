"""A POST with an Idempotency-Key happens once, whatever is repeated, and its first answer is given again."""

import hashlib
import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from service.store import idempotency
from tests.service.routes.api import Api, fleet, price, slug, workload

KEYED = {"Idempotency-Key": "order-66"}


@pytest.mark.parametrize(
    ("path", "sent", "listed"),
    [
        ("/v1/workloads", workload(), "/v1/workloads"),
        ("/v1/workloads", workload(forecast={}), "/v1/forecasts"),
        ("/v1/fleets", fleet(), "/v1/fleets"),
        ("/v1/prices", price(), "/v1/prices?provider=acme"),
        ("/v1/plans", {"name": "p", "workloads": [workload()]}, "/v1/plans"),
        ("/v1/forecasts", {"plan": {"workloads": [workload()]}}, "/v1/forecasts"),
    ],
)
def test_a_repeated_post_gets_the_first_answer_and_does_nothing(
    api: Api, path: str, sent: dict[str, object], listed: str
) -> None:
    first = api.post(path, json=sent, headers=KEYED)
    second = api.post(path, json=sent, headers=KEYED)
    assert first.status_code in (200, 201, 202)
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second.headers.get("location") == first.headers.get("location")
    assert second.headers["content-type"] == first.headers["content-type"]
    assert len(api.get(listed).json()["items"]) == 1


def test_a_key_is_not_lent_to_another_request(api: Api) -> None:
    api.post("/v1/workloads", json=workload("a"), headers=KEYED)
    other = api.post("/v1/workloads", json=workload("b"), headers=KEYED)
    assert (other.status_code, slug(other)) == (422, "idempotency-key-reused")
    assert len(api.get("/v1/workloads").json()["items"]) == 1
    api.post("/v1/plans?dry_run=true", json={"workloads": []}, headers=KEYED)
    for_real = api.post("/v1/plans", json={"workloads": []}, headers=KEYED)
    assert slug(for_real) == "idempotency-key-reused"


def test_a_key_belongs_to_its_workspace_and_route(api: Api, stranger: Api) -> None:
    assert api.post("/v1/workloads", json=workload(), headers=KEYED).status_code == 201
    assert "idempotent-replayed" not in stranger.post("/v1/workloads", json=workload(), headers=KEYED).headers
    assert "idempotent-replayed" not in api.post("/v1/fleets", json=fleet(), headers=KEYED).headers


def test_a_refusal_is_repeated_as_well(api: Api) -> None:
    api.post("/v1/workloads", json=workload())
    first = api.post("/v1/workloads", json=workload(), headers=KEYED)
    second = api.post("/v1/workloads", json=workload(), headers=KEYED)
    assert (first.status_code, slug(first)) == (409, "name-taken")
    assert second.headers["idempotent-replayed"] == "true"
    assert (second.status_code, second.json()) == (409, first.json())
    assert slug(second) == "name-taken"


def test_a_request_that_still_runs_is_not_run_again(api: Api) -> None:
    # The first request has begun and not ended: the state between its two transactions, or after its process died.
    body = json.dumps(fleet()).encode()
    with api.database.tenant(api.workspace_id) as session:
        idempotency.begin(
            session,
            route="POST /v1/fleets",
            key="order-66",
            request_hash=hashlib.sha256(b"\n" + body).digest(),
            lock_seconds=0.5,
            now=datetime.now(UTC),
        )
    headers = {**KEYED, "Content-Type": "application/json"}
    busy = api.post("/v1/fleets", content=body, headers=headers)
    assert (busy.status_code, slug(busy)) == (409, "idempotency-key-busy")
    # A holder that died gives its key up when the lock runs out.
    time.sleep(0.6)
    assert api.post("/v1/fleets", content=body, headers=headers).status_code == 201


@pytest.mark.parametrize("number", [8])
def test_of_many_at_once_exactly_one_happens(api: Api, number: int) -> None:
    headers = {"Idempotency-Key": f"race-{uuid4()}"}
    with ThreadPoolExecutor(number) as threads:
        answers = list(
            threads.map(lambda _: api.post("/v1/workloads", json=workload(), headers=headers), range(number))
        )
    statuses = sorted(answer.status_code for answer in answers)
    assert set(statuses) <= {201, 409}
    assert statuses[0] == 201
    fresh = [one for one in answers if one.status_code == 201 and "idempotent-replayed" not in one.headers]
    assert len(fresh) == 1
    assert all(slug(one) == "idempotency-key-busy" for one in answers if one.status_code == 409)
    assert len(api.get("/v1/workloads").json()["items"]) == 1


@pytest.mark.parametrize(
    "key", ["", " ", '""', '"', '"half', "a" * 256, f'"{"a" * 256}"', "umlaut-\u00e4".encode(), b"\xa0k1"]
)
def test_a_key_that_cannot_be_kept_is_refused(api: Api, key: str | bytes) -> None:
    refused = api.post("/v1/workloads", json=workload(), headers={"Idempotency-Key": key})
    assert (refused.status_code, slug(refused)) == (400, "invalid-header")
    assert api.get("/v1/workloads").json()["items"] == []


@pytest.mark.parametrize("key", ["k", 'a "b"', "a" * 255, f'"{"a" * 255}"', '"a"b"', '" a"'])
def test_a_key_of_its_length_in_any_printable_characters_is_taken(api: Api, key: str) -> None:
    assert api.post("/v1/workloads", json=workload(), headers={"Idempotency-Key": key}).status_code == 201


def test_quotes_around_a_key_are_optional(api: Api) -> None:
    api.post("/v1/workloads", json=workload(), headers={"Idempotency-Key": '"k1"'})
    again = api.post("/v1/workloads", json=workload(), headers={"Idempotency-Key": "k1"})
    assert again.headers["idempotent-replayed"] == "true"


def test_the_secret_of_a_key_is_not_kept_for_repetitions(api: Api) -> None:
    sent = {"name": "ci", "scopes": ["read"]}
    first = api.post("/v1/keys", json=sent, headers=KEYED).json()
    second = api.post("/v1/keys", json=sent, headers=KEYED).json()
    assert first["secret"].startswith("tck_")
    assert second == {"key": first["key"], "secret": None}
