"""How a computation that ended badly is told to its owner: the same shape as the API's problems (RFC 9457)."""

from typing import Any

from forecasts.errors import InvalidInput


def problem_of(error: Exception) -> dict[str, Any]:
    """What went wrong, in the owner's words where it is about the inputs, and without our insides where it is not."""
    if isinstance(error, InvalidInput):
        return {
            "type": "/problems/invalid-input",
            "title": "Fields hold values that make no sense",
            "status": 422,
            "detail": str(error),
            "errors": [{"pointer": problem.pointer, "detail": problem.detail} for problem in error.problems],
        }
    return {
        "type": "/problems/internal",
        "title": "Something unexpected happened in the service",
        "status": 500,
        "detail": "the computation stopped on an error of ours, which is in the log under the forecast's id",
        "errors": [],
    }
