"""How a page of the console is declared: as an operation is, though the description of the API leaves it out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qsl, urlsplit

from litestar.handlers import HTTPRouteHandler

from forecasts.errors import Problem
from service.protocol.operations import Scope, routed
from service.refusals import BadParameters

HOME = "/"

_MOST_CHARACTERS = 2000
_MOST_BYTES_OF_A_FORM = 16_384
_MOST_FIELDS_OF_A_FORM = 20


@dataclass(frozen=True, kw_only=True)
class Page:
    """`scope` None means open to everyone; any other page leads those who are not signed in to `/sign-in`."""

    scope: Scope | None


def page(
    path: str,
    name: str,
    *,
    method: Literal["GET", "POST"] = "GET",
    scope: Scope | None = "read",
    in_thread: bool = True,
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A route handler whose answers, refusals included, are pages; `name` is unique among operations and pages.

    A POST is a plain form: the guard wants its `csrf_token` field, or where the page is open, that it is ours.
    """

    def wrap(function: Callable[..., Any]) -> HTTPRouteHandler:
        return routed(function, method, path, name, opt={"page": Page(scope=scope)}, in_thread=in_thread)

    return wrap


def page_of(handler: Any) -> Page | None:
    declared = handler.opt.get("page") if handler is not None else None
    return declared if isinstance(declared, Page) else None


def form_fields(body: bytes) -> dict[str, str]:
    """The fields of a plain form (`application/x-www-form-urlencoded`); of one that is given twice, the last.

    Ours are small. Anybody may send one, and a large one would take its hundredfold in memory: it raises BadParameters.
    """
    try:
        if len(body) <= _MOST_BYTES_OF_A_FORM:
            text = body.decode("utf-8", "replace")
            return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS_OF_A_FORM))
    except ValueError:
        pass
    raise BadParameters((Problem(pointer="", detail="is no form of this console: it is too large"),))


def local_path(text: str | None) -> str:
    """Where to go on inside the console; HOME for whatever could lead elsewhere, or back to signing in."""
    if not text or len(text) > _MOST_CHARACTERS or not text.isascii() or not text.isprintable():
        return HOME
    path = text.partition("?")[0].partition("#")[0]
    # Browsers read a backslash as a slash, and two slashes at the beginning as another host.
    if not path.startswith("/") or "//" in path or "\\" in text or " " in text or any(urlsplit(text)[:2]):
        return HOME
    return HOME if path.startswith(("/sign-in", "/sign-out")) else text
