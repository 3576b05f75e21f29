"""The service's own pages: an index for people, the OpenAPI document for tools, and what each problem means."""

from html import escape
from typing import Any

import msgspec
from litestar import Response

from service.answers import json_answer
from service.problem_types import NOT_FOUND
from service.problems import problem_types
from service.protocol.operations import Answered, operation
from service.protocol.requests import Incoming, PathText
from service.store.errors import NotFound

_OPEN: dict[str, Any] = {"tag": "service", "scope": None}

# Nothing is loaded from anywhere, and the page says so to the browser.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h2 { margin: 2rem 0 .5rem; text-transform: capitalize; font-size: 1.1rem; }
td { padding: .15rem 1rem .15rem 0; vertical-align: top; }
code { font-family: ui-monospace, monospace; white-space: nowrap; }
@media (prefers-color-scheme: dark) { body { background: #14161a; color: #e6e6e6; } a { color: #8ab4ff; } }
"""


class ProblemKind(msgspec.Struct, frozen=True):
    type: str
    title: str
    status: int


@operation(
    "GET",
    "/",
    "getIndex",
    in_thread=False,
    summary="An index of the service for people",
    answers={200: Answered(media_type="text/html")},
    **_OPEN,
)
def get_index(request: Incoming) -> Response[str]:
    return Response(
        _index(request.app.state.openapi), media_type="text/html", headers={"Content-Security-Policy": _POLICY}
    )


@operation(
    "GET",
    "/schema",
    "getSchema",
    in_thread=False,
    summary="The OpenAPI 3.1 document",
    answers={200: Answered(shape=dict[str, Any])},
    **_OPEN,
)
def get_schema(request: Incoming) -> Response[bytes]:
    return json_answer(request.app.state.openapi).response()


@operation(
    "GET",
    "/schema/openapi.json",
    "getOpenApi",
    in_thread=False,
    summary="The OpenAPI 3.1 document, under the name tools look for",
    answers={200: Answered(shape=dict[str, Any])},
    **_OPEN,
)
def get_openapi(request: Incoming) -> Response[bytes]:
    return json_answer(request.app.state.openapi).response()


@operation(
    "GET",
    "/problems/{slug:str}",
    "getProblem",
    in_thread=False,
    summary="What a problem's type stands for",
    answers={200: Answered(shape=ProblemKind)},
    problems=(NOT_FOUND,),
    **_OPEN,
)
def get_problem(slug: PathText) -> Response[bytes]:
    for kind in problem_types():
        if kind.slug == slug:
            return json_answer(ProblemKind(type=kind.type, title=kind.title, status=kind.status)).response()
    raise NotFound("problem", slug[:64])


def _index(document: dict[str, Any]) -> str:
    sections = "".join(_section(tag["name"], document["paths"]) for tag in document["tags"])
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width'>"
        f"<title>Tokencast</title><style>{_STYLE}</style></head><body><h1>Tokencast</h1>"
        f"<p>{escape(document['info']['summary'])} Version {escape(document['info']['version'])}.</p>"
        "<p>Send <code>Authorization: Bearer &lt;key&gt;</code>. The full description is the "
        f"<a href='/schema'>OpenAPI document</a>.</p>{sections}</body></html>"
    )


def _section(tag: str, paths: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{method.upper()}</code></td><td><code>{escape(path)}</code></td>"
        f"<td>{escape(described['summary'])}</td></tr>"
        for path, item in paths.items()
        for method, described in item.items()
        if tag in described["tags"]
    )
    return f"<h2>{escape(tag)}</h2><table>{rows}</table>"


ROUTES = (get_index, get_schema, get_openapi, get_problem)
