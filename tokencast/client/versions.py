"""What was read of a resource that others change too, so that a change is made to that version and no other."""

from typing import TypedDict


class Held(TypedDict):
    """A resource as it was read: its id, and the version that its ETag names. Every mutable resource is one."""

    id: str
    version: int


def if_match(version: int) -> dict[str, str]:
    """The header that lets a change through only while the resource is still at this version."""
    return {"If-Match": f'"{version}"'}
