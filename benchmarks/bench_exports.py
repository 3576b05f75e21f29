"""Exports of a million stored lines, against pyarrow writing the same lines as one table that it holds in memory.

Claim: CSV and Parquet are written within 400 MiB. Ours reads the lines from Postgres; what that takes is told apart.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psycopg

from service.exports.registry import FORMATS
from service.exports.source import Choices, ExportSource
from service.exports.stored import stored_chunks
from service.store import forecasts
from service.store.database import connect
from service.store.workspaces import ensure_workspace
from tests.servers import real_servers

LINES = 1_000_000
MOST_MIB = 400
PACKAGES = ("pyarrow", "xlsxwriter")
FILES = {"csv-tall": "csv", "parquet": "parquet"}
_FILL = """
INSERT INTO budget_lines (workspace_id, forecast_id, position, month, workload, cost_center, gl_account, route, kind,
                          meter, quantity, unit, unit_price, billed, effective, currency)
SELECT %(workspace)s, %(forecast)s, n, date '2027-01-01' + make_interval(months => n %% 12), 'workload-' || n / 240,
       (4100 + n / 240 %% 90)::text, '6420', 'provider/model-' || n / 240 %% 40, 'usage',
       (ARRAY['input', 'cached_input', 'output'])[n / 12 %% 3 + 1], (n::bigint * 7919 %% 1000003)::numeric(20, 6) / 100,
       '1000000 Tokens', 1.2345678901, round((n::bigint * 7919 %% 1000003) * 0.012345678901, 2),
       round((n::bigint * 7919 %% 1000003) * 0.012345678901, 2), 'USD'
FROM generate_series(0, %(lines)s - 1) AS n
"""


def stored(database_url: str, superuser_url: str) -> tuple[UUID, UUID]:
    """A workspace and its forecast with all the lines."""
    database, now = connect(database_url, 2), datetime.now(UTC)
    with database.system() as session:
        workspace_id = ensure_workspace(session, uuid4().hex, now=now)
    with database.tenant(workspace_id) as session:
        forecast_id = forecasts.add_queued(
            session,
            snapshot=b"{}",
            inputs_sha256="0" * 64,
            as_of=date(2026, 11, 23),
            seed=7,
            draws=4096,
            model_version="1",
            currency="USD",
            requested_by="benchmark",
            horizon_first_month=date(2027, 1, 1),
            horizon_months=12,
            now=now,
        )
    database.dispose()
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        connection.execute(_FILL, {"workspace": workspace_id, "forecast": forecast_id, "lines": LINES})
        connection.execute("ANALYZE budget_lines")
    return workspace_id, forecast_id


def export(name: str, out: Path, database_url: str, workspace: str, forecast: str) -> dict[str, float]:
    """Reads the lines once without writing anything, then writes the export as the route does."""
    database, workspace_id, forecast_id = connect(database_url, 2), UUID(workspace), UUID(forecast)
    with database.tenant(workspace_id) as session:
        record = forecasts.get(session, forecast_id)
    source = ExportSource(
        forecast=record,
        document={"monthly": [{"month": f"2027-{month:02d}"} for month in range(1, 13)], "annual": []},
        fiscal_year_start_month=1,
        chunks=lambda: stored_chunks(database, workspace_id, forecast_id),
    )
    begun = time.perf_counter()
    for _ in source.chunks():
        pass
    reading = time.perf_counter() - begun
    begun = time.perf_counter()
    with out.open("wb") as file:
        for piece in FORMATS[name].write(source, Choices(bases=("effective",))):
            file.write(piece)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "peak_mib": peak, "reading": reading}


def alone(name: str, out: Path, table: Path) -> dict[str, float]:
    """pyarrow writes the same lines, read beforehand from the Parquet file that we wrote."""
    from pyarrow import csv, parquet

    held = parquet.read_table(table)
    begun = time.perf_counter()
    if name == "parquet":
        parquet.write_table(held, out, compression="zstd")
    else:
        csv.write_csv(held, out)
    return {
        "seconds": time.perf_counter() - begun,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def in_a_process(*arguments: object) -> dict[str, float]:
    """One measurement in a process of its own, so that its peak of memory is its own."""
    command: Sequence[str] = [sys.executable, "-m", "benchmarks.bench_exports", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> int:
    worst = 0.0
    for package in PACKAGES:
        files = distribution(package).files or ()
        size = sum(found.stat().st_size for file in files if (found := Path(str(file.locate()))).is_file())
        print(f"{package} {distribution(package).version}: {size / 2**20:.0f} MiB installed")
    with real_servers() as servers, servers.migrated_database() as url, tempfile.TemporaryDirectory() as folder:
        workspace_id, forecast_id = stored(url, servers.superuser_url_of(url))
        outs = {name: Path(folder) / f"ours.{suffix}" for name, suffix in FILES.items()}
        ours: dict[str, Any] = {
            name: in_a_process("export", name, out, url, workspace_id, forecast_id) for name, out in outs.items()
        }
        for name, mine in ours.items():
            theirs = in_a_process("alone", name, Path(folder) / f"theirs.{FILES[name]}", outs["parquet"])
            worst = max(worst, mine["peak_mib"])
            size = outs[name].stat().st_size / 2**20
            print(
                f"{name}: {LINES:,} lines in {mine['seconds']:.1f} s, of which reading {mine['reading']:.1f} s; "
                f"{size:.0f} MiB; peak {mine['peak_mib']:.0f} MiB; "
                f"pyarrow {theirs['seconds']:.2f} s, peak {theirs['peak_mib']:.0f} MiB; "
                f"ratio {mine['seconds'] / theirs['seconds']:.0f}"
            )
    print(f"peak of memory: {worst:.0f} MiB, at most {MOST_MIB}")
    return int(worst > MOST_MIB)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["export", name, out, database_url, workspace, forecast]:
            print(json.dumps(export(name, Path(out), database_url, workspace, forecast)))
        case ["alone", name, out, table]:
            print(json.dumps(alone(name, Path(out), Path(table))))
        case _:
            sys.exit(main())
