"""How a computation that ended badly is told to its owner: the same shape as the API's problems (RFC 9457)."""

from typing import Any

from forecasts.errors import InvalidInput
from service.problem_types import INTERNAL, INVALID_INPUT, ProblemType


def problem_of(error: Exception) -> dict[str, Any]:
    """What went wrong, in the owner's words where it is about the inputs, and without our insides where it is not."""
    if isinstance(error, InvalidInput):
        fields = [{"pointer": problem.pointer, "detail": problem.detail} for problem in error.problems]
        return _document(INVALID_INPUT, str(error), fields)
    return _document(
        INTERNAL, "the computation stopped on an error of ours, which is in the log under the forecast's id", []
    )


def _document(kind: ProblemType, detail: str, errors: list[dict[str, str]]) -> dict[str, Any]:
    return {"type": kind.type, "title": kind.title, "status": kind.status, "detail": detail, "errors": errors}
