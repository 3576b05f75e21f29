"""A workspace of one's own behind a running application, as tests use it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx
from litestar import Litestar
from litestar.testing import TestClient

from service.app import create_app
from service.forecasting.result import compute
from service.settings import Settings, read_settings
from service.store import keys, workspaces
from service.store.catalog_sync import sync_packaged_catalog
from service.store.database import Database, connect
from workers.computing import run_forecast

ALL_SCOPES = ("read", "write", "approve", "admin")
NOBODY = "01a20ac5-0000-7000-8000-000000000000"
MODEL = "deepseek/deepseek-v4-pro"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def settings_for(database_url: str, redis_url: str, **environment: str) -> Settings:
    addresses = {"TOKENCAST_DATABASE_URL": database_url, "TOKENCAST_REDIS_URL": redis_url}
    return read_settings({**addresses, **environment})


@dataclass(frozen=True)
class Api:
    """Requests with the key of one workspace; each test gets a new workspace, so tests cannot see each other."""

    client: TestClient[Litestar]
    database: Database
    workspace_id: UUID
    secret: str

    def __call__(self, method: str, path: str, *, headers: dict[str, str] | None = None, **sent: Any) -> httpx.Response:
        authorised = {"Authorization": f"Bearer {self.secret}", **(headers or {})}
        return self.client.request(method, path, headers=authorised, **sent)

    def get(self, path: str, **sent: Any) -> httpx.Response:
        return self("GET", path, **sent)

    def post(self, path: str, **sent: Any) -> httpx.Response:
        return self("POST", path, **sent)

    def with_scopes(self, *scopes: str) -> "Api":
        """The same workspace through another key."""
        return Api(self.client, self.database, self.workspace_id, new_key(self.database, self.workspace_id, scopes))

    def work(self, forecast_id: str) -> None:
        """Computes the forecast here and now, as a worker would."""
        outcome = run_forecast(
            self.database,
            compute,
            UUID(forecast_id),
            workspace_id=self.workspace_id,
            lease_seconds=30,
            clock=lambda: datetime.now(UTC),
        )
        assert outcome == "succeeded"


def new_key(database: Database, workspace_id: UUID, scopes: Sequence[str] = ALL_SCOPES) -> str:
    with database.tenant(workspace_id) as session:
        _, secret = keys.create_key(
            session, workspace_id=workspace_id, name="test", scopes=scopes, now=datetime.now(UTC)
        )
    return secret


def new_workspace(client: TestClient[Litestar], database: Database) -> Api:
    with database.system() as session:
        workspace_id = workspaces.ensure_workspace(session, f"test {uuid4()}", now=datetime.now(UTC))
    return Api(client, database, workspace_id, new_key(database, workspace_id))


@contextmanager
def running_app(settings: Settings) -> Iterator[tuple[TestClient[Litestar], Database]]:
    """An application on a database with the packaged catalogue, and a pool of the test's own beside it."""
    database = connect(settings.database_url, 4)
    sync_packaged_catalog(database, datetime.now(UTC))
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield client, database
    database.dispose()


def workload(name: str = "chat", **changes: Any) -> dict[str, Any]:
    """A small workload on an API route, as one posts it."""
    return {
        "name": name,
        "demand": {
            "base_month": "2027-01",
            "requests_per_month": 1000,
            "input_tokens_per_request": 300,
            "output_tokens_per_request": {"mean": 500},
        },
        "routes": [{"to": [{"model": MODEL, "share": 1.0}]}],
        **changes,
    }


def fleet(name: str = "h100-pool", **changes: Any) -> dict[str, Any]:
    return {
        "name": name,
        "accelerator": "h100-sxm-80gb",
        "nodes": 1,
        "serves": "deepseek-v4-pro",
        "throughput": {"output_tokens_per_second": 4000, "concurrency_per_node": 256},
        "cost": {"kind": "rented", "rate_per_node_hour": "25.00"},
        **changes,
    }


def measurement(**changes: Any) -> dict[str, Any]:
    """A measured point on the fleet above."""
    return {
        "fleet": "h100-pool",
        "method": "eagle3",
        "concurrency": 32,
        "input_tokens": 1000,
        "output_tokens": 500,
        "speedup": 1.4,
        **changes,
    }


def price(**changes: Any) -> dict[str, Any]:
    return {
        "provider": "acme",
        "model": "acme-1",
        "meter": "output",
        "rate": "2.50",
        "effective_from": "2026-01-01T00:00:00Z",
        "recorded_at": "2026-01-01T00:00:00Z",
        **changes,
    }


def pointers(response: httpx.Response) -> list[str]:
    """Where a problem says the errors are; fails when the answer is no proper problem."""
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["status"] == response.status_code
    assert problem["type"].startswith("/problems/")
    assert problem["title"]
    assert problem["detail"]
    return [error["pointer"] for error in problem["errors"]]


def slug(response: httpx.Response) -> str:
    pointers(response)
    return str(response.json()["type"]).removeprefix("/problems/")
