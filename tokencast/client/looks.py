"""How a picture is to look: its theme and its size."""

from typing import Literal, TypedDict


class Look(TypedDict, total=False):
    """`width` is in logical pixels and stands over that of `size`."""

    theme: Literal["light", "dark"]
    size: Literal["wide", "phone"]
    width: int


def query_of(look: Look) -> dict[str, str | int | float | None]:
    """The look as query parameters."""
    return {"theme": look.get("theme"), "size": look.get("size"), "width": look.get("width")}
