"""What the routes of every versioned resource do alike: ids, conditions, pages and entity tags."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol
from uuid import UUID

import msgspec

from service.answers import Answer, json_answer
from service.protocol.requests import Incoming, condition_of, tags_of, version_tag
from service.schemas.page import PageQuery, bad_cursor, cursor_after, next_link, position_of
from service.store.errors import NotFound

# A version that no row ever has: what a tag that is not ours is compared as.
_NO_VERSION = -1


class Versioned(Protocol):
    @property
    def id(self) -> UUID: ...
    @property
    def version(self) -> int: ...


def id_from(text: str, resource: str) -> UUID:
    """The id of a path; text that cannot be one is an id that does not exist."""
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(resource, text[:64]) from None


def expected_version(request: Incoming, current: Callable[[], int]) -> int:
    """The version that If-Match asks for; `current` is read only when the header names several, or any."""
    tags = condition_of(request)
    if len(tags) == 1 and tags[0] != "*":
        digits = tags[0].strip('"')
        return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else _NO_VERSION
    version = current()
    return version if tags == ("*",) or version_tag(version) in tags else _NO_VERSION


def created(path: str, record: Versioned, body: object) -> Answer:
    return json_answer(
        body, status=201, headers={"Location": f"{path}/{record.id}", "ETag": version_tag(record.version)}
    )


def changed(record: Versioned, body: object) -> Answer:
    return json_answer(body, headers={"ETag": version_tag(record.version)})


def shown(request: Incoming, record: Versioned, body: object) -> Answer:
    """The resource, or 304 when the client holds this version."""
    held = tags_of(request, "If-None-Match") or ()
    if "*" in held or version_tag(record.version) in held:
        return Answer(status=304, headers={"ETag": version_tag(record.version)})
    return changed(record, body)


def after_id(query: PageQuery) -> UUID | None:
    if query.cursor is None:
        return None
    try:
        return UUID(position_of(query.cursor))
    except ValueError:
        raise bad_cursor() from None


def page_answer(request: Incoming, query: PageQuery, items: Iterable[Any], position: object | None) -> Answer:
    """A page; `position` is where the next one starts, None for the last."""
    cursor = None if position is None else cursor_after(position)
    headers = {}
    if cursor is not None:
        parameters = {name: value for name, value in msgspec.structs.asdict(query).items() if name != "cursor"}
        headers["Link"] = next_link(request.scope["path"], parameters, cursor)
    return json_answer({"items": list(items), "next_cursor": cursor}, headers=headers)
