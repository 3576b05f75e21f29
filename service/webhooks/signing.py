"""Secrets and signatures of Standard Webhooks 1.0."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from standardwebhooks import Webhook

from service.webhooks.events import message_id

ID_HEADER: Final = "webhook-id"
TIMESTAMP_HEADER: Final = "webhook-timestamp"
SIGNATURE_HEADER: Final = "webhook-signature"
_PREFIX: Final = "whsec_"
_SECRET_BYTES: Final = 32


def new_secret() -> str:
    """256 random bits as receivers' libraries take them."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signed_headers(event_id: UUID, body: bytes, signing: Sequence[str], *, at: datetime) -> dict[str, str]:
    """The three headers of one attempt; while a secret is being exchanged, a signature by the old and the new each.

    `at` is in UTC. The id is the event's and the time the attempt's: receivers refuse what was signed long ago.
    """
    return signatures(message_id(event_id), body, signing, at=at)


def signatures(name: str, body: bytes, signing: Sequence[str], *, at: datetime) -> dict[str, str]:
    text = body.decode()
    return {
        ID_HEADER: name,
        TIMESTAMP_HEADER: str(int(at.timestamp())),
        SIGNATURE_HEADER: " ".join(_signer(secret).sign(name, at, text) for secret in signing),
    }


@lru_cache(maxsize=1024)
def _signer(secret: str) -> Webhook:
    return Webhook(secret)
