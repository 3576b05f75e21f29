"""`tokencast webhooks` against the running service, whose deliverer really sends."""

import json
from collections.abc import Iterator

import pytest
from standardwebhooks import Webhook

from tests.service.cli.conftest import Invoke
from tests.service.local.runs import eventually
from tests.workers.receivers import Receiver, receiver, status


@pytest.fixture
def receiving() -> Iterator[Receiver]:
    with receiver() as kept:
        yield kept


def test_an_endpoint_is_made_tested_rotated_replayed_and_deleted(invoke: Invoke, receiving: Receiver) -> None:
    receiving.answers["/hook"] = status(410)
    url = f"{receiving.url}/hook"
    made = invoke("webhooks", "create", url, "--event", "forecast.completed", "--json")
    assert made.exit_code == 0, made.stderr
    webhook_id = json.loads(made.stdout)["webhook"]["id"]
    tested = invoke("webhooks", "test", webhook_id)
    assert tested.exit_code == 0, tested.stderr
    assert eventually(lambda: _of(invoke, webhook_id)["status"] == "dead", 30)
    assert "410" in invoke("webhooks", "list").stdout
    dead = _of(invoke, webhook_id)
    assert dead["id"] in [one["id"] for one in json.loads(invoke("webhooks", "deliveries", "--json").stdout)["items"]]
    # What is gone is disabled, and takes nothing again before somebody declares it anew.
    assert invoke("webhooks", "replay", dead["id"]).exit_code == 2
    assert invoke("webhooks", "replay", "--dead", webhook_id).stdout == "0 to be sent again\n"
    assert invoke("webhooks", "delete", webhook_id).stdout == f"deleted {url}\n"
    assert invoke("webhooks", "delete", webhook_id).exit_code == 2


def test_what_arrives_verifies_with_the_secret_that_was_printed(invoke: Invoke, receiving: Receiver) -> None:
    made = invoke("webhooks", "create", f"{receiving.url}/hook", "--cloudevents")
    first = made.stdout.strip()
    listed = json.loads(invoke("webhooks", "list", "--json").stdout)["items"]
    [webhook] = [one for one in listed if one["url"] == f"{receiving.url}/hook"]
    second = invoke("webhooks", "rotate", webhook["id"], "--overlap-hours", "1").stdout.strip()
    assert first != second
    assert invoke("webhooks", "test", webhook["id"]).exit_code == 0
    assert eventually(lambda: len(receiving.at("/hook")) == 1, 30)
    [got] = receiving.at("/hook")
    for secret in (first, second):
        assert Webhook(secret).verify(got.body, dict(got.headers))["type"] == "webhook.test"
    assert eventually(lambda: _of(invoke, webhook["id"])["status"] == "delivered", 30)
    shown = invoke("webhooks", "deliveries", webhook["id"])
    assert "delivered" in shown.stdout
    assert not any(secret in invoke("webhooks", "list", "--json").stdout for secret in (first, second))
    invoke("webhooks", "delete", webhook["id"])


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["create", "https://10.0.0.1/hooks"], "/url: leads to 10.0.0.1, which is no public address"),
        (["create", "https://8.8.8.8/", "--event", "coffee"], "/events/0: must be one of forecast.completed"),
        (["rotate", "01a20ac5-0000-7000-8000-000000000000"], "there is no webhook"),
        (["replay"], "give the ids of deliveries"),
        (["deliveries", "--status", "pending"], "give the ID of an endpoint"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_line(invoke: Invoke, words: list[str], told: str) -> None:
    refused = invoke("webhooks", *words)
    assert refused.exit_code == 2
    assert told in refused.stderr


def _of(invoke: Invoke, webhook_id: str) -> dict[str, str]:
    """The endpoint's newest delivery."""
    found: dict[str, str] = json.loads(invoke("webhooks", "deliveries", webhook_id, "--json").stdout)["items"][0]
    return found
