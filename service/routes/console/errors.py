"""Refusals of pages are pages, and who is not signed in is led to where they can; the API's own stay documents."""

from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import structlog
from litestar import Request, Response

from service.problems import problem_document, problem_response
from service.protocol.operations import operation_of
from service.protocol.pages import HOME, local_path, page_of
from service.refusals import Unauthenticated
from service.routes.console.sign_in import PATH as SIGN_IN
from service.web.rendering import render

log = structlog.get_logger()


def error_response(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Litestar's handler for every exception."""
    if not _is_for_people(request):
        return problem_response(request, error)
    document = problem_document(error, instance=request.scope["path"])
    if isinstance(error, Unauthenticated):
        return _led_to_sign_in(request)
    if document.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        # The route and not the path: that of a sign-in link is a secret.
        log.error("unexpected_error", route=request.scope.get("path_template"), exc_info=error)
    answer = render(
        request, "problem.html", status_code=document.status, heading=document.title, detail=document.detail
    )
    answer.headers.update(getattr(error, "headers", None) or {})
    return answer


def _is_for_people(request: Request[Any, Any, Any]) -> bool:
    """A page was asked for, or a browser asks for something that is neither a page nor part of the API."""
    handler = request.scope.get("route_handler")
    if page_of(handler) is not None:
        return True
    if (handler is not None and operation_of(handler) is not None) or request.scope["path"].startswith("/v1/"):
        return False
    return "text/html" in request.headers.get("accept", "")


def _led_to_sign_in(request: Request[Any, Any, Any]) -> Response[None]:
    asked = request.scope["path"]
    if query := request.scope["query_string"].decode("latin-1"):
        asked += f"?{query}"
    go_on = local_path(asked) if request.method == "GET" else HOME
    where = SIGN_IN if go_on == HOME else f"{SIGN_IN}?{urlencode({'next': go_on})}"
    return Response(None, status_code=303, headers={"Location": where, "Cache-Control": "no-store"})
