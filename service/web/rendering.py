"""Templates to pages: one environment, what every page knows, and the headers that every page carries."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from litestar import Response

from service.protocol.auth import Caller
from service.protocol.requests import Incoming
from service.protocol.sessions import csrf_token
from service.web.assets import address_of
from service.web.first_drawing import prepare_drawing
from service.web.formatting import FILTERS
from service.web.navigation import sections_for

THEMES = ("light", "dark")
THEME_COOKIE = "tokencast_theme"

# Scripts and styles are files of ours, so whatever text a customer names things with can never run.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    # Going back must show what is, and a shared machine must not show what was.
    "Cache-Control": "private, no-cache",
    "Vary": "Cookie",
}


def render(request: Incoming, template: str, *, status_code: int = 200, **context: Any) -> Response[str]:
    """The template as a page for the caller of this request, who may be nobody; `context` is what it shows."""
    prepare_drawing()
    caller = _caller(request)
    scopes = caller.scopes if caller else frozenset()
    page = environment().get_template(template)
    text = page.render(
        sections=sections_for(scopes),
        path=request.scope["path"],
        theme=theme_of(request),
        signed_in=caller is not None,
        scopes=scopes,
        csrf=csrf_token(request) if caller else "",
        **context,
    )
    return Response(text, status_code=status_code, media_type="text/html", headers=_HEADERS)


def theme_of(request: Incoming) -> str | None:
    """`light` or `dark` where the reader chose one; None leaves it to the reader's machine."""
    chosen = request.cookies.get(THEME_COOKIE)
    return chosen if chosen in THEMES else None


@cache
def environment() -> Environment:
    """Everything is escaped, and a name that a template misspells is an error instead of a blank."""
    made = Environment(
        loader=PackageLoader("service.web"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS)
    made.globals["asset"] = address_of
    return made


def _caller(request: Incoming) -> Caller | None:
    found = request.scope.get("user")
    return found if isinstance(found, Caller) else None
