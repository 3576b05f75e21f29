"""Pages of rows by id: ids rise with time, so the last id of a page is the cursor behind it."""

from typing import Protocol, TypeVar
from uuid import UUID


class HasId(Protocol):
    """Any record."""

    @property
    def id(self) -> UUID: ...


R = TypeVar("R", bound=HasId)


def cut(rows: list[R], limit: int) -> tuple[list[R], UUID | None]:
    """The page and its cursor, from one row more than a page holds; no cursor behind the last page."""
    return rows[:limit], rows[limit - 1].id if len(rows) > limit else None
