"""How a page of the console is declared: like an operation, but for people and in no OpenAPI document."""

from collections.abc import Callable
from typing import Any

from litestar.handlers import HTTPRouteHandler

from service.protocol.operations import Scope, operation


def page(
    path: str, name: str, *, scope: Scope | None = "read", in_thread: bool = True
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A route handler for GET whose answer is a page."""
    return operation("GET", path, name, in_thread=in_thread, summary=name, tag="console", scope=scope, answers={})
