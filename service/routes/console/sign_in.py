"""Signing in to the console with a key or a link, and signing out."""

from typing import Any, Literal
from uuid import UUID

import structlog
from litestar import Response

from service.protocol.pages import HOME, form_fields, local_path, page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText
from service.protocol.sessions import csrf_token, ended_cookie, session_cookie, session_token
from service.store import audit, console_sessions, sign_in_links
from service.web.rendering import render

PATH = "/sign-in"

log = structlog.get_logger()


@page(PATH, "signIn", scope=None, in_thread=False)
def show_sign_in(request: Incoming) -> Response[str]:
    return render(request, "sign_in.html", next=local_path(request.query_params.get("next")), refusal=None)


@page(PATH, "signInWithKey", method="POST", scope=None)
def sign_in_with_key(request: Incoming, body: BodyBytes) -> Response[Any]:
    if (too_many := _too_many_attempts(request, "sign_in.html", next=HOME)) is not None:
        return too_many
    form = form_fields(body)
    go_on = local_path(form.get("next"))
    parts = parts_of(request)
    caller = parts.keyring.find(form.get("key", "").strip())
    if caller is None:
        log.warning("sign_in_refused", address=_address_of(request))
        return render(request, "sign_in.html", status_code=401, next=go_on, refusal="This key opens nothing.")
    parts.sign_in_attempts.succeeded(_address_of(request))
    if "read" not in caller.scopes:
        refusal = "This key may not read, and the console shows what a key may read."
        return render(request, "sign_in.html", status_code=403, next=go_on, refusal=refusal)
    with parts.database.tenant(caller.workspace_id) as session:
        token = console_sessions.open_session(session, caller.key_id, now=parts.clock())
        _note(request, session, caller.key_id, "console.sign_in", by="key")
    return _signed_in(request, token, go_on)


@page(PATH + "/{token:str}", "signInLink", scope=None)
def show_link(request: Incoming, token: PathText) -> Response[str]:
    """Looks and uses nothing up: programs that show a preview of a link follow it too."""
    parts = parts_of(request)
    with parts.database.system() as session:
        link = sign_in_links.find_link(session, token, now=parts.clock())
    if link is None:
        return _spent(request)
    return render(request, "sign_in_link.html", workspace=link.workspace_name, refusal=None)


@page(PATH + "/{token:str}", "signInWithLink", method="POST", scope=None)
def sign_in_with_link(request: Incoming, token: PathText) -> Response[Any]:
    if (too_many := _too_many_attempts(request, "sign_in_link.html", workspace=None)) is not None:
        return too_many
    parts = parts_of(request)
    now = parts.clock()
    with parts.database.system() as session:
        link = sign_in_links.find_link(session, token, now=now)
    if link is None:
        return _spent(request)
    with parts.database.tenant(link.workspace_id) as session:
        key_id = sign_in_links.claim_link(session, token, now=now)
        if key_id is None:
            return _spent(request)
        opened = console_sessions.open_session(session, key_id, now=now)
        _note(request, session, key_id, "console.sign_in", by="link")
    parts.sign_in_attempts.succeeded(_address_of(request))
    return _signed_in(request, opened, HOME)


@page("/sign-out", "signOut", method="POST")
def sign_out(request: Incoming) -> Response[None]:
    parts, caller = parts_of(request), caller_of(request)
    token = session_token(request)
    if caller.by == "session" and token is not None:
        with parts.database.tenant(caller.workspace_id) as session:
            console_sessions.close_session(session, token)
            _note(request, session, caller.key_id, "console.sign_out")
        parts.keyring.forget_session(token)
    cookie = ended_cookie(request, public_url=parts.settings.public_url)
    return Response(None, status_code=303, headers={"Location": PATH, "Cache-Control": "no-store"}, cookies=[cookie])


@page("/csrf-token", "csrfToken", in_thread=False)
def get_csrf_token(request: Incoming) -> Response[str]:
    """For a page that was opened in an earlier session and still holds what somebody typed."""
    return Response(csrf_token(request), media_type="text/plain", headers={"Cache-Control": "no-store"})


def _signed_in(request: Incoming, token: str, go_on: str) -> Response[None]:
    """The new session's cookie; the session that the browser had before ends, so nobody keeps a way into it."""
    parts = parts_of(request)
    before = session_token(request)
    if before is not None and (caller := parts.keyring.find_session(before)) is not None:
        with parts.database.tenant(caller.workspace_id) as session:
            console_sessions.close_session(session, before)
        parts.keyring.forget_session(before)
    cookie = session_cookie(request, token, public_url=parts.settings.public_url)
    return Response(None, status_code=303, headers={"Location": go_on, "Cache-Control": "no-store"}, cookies=[cookie])


def _too_many_attempts(request: Incoming, template: str, **shown: Any) -> Response[str] | None:
    seconds = parts_of(request).sign_in_attempts.begin(_address_of(request))
    if seconds is None:
        return None
    log.warning("sign_in_attempts_exceeded", address=_address_of(request))
    minutes = -(-seconds // 60)
    refusal = f"Too many attempts from your address. Try again in {minutes} minute{'' if minutes == 1 else 's'}."
    answer = render(request, template, status_code=429, refusal=refusal, **shown)
    answer.headers["Retry-After"] = str(seconds)
    return answer


def _spent(request: Incoming) -> Response[str]:
    """The same words for every link that signs nobody in: why it does not is nobody's business."""
    refusal = "This link was used or has expired. Ask for a new one with the command: tokencast sign-in"
    return render(request, "sign_in_link.html", status_code=404, workspace=None, refusal=refusal)


def _address_of(request: Incoming) -> str:
    return request.client.host if request.client is not None else ""


def _note(
    request: Incoming,
    session: Any,
    key_id: UUID,
    action: Literal["console.sign_in", "console.sign_out"],
    **detail: str,
) -> None:
    subject = f"key/{key_id}"
    audit.record(session, actor=subject, action=action, subject=subject, detail=detail, now=parts_of(request).clock())


PAGES = (show_sign_in, sign_in_with_key, show_link, sign_in_with_link, sign_out, get_csrf_token)
