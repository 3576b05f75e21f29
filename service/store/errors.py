"""What can go wrong in the store, as facts; the table that makes them HTTP problems lives in `service/problems.py`."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


# Not frozen: contextlib sets the traceback of an exception that passes through a `with` block.
class StoreError(Exception):
    """Any refusal by the store that a caller can act upon; database failures are not among them."""


@dataclass(eq=False)
class NotFound(StoreError):
    """No such row in this workspace (a row of another workspace looks exactly the same)."""

    resource: str
    key: UUID | str


@dataclass(eq=False)
class NameTaken(StoreError):
    """Another row of the same kind bears the name in this workspace."""

    resource: str
    name: str


@dataclass(eq=False)
class StaleVersion(StoreError):
    """The row moved on since the caller read it."""

    resource: str
    key: UUID | str
    current: int


@dataclass(eq=False)
class StillReferenced(StoreError):
    """Removing the row would leave others pointing at nothing; `by` names the first few of them."""

    resource: str
    name: str
    by: Sequence[str]


@dataclass(eq=False)
class AlreadyFinished(StoreError):
    """A forecast that has succeeded or failed can no longer be cancelled."""

    resource: str
    key: UUID
    status: str


@dataclass(eq=False)
class WrongStatus(StoreError):
    """What was asked is for a row in the status `needed`, and this one has another."""

    resource: str
    key: UUID
    status: str
    needed: str


@dataclass(eq=False)
class LimitReached(StoreError):
    """The workspace has `most` rows of the kind, which is as many as it may have."""

    resource: str
    most: int


@dataclass(eq=False)
class IdempotencyConflict(StoreError):
    """The lock of an idempotency key ran out and another request took it: this one must not commit its work."""

    route: str
    key: str
