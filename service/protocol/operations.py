"""What each HTTP operation promises: its scope, shapes and headers, declared once beside its handler.

The guard reads the scope from here, and the OpenAPI document is written from it, so neither can drift.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, Literal

from litestar.concurrency import sync_to_thread
from litestar.handlers import HTTPRouteHandler

from service.problem_types import ProblemType
from service.protocol.deprecation import Deprecated

Method = Literal["GET", "POST", "PUT", "DELETE"]
Scope = Literal["read", "write", "approve", "admin"]

SCOPES: tuple[Scope, ...] = ("read", "write", "approve", "admin")


@dataclass(frozen=True, kw_only=True)
class Answered:
    """One successful answer: its shape (None: no body; a tuple: one of these), media type and the headers it sends.

    `pictures` are further media types that the same answer may come in.
    """

    shape: Any = None
    media_type: str = "application/json"
    pictures: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class Operation:
    """`scope` None means open to everyone; `takes` names request headers; `problems` those beyond the general ones.

    `file` is a body that is a file of any kind. `choices` are all values of a path parameter, where there are few.
    `description` is what the summary leaves unsaid. `keys_alone` is for what no session of the console may do. An
    operation that is `deprecated` says so in all its answers.
    """

    summary: str
    description: str = ""
    tag: str
    scope: Scope | None
    keys_alone: bool = False
    answers: Mapping[int, Answered]
    body: Any = None
    file: bool = False
    query: Any = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    takes: tuple[str, ...] = ()
    problems: tuple[ProblemType, ...] = field(default=())
    deprecated: Deprecated | None = None


def operation(
    method: Method, path: str, operation_id: str, *, in_thread: bool = True, **promises: Any
) -> Callable[[Callable[..., Any]], HTTPRouteHandler]:
    """A route handler that carries its Operation; `promises` are the fields of Operation.

    `in_thread` is for handlers that are plain functions and wait for the database; others must not block.
    """
    declared = Operation(**promises)

    def wrap(function: Callable[..., Any]) -> HTTPRouteHandler:
        return routed(
            function, method, path, operation_id, opt={"operation": declared}, in_thread=in_thread, described=True
        )

    return wrap


def routed(
    function: Callable[..., Any],
    method: Method,
    path: str,
    name: str,
    *,
    opt: dict[str, Any],
    in_thread: bool,
    described: bool = False,
) -> HTTPRouteHandler:
    """The function as a handler under its name, with what was declared of it in `opt`."""
    threaded = in_thread and not iscoroutinefunction(function)
    handler = HTTPRouteHandler(
        path,
        http_method=[method],
        name=name,
        operation_id=name if described else None,
        opt=opt,
        sync_to_thread=None if threaded or iscoroutinefunction(function) else False,
    )
    return handler(_in_thread(function) if threaded else function)


def operation_of(handler: Any) -> Operation | None:
    declared = handler.opt.get("operation")
    return declared if isinstance(declared, Operation) else None


def _in_thread(function: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    # Litestar's own `sync_to_thread=True` wraps a handler once more each time another method joins its path, and
    # then answers with a coroutine nobody awaits (2.25.0).
    @wraps(function)
    async def threaded(*args: Any, **kwargs: Any) -> Any:
        return await sync_to_thread(function, *args, **kwargs)

    return threaded
