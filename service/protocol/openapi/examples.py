"""Examples of bodies and answers, recorded from the running service by `scripts/record_examples.py`."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec


class Example(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One request that the service was really sent, and what it answered.

    Long lists of an answer are cut: `shortened` says so. An answer that is no JSON document has no `answer`.
    """

    operation: str
    name: str
    summary: str
    body: Any = None
    status: int
    answer: Any = None
    shortened: bool = False


@cache
def load_examples() -> tuple[Example, ...]:
    recorded = files("service.protocol.openapi") / "examples.json"
    return msgspec.json.decode(recorded.read_bytes(), type=tuple[Example, ...])


def of_body(operation_id: str) -> dict[str, dict[str, Any]]:
    """The Example Objects of an operation's body."""
    return _named(
        (example, example.body, "") for example in load_examples() if example.operation == operation_id and example.body
    )


def of_answer(operation_id: str, status: int) -> dict[str, dict[str, Any]]:
    """The Example Objects of an answer."""
    return _named(
        (example, example.answer, " Lists are cut to two items." if example.shortened else "")
        for example in load_examples()
        if example.operation == operation_id and example.status == status and example.answer is not None
    )


def _named(found: Iterable[tuple[Example, Any, str]]) -> dict[str, dict[str, Any]]:
    return {example.name: {"summary": example.summary + more, "value": value} for example, value, more in found}
