"""The book by two clocks: what was known at one moment, and in force at another."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from forecasts.prices.in_force.periods import periods_in_force
from service.store import prices
from service.store.catalog_sync import sync_packaged_catalog
from service.store.database import Database
from service.store.price_book.conflicts import conflicts_known, price_of
from service.store.price_book.listing import page
from service.store.prices import NewPrice, PriceRecord
from tests.service.store import rows


def day(month: int, day_: int = 1) -> datetime:
    return datetime(2026, month, day_, tzinfo=UTC)


def add(database: Database, workspace_id: UUID, now: datetime, *added: NewPrice) -> None:
    with database.tenant(workspace_id) as session:
        prices.add_prices(session, added, now=now)


def seen(database: Database, workspace_id: UUID, **clocks: Any) -> list[tuple[str, str | None]]:
    with database.tenant(workspace_id) as session:
        records, _ = page(session, model="m", after=None, limit=200, **clocks)
    return sorted((f"{record.rate.normalize():f}", record.source) for record in records)


def row(rate: str, starts: datetime, **fields: Any) -> NewPrice:
    recorded_at = fields.pop("recorded_at", starts)
    return rows.price(model="m", rate=Decimal(rate), effective_from=starts, recorded_at=recorded_at, **fields)


def test_each_clock_hides_what_is_beyond_it(database: Database, workspace_id: UUID, now: datetime) -> None:
    rise = row("3", day(6), recorded_at=day(4), status="scheduled")
    cancelled = replace(rise, status="cancelled", recorded_at=day(5))
    add(database, workspace_id, now, row("2", day(1)), rise, cancelled)
    assert seen(database, workspace_id, as_of=day(3)) == [("2", None)]
    assert seen(database, workspace_id, as_of=day(4), effective_at=day(7)) == [("3", None)]
    assert seen(database, workspace_id, as_of=day(4), effective_at=day(5)) == [("2", None)]
    assert seen(database, workspace_id, as_of=day(5), effective_at=day(7)) == [("2", None)]
    assert len(seen(database, workspace_id)) == 3


def test_a_correction_replaces_its_own_source_and_contradicts_others(
    database: Database, workspace_id: UUID, now: datetime
) -> None:
    first = row("2", day(1), source="page")
    add(
        database,
        workspace_id,
        now,
        first,
        replace(first, rate=Decimal("2.1"), recorded_at=day(2)),
        replace(first, rate=Decimal("2.5"), source="data set"),
    )
    assert seen(database, workspace_id, effective_at=day(3)) == [("2.1", "page"), ("2.5", "data set")]
    with database.tenant(workspace_id) as session:
        [conflict], end = conflicts_known(session, as_of=day(3), model="m", after=None, limit=1)
        assert end is None
        assert (conflict.used.source, [one.source for one in conflict.others]) == ("page", ["data set"])
        [earlier], _ = conflicts_known(session, as_of=day(1), model="m", after=None, limit=9)
        assert {earlier.used.rate, *(one.rate for one in earlier.others)} == {Decimal(2), Decimal("2.5")}
        assert conflicts_known(session, as_of=day(3), model="other", after=None, limit=9) == ([], None)


def test_a_promotion_gives_way_and_a_negotiated_rate_stands_beside_the_list(
    database: Database, workspace_id: UUID, now: datetime
) -> None:
    add(
        database,
        workspace_id,
        now,
        row("2", day(1)),
        row("1", day(3), status="promotional", effective_to=day(5), end_recorded_at=day(4)),
        row("1.5", day(6), status="negotiated", source="contract"),
    )
    assert seen(database, workspace_id, effective_at=day(4)) == [("1", None)]
    assert seen(database, workspace_id, effective_at=day(5, 2)) == [("2", None)]
    # On 1 April the end of the promotion was not known yet.
    assert seen(database, workspace_id, as_of=day(3, 15), effective_at=day(5, 2)) == [("1", None)]
    assert seen(database, workspace_id, effective_at=day(7)) == [("1.5", "contract"), ("2", None)]


def test_the_whole_catalogue_in_force_is_what_the_kernel_says(
    database: Database, workspace_id: UUID, now: datetime
) -> None:
    sync_packaged_catalog(database, now)
    moment = datetime(2026, 9, 15, tzinfo=UTC)
    with database.tenant(workspace_id) as session:
        found: list[PriceRecord] = []
        after = None
        while True:
            records, after = page(session, as_of=now, effective_at=moment, after=after, limit=200)
            found += records
            if after is None:
                break
        known = prices.known_prices(session, {(one.provider, one.model) for one in found}, as_of=now)
    listed = {(one.provider, one.model, one.meter, one.service_tier, one.utc_window, one.rate) for one in found}
    by_kernel = {
        (period.row.provider, period.row.model, meter, tier, period.row.utc_window, period.row.rate)
        for model in {(one.provider, one.model) for one in known}
        for meter, tier in {(one.meter, one.service_tier) for one in known if (one.provider, one.model) == model}
        for period in periods_in_force(
            [price_of(one) for one in known if (one.provider, one.model) == model],
            meter,
            service_tier=tier,
            region=None,
            prompt_tokens=0.0,
        )
        if period.starts <= moment < period.ends
    }
    assert len(listed) > 300
    assert listed == by_kernel
