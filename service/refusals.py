"""Why a request is refused before it reaches the domain: facts only; `problems.py` says what HTTP makes of them."""

from forecasts.errors import Problem

_WITHOUT_BUDGET = {
    "queued": "waits for a worker; ask again when it has succeeded",
    "running": "is being computed; ask again when it has succeeded",
    "failed": "has failed",
    "cancelled": "was cancelled",
}


class Unauthenticated(Exception):  # noqa: N818 - states the fact.
    """No key, or one that opens nothing; which of the two is not told apart on purpose."""


class ScopeMissing(Exception):  # noqa: N818 - states the fact.
    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__(f"the key lacks the scope {scope}")


class CsrfRefused(Exception):  # noqa: N818 - states the fact.
    """A change that came with a session's cookie, and perhaps not from the console's own page."""


class BadParameters(ValueError):  # noqa: N818 - named for what was received.
    """Query parameters out of their bounds; each pointer is the parameter's name after a slash."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{problem.pointer}: {problem.detail}" for problem in problems))


class BadHeader(ValueError):  # noqa: N818 - named for what was received.
    def __init__(self, header: str, detail: str) -> None:
        self.header = header
        super().__init__(f"{header} {detail}")


class ConditionMissing(Exception):  # noqa: N818 - states the fact.
    """A change of a resource that several may edit, sent without saying which version it changes."""

    def __init__(self) -> None:
        super().__init__("send If-Match with the ETag of the version you read")


class NotJson(Exception):  # noqa: N818 - states the fact.
    def __init__(self, content_type: str) -> None:
        super().__init__(f"the body must be application/json, not {content_type}")


class NotReady(Exception):  # noqa: N818 - states the fact.
    def __init__(self, failing: tuple[str, ...]) -> None:
        self.failing = failing
        super().__init__(f"no answer from {' and '.join(failing)}")


class IdempotencyKeyReused(Exception):  # noqa: N818 - states the fact.
    def __init__(self) -> None:
        super().__init__("this Idempotency-Key was used with another body; take a new key for a new request")


class IdempotencyKeyBusy(Exception):  # noqa: N818 - states the fact.
    def __init__(self) -> None:
        super().__init__("the first request with this Idempotency-Key is still running; repeat it in a moment")


class UnknownChart(Exception):  # noqa: N818 - states the fact.
    def __init__(self, asked: str, files: tuple[str, ...]) -> None:
        super().__init__(f"there is no chart {asked}; there are: {', '.join(files)}")


class NoBudget(Exception):  # noqa: N818 - states the fact.
    """What is made from a forecast's budget was asked of one that has none, or none yet."""

    def __init__(self, status: str) -> None:
        super().__init__(f"the forecast {_WITHOUT_BUDGET[status]}")


class NothingAhead(Exception):  # noqa: N818 - states the fact.
    """The next occurrence was asked for of a schedule that has come to its end."""

    def __init__(self) -> None:
        super().__init__("the schedule's rule does not fire any more, or all that is ahead is skipped")


class ProfileIncomplete(Exception):  # noqa: N818 - states the fact.
    """An export profile maps some codes of a forecast and misses others; the pointers lead into the profile."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{problem.pointer}: {problem.detail}" for problem in problems))
