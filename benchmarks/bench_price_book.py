"""The price book: look-ups against one SQL query, bulk inserts against COPY, pricing against the bare multiplication.

Claims: 10,000 look-ups by two clocks are faster than the same done by one query over the stored book; the store adds
prices at a quarter of COPY's rate or better, although it leaves known rows alone and says how many those were; pricing
200 models (three meters, a shared cut, means by meter beside the paths) costs at most 20 times one bare multiplication.
"""

import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import psycopg

from forecasts.catalog.prices import load_price_rows
from forecasts.draws import Draws
from forecasts.prices.book import PriceBook
from forecasts.prices.history.jumps import JumpRecord
from forecasts.prices.in_force.look_up import PriceLookUp
from forecasts.prices.outlooks.course import Scene
from forecasts.prices.outlooks.courses.projected_cut import ProjectedCut
from forecasts.prices.outlooks.outlook import Outlook
from forecasts.prices.outlooks.paths import PricePaths
from forecasts.prices.price import Price
from forecasts.prices.usage import UsagePricing
from forecasts.timeline import Month, Timeline
from forecasts.workload import ApiRoute, Demand, OutputLengths
from service.store.catalog_sync import sync_packaged_catalog
from service.store.database import connect
from service.store.prices import NewPrice, add_prices, content_hash
from service.store.workspaces import ensure_workspace
from tests.servers import real_servers

ROUNDS = 5
TRIPLES = 10_000
ROWS = 10_000
MODELS, DRAWS, MONTHS = 200, 4096, 36

ONE_QUERY = """
SELECT asked.place, found.rate, found.utc_window
FROM unnest(%(places)s::int[], %(providers)s::text[], %(models)s::text[], %(meters)s::text[], %(dates)s::timestamptz[])
     AS asked (place, provider, model, meter, at)
CROSS JOIN LATERAL (
    SELECT DISTINCT ON (utc_window) rate, utc_window
    FROM prices
    WHERE provider = asked.provider AND model = asked.model AND meter = asked.meter AND service_tier = 'standard'
      AND recorded_at <= asked.at AND effective_from <= asked.at
      AND (effective_to IS NULL OR effective_to > asked.at OR end_recorded_at > asked.at)
    ORDER BY utc_window, effective_from DESC, recorded_at DESC
) AS found
"""


def seconds(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def look_ups(connection: psycopg.Connection) -> bool:
    draws = random.Random(7)  # noqa: S311 - dates, not secrets.
    rows = load_price_rows()
    known = sorted({(row.provider, row.model, row.meter) for row in rows})
    first = datetime(2024, 1, 1, tzinfo=UTC)
    asked = [(*draws.choice(known), first + timedelta(hours=draws.randrange(25_000))) for _ in range(TRIPLES)]

    def by_kernel() -> list[tuple[Price, ...]]:
        book = PriceLookUp(rows)
        return [book.at(provider, model, meter, at, known_at=at) for provider, model, meter, at in asked]

    def by_query() -> list[Any]:
        providers, models, meters, dates = map(list, zip(*asked, strict=True))
        values = {"places": list(range(TRIPLES)), "providers": providers, "models": models, "meters": meters}
        return connection.execute(ONE_QUERY, {**values, "dates": dates}).fetchall()

    found: dict[int, set[tuple[Decimal, str | None]]] = {}
    for place, rate, window in by_query():
        found.setdefault(place, set()).add((rate, window))
    # Own prices of the meter alone: what a meter is billed as instead, and how rows end each other, only we know.
    same = sum(
        found.get(place, set()) == {(row.rate, row.utc_window) for row in priced if row.meter == asked[place][2]}
        for place, priced in enumerate(by_kernel())
    )
    kernel, query = seconds(by_kernel), seconds(by_query)
    print(f"look-up of {TRIPLES:,} triples: {kernel * 1e3:.0f} ms, one query {query * 1e3:.0f} ms,"
          f" ratio {kernel / query:.2f}; {same / TRIPLES:.1%} the same")  # fmt: skip
    return kernel < query


def inserts(url: str, connection: psycopg.Connection) -> bool:
    database = connect(url, 2)
    now = datetime.now(UTC)
    with database.system() as session:
        workspace_id = ensure_workspace(session, "benchmark", now=now)
    counter = iter(range(10**9))

    def new_rows() -> list[NewPrice]:
        return [
            NewPrice(
                provider="acme",
                model=f"acme-{next(counter)}",
                meter="output",
                rate=Decimal("2.50"),
                currency="USD",
                per_tokens=1_000_000,
                effective_from=now,
                source="the provider's own page of prices",
            )
            for _ in range(ROWS)
        ]

    def by_store(rows: list[NewPrice]) -> None:
        with database.tenant(workspace_id) as session:
            add_prices(session, rows, now=now)

    columns = (
        "id, workspace_id, provider, model, meter, rate, currency, per_tokens, effective_from, recorded_at, status,"
    )
    columns += " service_tier, prompt_tokens_from, source, created_at, content_hash"

    def by_copy(rows: list[NewPrice]) -> None:
        with connection.cursor().copy(f"COPY bare_prices ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(
                    (uuid4(), workspace_id, row.provider, row.model, row.meter, row.rate, row.currency, row.per_tokens,
                     row.effective_from, now, row.status, row.service_tier, row.prompt_tokens_from, row.source, now,
                     content_hash(row))
                )  # fmt: skip
        connection.commit()

    # Row-level security refuses COPY, so it goes to a table of the same columns, checks and indexes without policies.
    connection.execute("CREATE TEMP TABLE bare_prices (LIKE prices INCLUDING ALL)")
    connection.commit()
    times: dict[str, list[float]] = {"store": [], "copy": []}
    for _ in range(ROUNDS):
        for name, work in (("store", by_store), ("copy", by_copy)):
            rows = new_rows()
            begun = time.perf_counter()
            work(rows)
            times[name].append(time.perf_counter() - begun)
    rates = {name: ROWS / statistics.median(taken) for name, taken in times.items()}
    database.dispose()
    print(f"bulk insert: {rates['store']:,.0f} rows/s, COPY {rates['copy']:,.0f} rows/s,"
          f" ratio {rates['store'] / rates['copy']:.2f}")  # fmt: skip
    return rates["store"] > rates["copy"] / 4


def pricing() -> bool:
    timeline = Timeline(first=Month(2027, 1), months=MONTHS)
    known = datetime(2026, 1, 1, tzinfo=UTC)
    one = Price(provider="p", model="m", meter="output", rate=Decimal(2), effective_from=known, recorded_at=known)
    routes = [ApiRoute(provider=f"p{index % 10}", model=f"m{index}") for index in range(MODELS)]
    rows = [
        replace(one, provider=route.provider, model=route.model, meter=meter, rate=Decimal(rate))
        for route in routes
        for meter, rate in (("input", "0.5"), ("cached_input", "0.05"), ("output", "2"))
    ]
    book = PriceBook(rows, windows=(), exchange_rates=(), currency="USD", as_of=date(2026, 11, 23), timeline=timeline)

    def nothing_known(_provider: str) -> JumpRecord:
        raise AssertionError("a projected cut asks for no history")

    scene = Scene(
        timeline=timeline, draws=Draws(seed=7, count=DRAWS), as_of=date(2026, 11, 23), record_of=nothing_known
    )
    cut = Outlook(course=ProjectedCut(window=(date(2026, 12, 1), date(2027, 12, 1))))
    demand = Demand(
        base_month=Month(2027, 1),
        requests_per_month=1e6,
        input_tokens_per_request=1000,
        cached_input_fraction=0.4,
        output_lengths=OutputLengths(mean=300),
        hourly_weights=np.ones(168),
    )
    requests = np.random.default_rng(7).uniform(0.5e6, 1.5e6, (MONTHS, DRAWS))
    rate = np.random.default_rng(8).uniform(0.5, 1.5, (MONTHS, DRAWS))
    paths = PricePaths((cut,), scene)
    priced = UsagePricing(book, paths, {}, frozen=book)

    def by_kernel() -> None:
        for route in routes:
            priced.price(demand, route, requests)

    def bare() -> None:
        for _ in routes:
            rate * requests

    by_kernel()
    kernel, multiplication = seconds(by_kernel), seconds(bare)
    print(f"pricing {DRAWS:,} draws x {MONTHS} months x {MODELS} models: {kernel:.2f} s,"
          f" bare multiplication {multiplication:.2f} s, ratio {kernel / multiplication:.2f}")  # fmt: skip
    return kernel < 20 * multiplication


def main() -> int:
    held = [pricing()]
    with real_servers() as servers, servers.migrated_database() as url:
        database = connect(url, 1)
        sync_packaged_catalog(database, datetime.now(UTC))
        database.dispose()
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("SET ROLE tokencast_system")
            held.append(look_ups(connection))
            connection.commit()
            connection.execute("RESET ROLE")
            held.append(inserts(url, connection))
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
