"""The store against its own statements sent by the bare driver: one workload and its queued forecast a transaction.

The statements of the bare side are recorded from the store itself, so the two sides cannot drift apart.
"""

import itertools
import json
import re
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

import psycopg
from sqlalchemy import Connection, Engine, event

from service.store import forecasts, workloads
from service.store.database import Database, connect
from service.store.workspaces import ensure_workspace
from tests.servers import real_servers

THREADS = 16
TRANSACTIONS = 1000
ROUNDS = 5
# Parameters that are a row's own id; in statements that write several rows they have a prefix.
OWN_ID = re.compile(r"(w\d+_)?id")
SNAPSHOT = b"x" * 4096
DOCUMENT = {"routes": [{"from": None, "to": [{"model": "a/b", "share": 1.0}]}], "demand": {"requests_per_month": 1e6}}


def store_one(session: Connection, now: datetime) -> None:
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
    """What the store sends for one transaction, from the opening message on."""
    statements: list[tuple[str, Any]] = []

    def record(_connection: Any, _cursor: Any, text: str, values: Any, *_: Any) -> None:
        statements.append((text, values))

    event.listen(Engine, "before_cursor_execute", record)
    with database.tenant(workspace_id) as session:
        store_one(session, now)
    event.remove(Engine, "before_cursor_execute", record)
    return statements


def per_second(work: Callable[[int], None]) -> float:
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(work, range(THREADS * 6)))
        begun = time.perf_counter()
        list(pool.map(work, range(TRANSACTIONS)))
        return TRANSACTIONS / (time.perf_counter() - begun)


def main() -> int:
    now = datetime.now(UTC)
    with real_servers() as servers, servers.migrated_database() as url:
        database = connect(url, THREADS)
        with database.system() as session:
            workspace_id = ensure_workspace(session, "default", now=now)
        (opening, _), *statements = recorded(database, workspace_id, now)
        numbers = itertools.count()
        own = threading.local()
        connections: list[psycopg.Connection] = []

        def by_store(_: int) -> None:
            with database.tenant(workspace_id) as session:
                store_one(session, now)

        def by_driver(_: int) -> None:
            if not hasattr(own, "connection"):
                own.connection = psycopg.connect(url, autocommit=True)
                connections.append(own.connection)
            own.connection.execute(opening)
            for statement, values in statements:
                fresh = {**values, **{name: uuid4() for name in values if OWN_ID.fullmatch(name)}}
                if "name" in fresh:
                    fresh["name"] = f"bare-{next(numbers)}"
                own.connection.execute(statement, fresh)
            own.connection.commit()

        rounds = [(per_second(by_store), per_second(by_driver)) for _ in range(ROUNDS)]
        for connection in connections:
            connection.close()
        database.dispose()
    ratio = statistics.median(store / driver for store, driver in rounds)
    print(
        json.dumps(
            {
                "threads": THREADS,
                "store_transactions_per_second": round(statistics.median(store for store, _ in rounds)),
                "driver_transactions_per_second": round(statistics.median(driver for _, driver in rounds)),
                "ratio": round(ratio, 3),
                "wanted": "at least 0.5",
            }
        )
    )
    return 0 if ratio >= 0.5 else 1


if __name__ == "__main__":
    sys.exit(main())
