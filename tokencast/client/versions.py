"""What was read of a resource that others change too, so that a change is made to that version and no other."""

from collections.abc import Mapping
from typing import TypedDict, TypeVar, cast

T = TypeVar("T")


class Held(TypedDict):
    """A resource as it was read: its id, and the version that its ETag names. Every mutable resource is one."""

    id: str
    version: int


def if_match(version: int) -> dict[str, str]:
    """The header that lets a change through only while the resource is still at this version."""
    return {"If-Match": f'"{version}"'}


def declaration(held: Mapping[str, object], shape: type[T]) -> T:
    """What was declared of a resource that was read, without what the service added: the start of a change to it."""
    declared = {name: held[name] for name in shape.__annotations__ if name in held}
    return cast("T", declared)
