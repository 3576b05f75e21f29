"""Signatures are those of Standard Webhooks 1.0."""

import base64
from datetime import UTC, datetime
from uuid import UUID

from standardwebhooks import Webhook

from service.webhooks.events import message_id
from service.webhooks.signing import new_secret, signatures

AT = datetime(2026, 12, 1, 6, tzinfo=UTC)
BODY = b'{"type":"forecast.completed","timestamp":"2026-12-01T06:00:00Z","data":{"id":"fc_01"}}'


def test_the_published_vector_is_signed_as_published() -> None:
    signed = signatures("msg_fc01", BODY, ["whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="], at=AT)
    assert signed == {
        "webhook-id": "msg_fc01",
        "webhook-timestamp": "1796104800",
        "webhook-signature": "v1,wG4xMtMLFcQOu7ej4s+shW0yEaQ9Fon8UN4VByrv+44=",
    }


def test_a_secret_is_256_random_bits_in_the_published_notation() -> None:
    made = {new_secret() for _ in range(50)}
    assert len(made) == 50
    assert {len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) for secret in made} == {32}


def test_during_a_rotation_each_secret_signs_for_itself() -> None:
    old, new = new_secret(), new_secret()
    now = datetime.now(UTC)
    signed = signatures("msg_1", BODY, [new, old], at=now)
    for secret in (old, new):
        assert Webhook(secret).verify(BODY, signed)["data"] == {"id": "fc_01"}


def test_the_id_of_a_message_is_the_events() -> None:
    assert message_id(UUID("0192a20a-c500-7000-8000-000000000001")) == "msg_0192a20ac50070008000000000000001"
