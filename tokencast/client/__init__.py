"""A thin typed client of the HTTP API: `Client`, and what it raises. docs/client.md shows how it is used."""

from tokencast.client.client import Client
from tokencast.client.problems import (
    Conflict,
    FieldProblem,
    NotFound,
    Refused,
    Stale,
    TokencastError,
    Unfinished,
    Unreachable,
)
from tokencast.client.retrying import Retries
from tokencast.client.versions import declaration

__all__ = [
    "Client",
    "Conflict",
    "FieldProblem",
    "NotFound",
    "Refused",
    "Retries",
    "Stale",
    "TokencastError",
    "Unfinished",
    "Unreachable",
    "declaration",
]
