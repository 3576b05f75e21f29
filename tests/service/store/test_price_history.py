"""Prices are history: added once, never changed, and seen as they were known at a moment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy.exc import IntegrityError

from forecasts.catalog.prices import load_price_rows, price_rows_known_at
from service.store import prices
from service.store.catalog_sync import sync_packaged_catalog
from service.store.database import Database
from service.store.price_book import listing
from tests.service.store import rows

MODEL = ("deepseek", "deepseek-v4-pro")


def test_the_same_price_is_stored_once_however_it_is_spelled(
    database: Database, workspace_id: UUID, now: datetime
) -> None:
    row = rows.price(rate=Decimal("1.98"), note="")
    spelled = replace(row, rate=Decimal("1.9800"), note="the same, with another note")
    with database.tenant(workspace_id) as session:
        assert prices.add_prices(session, [row, spelled], now=now) == prices.PricesAdded(inserted=1, duplicates=1)
    with database.tenant(workspace_id) as session:
        assert prices.add_prices(session, [row], now=now).inserted == 0
        assert prices.add_prices(session, [replace(row, rate=Decimal("1.99"))], now=now).inserted == 1


def test_a_rate_keeps_every_digit(database: Database, workspace_id: UUID, now: datetime) -> None:
    rate = Decimal("0.000000000000001234567890123456789")
    with database.tenant(workspace_id) as session:
        prices.add_prices(session, [rows.price(model="tiny", rate=rate)], now=now)
        (stored,) = prices.known_prices(session, [("deepseek", "tiny")], as_of=now)
    assert stored.rate == rate


@pytest.mark.parametrize("rate", ["-0.01", "NaN", "Infinity"])
def test_a_rate_that_is_no_amount_is_refused(database: Database, workspace_id: UUID, now: datetime, rate: str) -> None:
    with pytest.raises(IntegrityError, match="ck_prices_rate_finite"), database.tenant(workspace_id) as session:
        prices.add_prices(session, [rows.price(rate=Decimal(rate))], now=now)


def test_what_was_recorded_later_is_not_known_earlier(database: Database, workspace_id: UUID, now: datetime) -> None:
    early, late = now - timedelta(days=10), now - timedelta(days=1)
    ended = rows.price(
        model="m", recorded_at=early, effective_to=now + timedelta(days=30), end_recorded_at=late, rate=Decimal(2)
    )
    with database.tenant(workspace_id) as session:
        prices.add_prices(session, [ended, rows.price(model="m", recorded_at=late, rate=Decimal(1))], now=now)
        before = prices.known_prices(session, [("deepseek", "m")], as_of=late - timedelta(seconds=1))
        after = prices.known_prices(session, [("deepseek", "m")], as_of=late)
        never = prices.known_prices(session, [("deepseek", "m")], as_of=early - timedelta(seconds=1))
    assert [(row.rate, row.effective_to) for row in before] == [(Decimal(2), None)]
    assert [(row.rate, row.effective_to) for row in after] == [(Decimal(2), ended.effective_to), (Decimal(1), None)]
    assert never == []


def test_only_the_asked_pairs_come_back(database: Database, workspace_id: UUID, now: datetime) -> None:
    own = [rows.price(provider=p, model=m) for p, m in (("a", "x"), ("a", "y"), ("b", "x"), ("b", "y"))]
    with database.tenant(workspace_id) as session:
        prices.add_prices(session, own, now=now)
        known = prices.known_prices(session, [("b", "x"), ("a", "y"), ("a", "y")], as_of=now)
        assert prices.known_prices(session, [], as_of=now) == []
    assert [(row.provider, row.model) for row in known] == [("a", "y"), ("b", "x")]


def test_the_packaged_catalogue_is_stored_once_and_read_by_every_workspace(
    database: Database, workspace_id: UUID, other_workspace_id: UUID, now: datetime
) -> None:
    packaged = len(load_price_rows())
    first = sync_packaged_catalog(database, now)
    assert first.inserted + first.duplicates == packaged
    assert sync_packaged_catalog(database, now) == prices.PricesAdded(inserted=0, duplicates=packaged)
    for workspace in (workspace_id, other_workspace_id):
        with database.tenant(workspace) as session:
            assert {row.workspace_id for row in prices.known_prices(session, [MODEL], as_of=now)} == {None}


def test_the_stored_catalogue_says_what_the_packaged_one_says(
    database: Database, workspace_id: UUID, now: datetime
) -> None:
    sync_packaged_catalog(database, now)
    as_of = datetime(2026, 7, 1, tzinfo=UTC)
    with database.tenant(workspace_id) as session:
        stored = prices.known_prices(session, [MODEL], as_of=as_of)
    packaged = [row for row in price_rows_known_at(as_of) if (row.provider, row.model) == MODEL]
    shape = [(row.meter, row.rate, row.effective_from, row.effective_to, row.utc_window) for row in stored]
    assert sorted(map(str, shape)) == sorted(
        str((row.meter, row.rate, row.effective_from, row.effective_to, row.utc_window)) for row in packaged
    )
    assert packaged


def test_prices_are_paged_by_what_they_price(database: Database, workspace_id: UUID, now: datetime) -> None:
    own = [rows.price(model="paged", meter=meter) for meter in ("input", "output", "cached_input")]
    with database.tenant(workspace_id) as session:
        prices.add_prices(session, own, now=now)
        first, cursor = listing.page(session, model="paged", after=None, limit=2)
        rest, end = listing.page(session, model="paged", after=cursor, limit=2)
        outputs, _ = listing.page(session, provider="deepseek", model="paged", meter="output", after=None, limit=9)
    assert len(first) == 2
    assert {row.meter for row in (*first, *rest)} == {"input", "output", "cached_input"}
    assert end is None
    assert [row.meter for row in outputs] == ["output"]
