"""Links that sign somebody in to the console with the key that asks for them."""

from datetime import datetime
from functools import partial

import msgspec
from litestar import Response

from service.answers import Answer, json_answer
from service.problem_types import IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED
from service.protocol.admission.origins import address_of_service
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming
from service.store import audit, sign_in_links

PATH = "/v1/sign-in-links"


class SignInLinkOut(msgspec.Struct, frozen=True, kw_only=True):
    """`url` is null in the replay of an Idempotency-Key: only its hash was kept."""

    url: str | None
    expires_at: datetime


@operation(
    "POST",
    PATH,
    "createSignInLink",
    summary="Make a link that signs a browser in to the console once, as this key",
    # Else a session could outlive its seven days from link to link.
    keys_alone=True,
    takes=("Idempotency-Key",),
    answers={201: Answered(shape=SignInLinkOut, headers=("Idempotent-Replayed",))},
    problems=(IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    tag="keys",
    scope="read",
)
def create_sign_in_link(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_create_sign_in_link, request)).response()


def _create_sign_in_link(request: Incoming, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        token, expires_at = sign_in_links.make_link(session, caller.key_id, now=now)
        subject = f"key/{caller.key_id}"
        audit.record(session, actor=caller.actor, action="sign_in_link.create", subject=subject, now=now)
        keep(session, json_answer(SignInLinkOut(url=None, expires_at=expires_at), status=201))
    url = f"{address_of_service(request, parts.settings.public_url)}/sign-in/{token}"
    return json_answer(SignInLinkOut(url=url, expires_at=expires_at), status=201, headers={"Cache-Control": "no-store"})


ROUTES = (create_sign_in_link,)
