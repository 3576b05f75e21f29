"""The headers of answers, as the document describes them."""

from collections.abc import Iterable
from typing import Any

_TEXT: dict[str, Any] = {"type": "string"}
_SECONDS: dict[str, Any] = {"type": "integer", "minimum": 0}

_HEADERS: dict[str, dict[str, Any]] = {
    "Location": {
        "description": "The address of the new resource.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "ETag": {"description": "The version of this representation.", "schema": _TEXT},
    "Link": {"description": 'The next page, as `rel="next"` (RFC 8288).', "schema": _TEXT},
    "Retry-After": {"description": "Seconds after which to look again.", "schema": _SECONDS},
    "Preference-Applied": {"description": "The preference that was honoured.", "schema": _TEXT},
    "Idempotent-Replayed": {
        "description": "`true` when the first answer to this Idempotency-Key was repeated.",
        "schema": {"type": "string", "const": "true"},
    },
    "Cache-Control": {"description": "How long the answer can be kept, and by whom.", "schema": _TEXT},
    "Content-Disposition": {"description": "The name of the file.", "schema": _TEXT},
    "Content-Security-Policy": {"description": "What a page may load.", "schema": _TEXT},
    "WWW-Authenticate": {
        "description": "How to be admitted; with `error` and `scope` where a scope is missing.",
        "schema": _TEXT,
    },
    "X-Request-ID": {"description": "The request's id, as the log has it.", "schema": _TEXT},
    "Deprecation": {
        "description": "Since when the operation is deprecated (RFC 9745), such as `@1798761600`.",
        "schema": {"type": "string", "pattern": r"^@-?\d+$"},
    },
    "Sunset": {"description": "When it will be gone (RFC 8594), as an HTTP date.", "schema": _TEXT},
}
EVERYWHERE = ("X-Request-ID",)
_OF_STATUS: dict[int, tuple[str, ...]] = {401: ("WWW-Authenticate",), 403: ("WWW-Authenticate",), 503: ("Retry-After",)}


def components() -> dict[str, dict[str, Any]]:
    return dict(sorted(_HEADERS.items()))


def of_answer(names: Iterable[str]) -> dict[str, dict[str, str]]:
    """References to the headers of an answer that succeeded."""
    return {name: {"$ref": f"#/components/headers/{name}"} for name in (*names, *EVERYWHERE)}


def of_refusal(status: int) -> dict[str, dict[str, str]]:
    return of_answer(_OF_STATUS.get(status, ()))
