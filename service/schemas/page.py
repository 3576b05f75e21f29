"""Lists in pages: the parameters that ask for one, its cursor and its links (RFC 8288)."""

import base64
import binascii
from typing import Annotated
from urllib.parse import urlencode

import msgspec

from forecasts.errors import Problem
from service.refusals import BadParameters

MOST_PER_PAGE = 200

Limit = Annotated[int, msgspec.Meta(ge=1, le=MOST_PER_PAGE, description="The most items of one page.")]
Cursor = Annotated[
    str,
    msgspec.Meta(
        max_length=200,
        description="The next_cursor of the page before; opaque.",
        extra_json_schema={"pattern": "^[A-Za-z0-9_-]*$"},
    ),
]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200, description="Only the item of this name.")]


class PageQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    limit: Limit = 50
    cursor: Cursor | None = None


class NamedPageQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    name: Name | None = None


class EstatePageQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`name` is any part of one."""

    name: Annotated[str, msgspec.Meta(max_length=200)] = ""


def cursor_after(position: object) -> str:
    """An opaque name for the place in a list after the item at `position`."""
    return base64.urlsafe_b64encode(str(position).encode()).decode().rstrip("=")


def position_of(cursor: str) -> str:
    """What `cursor_after` was given; raises BadParameters for text that is no cursor of ours."""
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise bad_cursor() from None


def bad_cursor() -> BadParameters:
    return BadParameters((Problem(pointer="/cursor", detail="is not a cursor that this list gave out"),))


def next_link(path: str, parameters: dict[str, object], cursor: str) -> str:
    """The Link header of a page that has another after it."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return f'<{path}?{urlencode({**given, "cursor": cursor})}>; rel="next"'
