"""Sends the requests of a story to a running application and keeps what it answered as examples."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import httpx
import msgspec
from litestar.testing import TestClient

from service.app import ROUTES, create_app
from service.forecasting.result import compute
from service.protocol.openapi.examples import Example
from service.settings import Settings
from service.store import keys, workspaces
from service.store.catalog_sync import sync_packaged_catalog
from service.store.database import connect
from tests.service.routes.api import ALL_SCOPES, Api
from workers.computing import run_forecast

BEGINS = datetime(2026, 11, 24, 9, tzinfo=UTC)
MOST_ITEMS = 2
_WHOLE = {"seasonality", "window", "hours_utc", "weekdays", "histogram", "scopes", "curve"}
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_PREFIX = re.compile(r'"prefix":"[0-9a-f]{12}"')
_LINK = re.compile(r"/sign-in/[A-Za-z0-9_-]+")
_SECRET = re.compile(r"tck_[0-9a-f]{12}_[A-Za-z0-9_-]+")
_SIGNING = re.compile(r"whsec_[A-Za-z0-9+/=]+")
_MESSAGE = re.compile(r"msg_[0-9a-f]{32}")


@dataclass
class Recorder:
    """`say` is one request; each answer becomes an example of its operation."""

    api: Api
    clock: "SteadyClock"
    examples: list[Example] = field(default_factory=list)

    def say(
        self,
        operation: str,
        summary: str,
        *,
        name: str = "example",
        body: Any = None,
        at: dict[str, str] | None = None,
        **sent: Any,
    ) -> httpx.Response:
        method, path = _ADDRESSES[operation]
        for parameter, value in (at or {}).items():
            path = path.replace(f"{{{parameter}:str}}", value)
        assert "{" not in path, f"{operation} needs {path}"
        answer = self.api(method, path, **({"json": body} if body is not None else {}), **sent)
        assert answer.status_code < 300, f"{operation}: {answer.status_code} {answer.text}"
        shown = answer.json() if answer.headers.get("content-type") == "application/json" else None
        cut = _cut(shown)
        self.examples.append(
            Example(
                operation=operation,
                name=name,
                summary=summary,
                body=body,
                status=answer.status_code,
                answer=cut,
                shortened=cut != shown,
            )
        )
        return answer

    def work(self, forecast_id: str) -> None:
        """Computes the forecast here and now, as a worker would."""
        outcome = run_forecast(
            self.api.database,
            compute,
            UUID(forecast_id),
            workspace_id=self.api.workspace_id,
            lease_seconds=3600,
            clock=self.clock,
        )
        assert outcome == "succeeded"


class SteadyClock:
    """A second later whenever it is looked at, so that a story told twice has the same times."""

    def __init__(self) -> None:
        self._looks = count()

    def __call__(self) -> datetime:
        return BEGINS + timedelta(seconds=next(self._looks))


@contextmanager
def recorder(settings: Settings) -> Iterator[Recorder]:
    """A recorder in a workspace of its own, in an application whose clock it holds."""
    clock = SteadyClock()
    database = connect(settings.database_url, 4)
    sync_packaged_catalog(database, BEGINS)
    with TestClient(create_app(settings, clock)) as client:
        with database.system() as session:
            workspace_id = workspaces.ensure_workspace(session, f"story {uuid4()}", now=BEGINS)
        with database.tenant(workspace_id) as session:
            _, secret = keys.create_key(session, workspace_id=workspace_id, name="story", scopes=ALL_SCOPES, now=BEGINS)
        api = Api(client, database, workspace_id, secret)
        yield Recorder(api, clock)
    database.dispose()


def steady(examples: list[Example]) -> list[Example]:
    """The same with ids and secrets that do not change from one recording to the next."""
    text = msgspec.json.encode(examples).decode()
    ids: dict[str, str] = {}
    text = _UUID.sub(lambda found: ids.setdefault(found[0], f"01a20ac5-0000-7000-8000-{len(ids) + 1:012x}"), text)
    text = _SECRET.sub("tck_0123456789ab_shown-once-and-never-again", text)
    text = _SIGNING.sub("whsec_c2hvd24tb25jZS1hbmQtbmV2ZXItYWdhaW4=", text)
    text = _MESSAGE.sub(lambda found: ids.setdefault(found[0], f"msg_01a20ac5000070008000{len(ids) + 1:012x}"), text)
    text = _LINK.sub("/sign-in/shown-once", text)
    text = _PREFIX.sub('"prefix":"0123456789ab"', text)
    return msgspec.json.decode(text, type=list[Example])


def _cut(value: Any, name: str = "") -> Any:
    """Long lists as their first items: an example shows what an answer looks like."""
    if isinstance(value, dict):
        return {key: _cut(part, key) for key, part in value.items()}
    if isinstance(value, list):
        kept = value if name in _WHOLE else value[:MOST_ITEMS]
        return [_cut(part, name) for part in kept]
    return value


_ADDRESSES: dict[str, tuple[str, str]] = {
    str(handler.operation_id): (min(handler.http_methods), min(handler.paths)) for handler in ROUTES
}
