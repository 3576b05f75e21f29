"""Webhooks: endpoints that events are sent to, and what became of each delivery."""

from collections.abc import Iterator
from typing import Literal

from tokencast.client.resources.resource import Resource, at
from tokencast.client.shapes.webhooks import (
    DeadLettersIn,
    DeadLettersReplayed,
    DeliveryOut,
    DeliveryWithLog,
    WebhookIn,
    WebhookOut,
    WebhookSecret,
)
from tokencast.client.versions import Held, if_match


class Webhooks(Resource):
    def create(self, webhook: WebhookIn, *, idempotency_key: str | None = None) -> WebhookSecret:
        """The endpoint and its secret, which no other request shows again (needs the scope admin).

        A secret that was lost on the way is exchanged for another, unless you gave an `idempotency_key`.
        """
        made = self._connection.post(at("webhooks"), WebhookSecret, webhook, idempotency_key=idempotency_key)
        if made["secret"] is not None or idempotency_key is not None:
            return made
        return self.rotate_secret(made["webhook"]["id"], overlap_hours=0)

    def each(self) -> Iterator[WebhookOut]:
        return self._connection.pages(at("webhooks"), WebhookOut)

    def get(self, webhook_id: str) -> WebhookOut:
        return self._connection.get(at("webhooks", webhook_id), WebhookOut)

    def replace(self, held: Held, webhook: WebhookIn) -> WebhookOut:
        """Raises Stale where the endpoint is no longer as it was read."""
        return self._connection.put(at("webhooks", held["id"]), WebhookOut, webhook, headers=if_match(held["version"]))

    def delete(self, held: Held) -> None:
        """Deletes the endpoint with its deliveries and their log."""
        self._connection.delete(at("webhooks", held["id"]), headers=if_match(held["version"]))

    def rotate_secret(
        self, webhook_id: str, *, overlap_hours: float = 24, idempotency_key: str | None = None
    ) -> WebhookSecret:
        """A new secret; the old one signs beside it for so many hours. Where the answer was lost, one more is made."""
        path = at("webhooks", webhook_id, "rotate-secret")
        while True:
            body = {"overlap_hours": overlap_hours}
            made = self._connection.post(path, WebhookSecret, body, idempotency_key=idempotency_key)
            if made["secret"] is not None or idempotency_key is not None:
                return made

    def test(self, webhook_id: str) -> DeliveryOut:
        """Sends the event `webhook.test`; read the delivery to see what came back."""
        return self._connection.post(at("webhooks", webhook_id, "test"), DeliveryOut)

    def deliveries(
        self, webhook_id: str, *, status: Literal["dead", "delivered", "pending"] | None = None
    ) -> Iterator[DeliveryOut]:
        """The newest first."""
        return self._connection.pages(at("webhooks", webhook_id, "deliveries"), DeliveryOut, {"status": status})

    def delivery(self, delivery_id: str) -> DeliveryWithLog:
        """One delivery with its body and every attempt."""
        return self._connection.get(at("deliveries", delivery_id), DeliveryWithLog)

    def replay(self, delivery_id: str) -> DeliveryOut:
        """Sends a delivery again that has ended."""
        return self._connection.post(at("deliveries", delivery_id, "replay"), DeliveryOut)

    def dead_letters(self, *, webhook_id: str | None = None) -> Iterator[DeliveryOut]:
        """What was given up, the newest first, of one endpoint or of all."""
        return self._connection.pages(at("webhooks", "dead-letters"), DeliveryOut, {"webhook_id": webhook_id})

    def replay_dead_letters(self, *, webhook_id: str | None = None) -> DeadLettersReplayed:
        """Sends every dead letter again, of one endpoint or of all that are enabled; how many there were."""
        which: DeadLettersIn = {"webhook_id": webhook_id}
        return self._connection.post(at("webhooks", "dead-letters", "replay"), DeadLettersReplayed, which)
