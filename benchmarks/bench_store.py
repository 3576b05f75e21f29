"""The store against its own statements sent by the bare driver: one workload and its queued forecast a transaction.

The statements of the bare side are recorded from the store itself, so the two sides cannot drift apart.
"""

import itertools
import json
import statistics
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import msgspec
import psycopg
from psycopg.types.json import set_json_dumps
from sqlalchemy import event
from sqlalchemy.orm import Session

from service.store import forecasts, workloads
from service.store.database import Database, connect
from service.store.workspaces import ensure_workspace
from tests.servers import real_servers

THREADS = 16
TRANSACTIONS = 1000
ROUNDS = 5
SNAPSHOT = b"x" * 4096
DOCUMENT = {"routes": [{"from": None, "to": [{"model": "a/b", "share": 1.0}]}], "demand": {"requests_per_month": 1e6}}


def store_one(session: Session, now: datetime) -> None:
    workload = workloads.NewWorkload(
        name=uuid4().hex, cost_center="4100", gl_account="6420", task="chat", document=DOCUMENT
    )
    workloads.add(session, workload, now=now)
    forecasts.add_queued(
        session,
        snapshot=SNAPSHOT,
        inputs_sha256="0" * 64,
        as_of=now.date(),
        seed=7,
        draws=4096,
        model_version="1",
        currency="USD",
        requested_by="benchmark",
        horizon_first_month=date(2027, 1, 1),
        horizon_months=12,
        now=now,
    )


def recorded(database: Database, workspace_id: UUID, now: datetime) -> list[tuple[str, Any]]:
    """What the store sends for one transaction."""
    statements: list[tuple[str, Any]] = []
    with database.tenant(workspace_id) as session:
        event.listen(session.connection(), "before_cursor_execute", lambda *call: statements.append((call[2], call[3])))
        store_one(session, now)
        session.rollback()
    return statements


def per_second(work: Callable[[int], None]) -> float:
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS * 6)))
        begun = time.perf_counter()
        list(pool.map(work, range(TRANSACTIONS)))
        return TRANSACTIONS / (time.perf_counter() - begun)


def main() -> None:
    now = datetime.now(UTC)
    with real_servers() as servers, servers.migrated_database() as url:
        database = connect(url, THREADS)
        with database.system() as session:
            workspace_id = ensure_workspace(session, "default", now=now)
        statements = recorded(database, workspace_id, now)
        numbers = itertools.count()
        own = threading.local()
        connections: list[psycopg.Connection] = []

        def by_store(_: int) -> None:
            with database.tenant(workspace_id) as session:
                store_one(session, now)

        def by_driver(_: int) -> None:
            if not hasattr(own, "connection"):
                own.connection = psycopg.connect(url)
                set_json_dumps(msgspec.json.encode, own.connection)
                connections.append(own.connection)
            with own.connection.transaction():
                own.connection.execute(
                    "SELECT set_config('role', 'tokencast_tenant', true), set_config('tokencast.workspace', %s, true)",
                    (str(workspace_id),),
                )
                forecast_id = uuid4()
                for statement, values in statements:
                    fresh = {**values, "id": forecast_id if "INTO forecasts" in statement else uuid4()}
                    if "name" in fresh:
                        fresh["name"] = f"bare-{next(numbers)}"
                    own.connection.execute(statement, fresh)

        rounds = [(per_second(by_store), per_second(by_driver)) for _ in range(ROUNDS)]
        for connection in connections:
            connection.close()
        database.dispose()
    ratios = [store / driver for store, driver in rounds]
    print(
        json.dumps(
            {
                "threads": THREADS,
                "store_transactions_per_second": round(statistics.median(store for store, _ in rounds)),
                "driver_transactions_per_second": round(statistics.median(driver for _, driver in rounds)),
                "ratio": round(statistics.median(ratios), 3),
                "wanted": "at least 0.5",
            }
        )
    )


if __name__ == "__main__":
    main()
