"""Every kind of problem by name; `problems.py` says which error is which, docs/problems.md what to do about each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProblemType:
    """A kind of problem; its `type` is an address relative to the service, explained under that name in the docs."""

    slug: str
    status: int
    title: str

    @property
    def type(self) -> str:
        return f"/problems/{self.slug}"


BAD_REQUEST = ProblemType("bad-request", 400, "The request is malformed")
INVALID_JSON = ProblemType("invalid-json", 400, "The body is not JSON")
INVALID_SHAPE = ProblemType("invalid-shape", 400, "Fields are missing, unknown or of the wrong type")
INVALID_PARAMETER = ProblemType("invalid-parameter", 400, "A query parameter is out of bounds")
INVALID_HEADER = ProblemType("invalid-header", 400, "A header cannot be understood")
UNAUTHENTICATED = ProblemType("unauthenticated", 401, "A valid API key is needed")
SCOPE_MISSING = ProblemType("scope-missing", 403, "The API key lacks a scope")
CSRF_REFUSED = ProblemType("csrf-refused", 403, "The request may not be meant by who is signed in")
NOT_FOUND = ProblemType("not-found", 404, "There is no such resource")
METHOD_NOT_ALLOWED = ProblemType("method-not-allowed", 405, "The resource does not take this method")
NAME_TAKEN = ProblemType("name-taken", 409, "The name is in use")
STILL_REFERENCED = ProblemType("still-referenced", 409, "Other resources refer to it")
ALREADY_FINISHED = ProblemType("already-finished", 409, "The forecast has ended")
WRONG_STATUS = ProblemType("wrong-status", 409, "The resource is past or before this step")
LIMIT_REACHED = ProblemType("limit-reached", 409, "The workspace has as many as it may have")
PROFILE_INCOMPLETE = ProblemType("profile-incomplete", 409, "The export profile lacks codes of the forecast")
NO_BUDGET = ProblemType("no-budget", 409, "The forecast has no budget")
NOTHING_AHEAD = ProblemType("nothing-ahead", 409, "The schedule has no occurrence left")
IDEMPOTENCY_KEY_BUSY = ProblemType("idempotency-key-busy", 409, "The first request with this key still runs")
STALE_VERSION = ProblemType("stale-version", 412, "The resource changed since it was read")
CONDITION_MISSING = ProblemType("condition-missing", 428, "The change must say which version it changes")
TOO_LARGE = ProblemType("too-large", 413, "The body is too large")
NOT_JSON = ProblemType("unsupported-media-type", 415, "The body must be JSON")
INVALID_INPUT = ProblemType("invalid-input", 422, "Fields hold values that make no sense")
IDEMPOTENCY_KEY_REUSED = ProblemType("idempotency-key-reused", 422, "The key belongs to another request")
INTERNAL = ProblemType("internal", 500, "Something unexpected happened in the service")
WORKER_LOST = ProblemType("worker-lost", 500, "The computation was lost")
UNAVAILABLE = ProblemType("unavailable", 503, "A part the service needs does not answer")
