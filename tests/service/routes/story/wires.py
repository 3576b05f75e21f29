"""The last part of the story: events are sent to an endpoint, waited for in vain, and sent again."""

from typing import Any

from tests.service.routes.story.recorder import Recorder

# Public and routed nowhere; nothing here sends to it.
_URL = "https://192.52.193.1/hooks/tokencast"


def tell_wires(recorder: Recorder) -> None:
    say = recorder.say
    wanted = {"url": _URL, "description": "the ledger", "events": ["forecast.completed", "budget.approved"]}
    at = {
        "webhook_id": say("createWebhook", "Two kinds of events go to a ledger.", body=wanted).json()["webhook"]["id"]
    }
    say("listWebhooks", "The endpoints of the workspace.")
    say("getWebhook", "One endpoint.", at=at)
    say("rotateWebhookSecret", "The old secret signs for another day.", body={"overlap_hours": 24}, at=at)
    delivery = {"delivery_id": say("testWebhook", "An event that says nothing but hello.", at=at).json()["id"]}
    say("listDeliveries", "What was and is to be sent.", at=at)
    _replace(recorder, "The ledger is closed; what waits for it is given up.", wanted | {"enabled": False}, at)
    say("listDeadLetters", "What was given up.", params=at)
    say("getDelivery", "One delivery with its body and its attempts, of which there was none.", at=delivery)
    _replace(recorder, "The ledger is open again.", wanted, at, name="open_again")
    say("replayDelivery", "One delivery is sent again.", at=delivery)
    say("replayDeadLetters", "Every dead letter of an endpoint is sent again.", body=at)
    say("deleteWebhook", "The endpoint goes.", at=at, headers={"If-Match": "*"})


def _replace(recorder: Recorder, summary: str, body: Any, at: dict[str, str], name: str = "example") -> None:
    recorder.say("replaceWebhook", summary, name=name, body=body, at=at, headers={"If-Match": "*"})
