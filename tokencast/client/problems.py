"""What can go wrong between a client and the service, as exceptions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import httpx
import msgspec

_PROBLEM = "application/problem+json"


class TokencastError(Exception):
    """What every exception of this package is."""


class Unreachable(TokencastError):  # noqa: N818 - it says what the service is.
    """No answer of the service came, or one that this client cannot read."""


class Unfinished(TokencastError):  # noqa: N818 - it says what the forecast is.
    """A forecast was not finished when the time given to it ended; it goes on."""


@dataclass(frozen=True, kw_only=True)
class FieldProblem:
    """One bad field of a request: a JSON pointer into its body, or the name of a query parameter, and what is wrong."""

    pointer: str
    detail: str
    parameter: str | None = None


class Refused(TokencastError):  # noqa: N818 - it says what the request was.
    """The service answered with a problem (RFC 9457); `problems` has one entry for each bad field.

    `type` is the path under which the service explains this kind of problem, such as /problems/name-taken.
    """

    status_of_kind: ClassVar[int | None] = None

    def __init__(
        self, status: int, detail: str, problems: Sequence[FieldProblem] = (), *, type_: str = "about:blank"
    ) -> None:
        self.status = status
        self.detail = detail
        self.problems = tuple(problems)
        self.type = type_
        super().__init__(detail)

    def __str__(self) -> str:
        fields = (f"{one.parameter or one.pointer or 'the document'}: {one.detail}" for one in self.problems)
        return "; ".join(dict.fromkeys((self.detail, *fields)))

    @property
    def is_bad_input(self) -> bool:
        """Whether the request would be refused again: not for a missing right or a service in trouble."""
        return 400 <= self.status < 500 and self.status not in {401, 403, 408, 425, 429}


class NotFound(Refused):
    """There is nothing of this id in the workspace."""

    status_of_kind = 404


class Conflict(Refused):
    """The request does not fit the state of things: a name that is taken, a budget that is approved already."""

    status_of_kind = 409


class Stale(Refused):
    """The resource was changed after it was read: read it again, and repeat the change on that."""

    status_of_kind = 412


def refusal_of(answer: httpx.Response) -> Refused | Unreachable:
    """What an answer that is no success means; its body has been read."""
    if answer.headers.get("content-type", "").partition(";")[0] != _PROBLEM:
        return Unreachable(f"what answers at {answer.url} is no Tokencast service (status {answer.status_code})")
    problem = read_json(answer.content)
    kinds: dict[int | None, type[Refused]] = {kind.status_of_kind: kind for kind in Refused.__subclasses__()}
    return kinds.get(answer.status_code, Refused)(
        answer.status_code,
        str(problem.get("detail") or problem.get("title")),
        [_field(error) for error in problem.get("errors") or ()],
        type_=str(problem.get("type", "about:blank")),
    )


def read_json(text: bytes) -> Any:
    """A JSON object of the service; raises Unreachable for anything else."""
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Unreachable("what answers there is no Tokencast service") from None


def _field(error: Mapping[str, Any]) -> FieldProblem:
    return FieldProblem(
        pointer=str(error.get("pointer", "")), detail=str(error.get("detail", "")), parameter=error.get("parameter")
    )
