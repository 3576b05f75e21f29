"""What a request says, read strictly: its JSON body, query parameters, conditions and preferences."""

import re
from types import UnionType
from typing import Any, TypeVar, overload
from urllib.parse import parse_qsl

import msgspec
from litestar import Request
from litestar.params import FromPath, RawBody

from forecasts.errors import Problem
from service.refusals import BadHeader, BadParameters, ConditionMissing, NotJson
from service.schemas.shape import decode, shape_problems, unstorable_values

T = TypeVar("T")
Incoming = Request[Any, Any, Any]
PathText = FromPath[str]
BodyBytes = RawBody

MOST_SECONDS_TO_WAIT = 60
MOST_KEY_CHARACTERS = 255
# Quoted or bare; what begins with a quote must end with one. The description of the API gives the same pattern.
KEY_PATTERN = rf'^(?:"([ -~]{{1,{MOST_KEY_CHARACTERS}}})"|([!#-~](?:[ -~]{{0,{MOST_KEY_CHARACTERS - 2}}}[!-~])?))$'

_ENTITY_TAG = re.compile(r'[\s,]*(W/)?"([^"]*)"\s*(?=,|$)')


@overload
def read_body(request: Incoming, body: bytes, shape: type[T]) -> T: ...
@overload
def read_body(request: Incoming, body: bytes, shape: UnionType) -> Any: ...
def read_body(request: Incoming, body: bytes, shape: Any) -> Any:
    """The JSON body as `shape`; raises NotJson, BadJson or BadShape."""
    content_type = request.headers.get("content-type", "application/json")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise NotJson(content_type)
    return decode(body, shape)


def read_query(request: Incoming, shape: type[T]) -> T:
    """The query parameters as `shape`; each may be given once, and none but the declared ones."""
    raw: dict[str, str] = {}
    repeated = []
    for name, value in parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True):
        if name in raw:
            repeated.append(Problem(pointer=f"/{name}", detail="is given more than once"))
        raw[name] = value
    problems = repeated + unstorable_values(raw) + shape_problems(raw, shape, strict=False)
    if problems:
        raise BadParameters(tuple(problems))
    return msgspec.convert(raw, shape, strict=False)


def version_tag(version: int) -> str:
    """The entity tag of one version of a resource that can change."""
    return f'"{version}"'


def tags_of(request: Incoming, header: str) -> tuple[str, ...] | None:
    """The strong entity tags of a conditional header; `("*",)` for any; None when the header is absent."""
    text = request.headers.get(header)
    if text is None:
        return None
    if text.strip() == "*":
        return ("*",)
    tags = []
    position = 0
    # At least once: an empty header names no tag. A comma inside the quotes belongs to the tag.
    while not position or position < len(text):
        match = _ENTITY_TAG.match(text, position)
        if match is None:
            raise BadHeader(header, 'must be entity tags in double quotes, such as "3", or *')
        position = match.end()
        # If-None-Match compares weakly and If-Match strongly, so a weak tag counts for the first alone.
        if match[1] is None or header == "If-None-Match":
            tags.append(f'"{match[2]}"')
    return tuple(tags)


def condition_of(request: Incoming) -> tuple[str, ...]:
    """The tags of If-Match, which every change of a shared resource must send."""
    tags = tags_of(request, "If-Match")
    if tags is None:
        raise ConditionMissing
    return tags


def seconds_to_wait(request: Incoming) -> int | None:
    """N of `Prefer: wait=N` (RFC 7240), at most MOST_SECONDS_TO_WAIT; preferences not understood are ignored."""
    for preference in request.headers.getall("prefer", []):
        for part in preference.split(","):
            name, _, value = part.partition(";")[0].partition("=")
            if name.strip().lower() == "wait":
                number = value.strip().strip('"')
                if not (number.isascii() and number.isdigit() and len(number) <= 9):
                    raise BadHeader("Prefer", "must give wait in whole seconds, such as wait=10")
                return min(int(number), MOST_SECONDS_TO_WAIT)
    return None


def idempotency_key(request: Incoming) -> str | None:
    """The client's name for this request; the draft's quotes around it are optional."""
    text = request.headers.get("idempotency-key")
    if text is None:
        return None
    # What HTTP allows around a value, and no other white space.
    match = re.fullmatch(KEY_PATTERN, text.strip(" \t"))
    if match is None:
        limit = f"must be 1 to {MOST_KEY_CHARACTERS} printable ASCII characters, alone or all of them in double quotes"
        raise BadHeader("Idempotency-Key", limit)
    return match[1] or match[2]
