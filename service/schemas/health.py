"""Answers about the service itself."""

from typing import Literal

import msgspec


class Health(msgspec.Struct, frozen=True):
    status: Literal["ok"] = "ok"


class Readiness(msgspec.Struct, frozen=True):
    status: Literal["ready"] = "ready"
    parts: tuple[str, ...] = ("postgres", "redis")
