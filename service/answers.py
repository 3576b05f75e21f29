"""Answers as plain values: what a handler returns, an idempotency key stores and a replay repeats."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from litestar import Response

JSON = "application/json"


@dataclass(frozen=True, kw_only=True)
class Answer:
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = JSON

    def with_headers(self, **headers: str) -> "Answer":
        """The same answer with more headers; underscores in their names stand for hyphens."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **more})

    def response(self) -> Response[bytes]:
        return Response(self.body, status_code=self.status, media_type=self.media_type, headers=dict(self.headers))


def json_answer(value: Any, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    return Answer(status=status, body=msgspec.json.encode(value), headers=headers or {})


def no_content() -> Response[None]:
    return Response(None, status_code=204)
