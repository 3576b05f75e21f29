"""A thin client of the HTTP API, as the command line uses it: one method for each request, problems as exceptions."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote, urlsplit

import httpx
import msgspec

FINISHED = frozenset({"succeeded", "failed", "cancelled"})

# A large plan is read, priced and stored in one request.
_SECONDS_TO_ANSWER = 120.0
# A workbook of a million lines is whole before its first byte is sent.
_SECONDS_TO_EXPORT = 600.0
_SECONDS_TO_CONNECT = 5.0
# The service sends a sign of life into a quiet stream well within this time.
_SECONDS_OF_SILENCE = 60.0
_RECONNECTS = 10
_SECONDS_TO_RECONNECT = 1.0
_ITEMS_IN_A_PAGE = 100

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

Json = dict[str, Any]


class Unreachable(Exception):  # noqa: N818 - it says what the service is.
    """No answer of the service came, or one that this client cannot read."""


@dataclass(frozen=True, kw_only=True)
class FieldProblem:
    """One bad field of a request: a JSON pointer into its body, and what is wrong."""

    pointer: str
    detail: str


class Refused(Exception):  # noqa: N818 - it says what the request was.
    """The service answered with a problem; `problems` has one entry for each bad field."""

    def __init__(self, status: int, detail: str, problems: Sequence[FieldProblem] = ()) -> None:
        self.status = status
        self.detail = detail
        self.problems = tuple(problems)
        super().__init__(detail)

    @property
    def is_bad_input(self) -> bool:
        """Whether the request would be refused again: not for a missing right or a service in trouble."""
        return 400 <= self.status < 500 and self.status not in {401, 403, 408, 425, 429}


@dataclass(frozen=True, kw_only=True)
class Applied:
    """The answer to a plan: as the service sent it, and read."""

    text: bytes
    document: Json


class Client:
    """Requests with one key; raises Unreachable and Refused. Use it as a context manager."""

    def __init__(self, url: str, key: str, *, transport: httpx.BaseTransport | None = None) -> None:
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise Unreachable(f"{url!r} is no address of a service, such as http://127.0.0.1:8351")
        if not key.isascii() or not key.isprintable():
            raise Refused(401, "the API key holds characters that no key has")
        self._http = httpx.Client(
            base_url=self.url,
            headers={"Authorization": f"Bearer {key}", "Accept": "application/json", "User-Agent": "tokencast"},
            timeout=httpx.Timeout(_SECONDS_TO_ANSWER, connect=_SECONDS_TO_CONNECT),
            # No proxy may come between this machine and itself.
            trust_env=parts.hostname not in _LOOPBACK,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def apply_plan(self, plan: bytes, *, dry_run: bool = False, prune: bool = False) -> Applied:
        """Applies a plan document; with `dry_run` only tells what that would change."""
        query = {name: "true" for name, wanted in (("dry_run", dry_run), ("prune", prune)) if wanted}
        answer = self._send("POST", "/v1/plans", content=plan, params=query)
        return Applied(text=answer.content, document=_json(answer))

    def import_prices(self, file: bytes, format_: str, *, dry_run: bool = False) -> Json:
        """What a file of prices changes, or would change."""
        query = {"format": format_, "dry_run": "true" if dry_run else "false"}
        return _json(self._send("POST", "/v1/prices/imports", content=file, params=query))

    def list_price_proposals(self, **wanted: str | None) -> list[Json]:
        """The proposals of a status, provider or model; all of them without any."""
        return self._listed(
            "/v1/prices/proposals", {name: value for name, value in wanted.items() if value is not None}
        )

    def decide_price_proposals(self, decision: str, which: Mapping[str, object]) -> Json:
        """Accepts or rejects the open proposals named by `ids`, or all of a `provider`'s `model`."""
        return _json(self._send("POST", f"/v1/prices/proposals/{decision}", content=msgspec.json.encode(which)))

    def create_forecast(self, body: bytes) -> Json:
        """Asks for a forecast and returns its first state."""
        return _json(self._send("POST", "/v1/forecasts", content=body))

    def follow_forecast(self, forecast_id: str) -> Iterator[Json]:
        """Each state of a forecast as it comes, the last one finished; a broken stream is taken up again."""
        path = f"/v1/forecasts/{quote(forecast_id, safe='')}/events"
        broken = 0
        while True:
            try:
                for state in self._events(path):
                    broken = 0
                    yield state
                    if state["status"] in FINISHED:
                        return
            except Unreachable:
                if broken == _RECONNECTS:
                    raise
            broken += 1
            time.sleep(_SECONDS_TO_RECONNECT)

    def get_forecast(self, forecast_id: str) -> bytes:
        """The document of a forecast, byte for byte."""
        return self._send("GET", f"/v1/forecasts/{quote(forecast_id, safe='')}").content

    def get_forecast_months(self, forecast_id: str, by: str, *, largest: int) -> Json:
        """What the months of a finished forecast cost by group: the `largest` groups and all others together."""
        path = f"/v1/forecasts/{quote(forecast_id, safe='')}/months"
        return _json(self._send("GET", path, params={"by": by, "largest": largest}))

    def get_bridge(self, to: str, from_: str) -> bytes:
        """The bridge from one finished forecast to another, byte for byte."""
        return self._send("GET", f"/v1/forecasts/{quote(to, safe='')}/bridge", params={"from": from_}).content

    def export_forecast(self, forecast_id: str, query: Mapping[str, str]) -> Iterator[bytes]:
        """An export piece by piece, as it arrives."""
        path = f"/v1/forecasts/{quote(forecast_id, safe='')}/export"
        timeout = httpx.Timeout(_SECONDS_TO_EXPORT, connect=_SECONDS_TO_CONNECT)
        try:
            with self._http.stream("GET", path, params=query, headers={"Accept": "*/*"}, timeout=timeout) as answer:
                if not answer.is_success:
                    answer.read()
                    raise _refused(answer)
                yield from answer.iter_bytes()
        except httpx.HTTPError as error:
            raise self._unreachable(error) from None

    def cancel_forecast(self, forecast_id: str) -> None:
        self._send("POST", f"/v1/forecasts/{quote(forecast_id, safe='')}/cancel")

    def list_budgets(self, **wanted: str | None) -> list[Json]:
        """Versions of budgets by `name` and `status`, the newest first."""
        return self._listed("/v1/budgets", {name: value for name, value in wanted.items() if value is not None})

    def create_budget(self, sent: Mapping[str, object]) -> Json:
        return _json(self._send("POST", "/v1/budgets", content=msgspec.json.encode(sent)))

    def compare_budget(self, budget_id: str, *, forecast: str | None = None) -> Json:
        """The budget against a forecast, by default the newest that covers it."""
        params = {} if forecast is None else {"forecast": forecast}
        return _json(self._send("GET", f"/v1/budgets/{quote(budget_id, safe='')}/variance", params=params))

    def move_budget(self, budget_id: str, step: str, reason: str, *, version: int | None = None) -> Json:
        """Submits, approves or returns a budget that is at `version`, by default at the one it has now."""
        path = f"/v1/budgets/{quote(budget_id, safe='')}"
        tag = self._send("GET", path).headers["ETag"] if version is None else f'"{version}"'
        content = msgspec.json.encode({"reason": reason})
        return _json(self._send("POST", f"{path}/{step}", content=content, headers={"If-Match": tag}))

    def create_key(self, name: str, scopes: Sequence[str]) -> Json:
        """The new key and its secret, which no other request shows again."""
        body = msgspec.json.encode({"name": name, "scopes": list(scopes)})
        return _json(self._send("POST", "/v1/keys", content=body))

    def list_keys(self) -> list[Json]:
        """Every key of the workspace, revoked ones too."""
        return self._listed("/v1/keys", {})

    def revoke_key(self, key_id: str) -> Json:
        return _json(self._send("POST", f"/v1/keys/{quote(key_id, safe='')}/revoke"))

    def create_sign_in_link(self) -> Json:
        """The address that signs a browser in once, and when it expires."""
        return _json(self._send("POST", "/v1/sign-in-links"))

    def create_schedule(self, declared: Mapping[str, Any]) -> Json:
        return _json(self._send("POST", "/v1/schedules", content=msgspec.json.encode(declared)))

    def list_schedules(self) -> list[Json]:
        return self._listed("/v1/schedules", {})

    def get_schedule(self, name: str) -> Json:
        """The schedule of this name; raises Refused where there is none."""
        found = self._listed("/v1/schedules", {"name": name})
        if not found:
            raise Refused(404, f"there is no schedule {name!r}")
        return found[0]

    def list_occurrences(self, schedule_id: str, count: int) -> list[Json]:
        """The next occurrences, skipped ones too."""
        answer = self._send("GET", f"{_schedule(schedule_id)}/occurrences", params={"count": count})
        occurrences: list[Json] = _json(answer)["items"]
        return occurrences

    def list_runs(self, schedule_id: str) -> list[Json]:
        """What became of every occurrence so far, the newest first."""
        return self._listed(f"{_schedule(schedule_id)}/runs", {})

    def tell_schedule(self, schedule_id: str, what: str) -> Json:
        """`what` is `pause`, `resume`, `run` or `skip`; the answer is what the service makes of it."""
        return _json(self._send("POST", f"{_schedule(schedule_id)}/{what}"))

    def delete_schedule(self, schedule_id: str, version: int) -> None:
        """Deletes the schedule if it is still at this version."""
        self._send("DELETE", _schedule(schedule_id), headers={"If-Match": f'"{version}"'})

    def _listed(self, path: str, wanted: Mapping[str, str]) -> list[Json]:
        """All pages of a list."""
        found: list[Json] = []
        query: dict[str, str | int] = {**wanted, "limit": _ITEMS_IN_A_PAGE}
        while True:
            page = _json(self._send("GET", path, params=query))
            found += page["items"]
            if page["next_cursor"] is None:
                return found
            query["cursor"] = page["next_cursor"]

    def _send(
        self,
        method: str,
        path: str,
        *,
        content: bytes = b"",
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        sent = {**({"Content-Type": "application/json"} if content else {}), **(headers or {})}
        try:
            answer = self._http.request(method, path, content=content, params=params, headers=sent)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise self._unreachable(error) from None
        if not answer.is_success:
            raise _refused(answer)
        return answer

    def _events(self, path: str) -> Iterator[Json]:
        timeout = httpx.Timeout(_SECONDS_OF_SILENCE, connect=_SECONDS_TO_CONNECT)
        try:
            with self._http.stream("GET", path, headers={"Accept": "text/event-stream"}, timeout=timeout) as answer:
                if not answer.is_success:
                    answer.read()
                    raise _refused(answer)
                for line in answer.iter_lines():
                    if line.startswith("data:"):
                        yield _read(line.removeprefix("data:").encode())
        except httpx.HTTPError as error:
            raise self._unreachable(error) from None

    def _unreachable(self, error: Exception) -> Unreachable:
        why = str(error) or type(error).__name__
        return Unreachable(f"the service at {self.url} cannot be reached: {why}")


def _schedule(schedule_id: str) -> str:
    return f"/v1/schedules/{quote(schedule_id, safe='')}"


def _json(answer: httpx.Response) -> Json:
    return _read(answer.content)


def _read(text: bytes) -> Json:
    try:
        return msgspec.json.decode(text, type=Json)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Unreachable("what answers there is no Tokencast service") from None


def _refused(answer: httpx.Response) -> Refused | Unreachable:
    if answer.headers.get("content-type", "").partition(";")[0] != "application/problem+json":
        return Unreachable(f"what answers at {answer.url} is no Tokencast service (status {answer.status_code})")
    problem = _read(answer.content)
    errors = [
        FieldProblem(pointer=str(error["pointer"]), detail=str(error["detail"]))
        for error in problem.get("errors") or ()
    ]
    return Refused(answer.status_code, str(problem.get("detail") or problem.get("title")), errors)
