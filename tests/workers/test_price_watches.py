"""A changed price of a model in use becomes one event with the change of the annual number, whatever dies meanwhile."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import text

from service.forecasting.result import compute
from service.forecasting.snapshot import prepare
from service.schemas.plan.plan import PlanIn
from service.store import forecasts as stored
from service.store import price_watches, prices, workloads
from service.store.catalog_sync import sync_packaged_catalog
from service.store.database import Database, connect
from service.store.workspaces import ensure_workspace
from tests.service.store import rows
from tests.workers.running import WorkerProcesses, wait_until
from workers.computing import run_forecast
from workers.watching import LEASE_SECONDS, run_price_watch

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MODEL = "deepseek/deepseek-v4-pro"
PLAN = {
    "calendar": "30/360",
    "horizon": {"first_month": "2027-01", "months": 12},
    "as_of": "2026-11-23",
    "draws": 64,
    "outlooks": [{"outlook": "hold"}],
    "workloads": [
        {
            "name": "chat",
            "demand": {"base_month": "2027-01", "requests_per_month": 1e6, "output_tokens_per_request": 500},
            "routes": [{"to": [{"model": MODEL, "share": 1.0}]}],
        }
    ],
}
# From 2027 on 2.50 a million at all hours: 6,000 million output tokens in the year.
DEARER = {"rate": Decimal("2.50"), "effective_from": datetime(2027, 1, 1, tzinfo=UTC), "recorded_at": None}
AFTER = "15000.00"


@pytest.fixture(scope="module")
def shared(module_database_url: str) -> Iterator[Database]:
    database = connect(module_database_url, 8)
    sync_packaged_catalog(database, NOW)
    yield database
    database.dispose()


class Estate:
    """A workspace with one stored workload, and what tests ask of it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        with database.system() as session:
            self.workspace_id = ensure_workspace(session, uuid4().hex, now=NOW)
        with database.tenant(self.workspace_id) as session:
            workloads.add(session, rows.workload(document=rows.ROUTED), now=NOW)

    def forecast(self) -> tuple[UUID, str]:
        """A finished forecast's id and its expected cost."""
        with self.database.tenant(self.workspace_id) as session:
            plan = msgspec.convert(PLAN, PlanIn)
            frozen = msgspec.structs.asdict(_Prepared.of(prepare(session, plan, now=NOW)))
            forecast_id = stored.add_queued(session, **frozen, requested_by="key:test", now=NOW)
        outcome = run_forecast(
            self.database,
            compute,
            forecast_id,
            workspace_id=self.workspace_id,
            lease_seconds=30,
            clock=lambda: NOW,
        )
        assert outcome == "succeeded"
        with self.database.tenant(self.workspace_id) as session:
            return forecast_id, str(stored.get(session, forecast_id).expected)

    def add(self, **changes: Any) -> int:
        with self.database.tenant(self.workspace_id) as session:
            return prices.add_prices(session, [rows.price(**changes)], now=NOW).inserted

    def watches(self) -> list[UUID]:
        with self.database.tenant(self.workspace_id) as session:
            return list(session.execute(text("SELECT id FROM price_watches ORDER BY id")).scalars())

    def run(self, watch_id: UUID, *, now: datetime = NOW) -> str:
        return run_price_watch(self.database, watch_id, workspace_id=self.workspace_id, clock=lambda: now)

    def events(self) -> list[dict[str, Any]]:
        statement = text("SELECT data FROM outbox WHERE event = 'price.changed' ORDER BY id")
        with self.database.tenant(self.workspace_id) as session:
            return list(session.execute(statement).scalars())


class _Prepared(msgspec.Struct):
    """The fields of a prepared forecast that its row takes."""

    snapshot: bytes
    inputs_sha256: str
    as_of: Any
    seed: int
    draws: int
    model_version: str
    currency: str
    horizon_first_month: Any
    horizon_months: int

    @classmethod
    def of(cls, prepared: Any) -> "_Prepared":
        return cls(**{name: getattr(prepared, name) for name in cls.__struct_fields__})


@pytest.fixture
def estate(shared: Database) -> Estate:
    return Estate(shared)


def test_a_dearer_price_of_a_model_in_use_tells_what_the_year_costs_with_and_without_it(estate: Estate) -> None:
    forecast_id, expected = estate.forecast()
    estate.add(**DEARER)
    [watch_id] = estate.watches()
    assert estate.run(watch_id) == "announced"
    [event] = estate.events()
    assert (event["model"], event["meter"]) == (MODEL, "output")
    assert event["new"] == {"rate": "2.5", "currency": "USD", "per_tokens": 1_000_000}
    assert event["old"]["rate"] != "2.5"
    assert event["effective_from"] == "2027-01-01T00:00:00Z"
    assert event["forecast_id"] == str(forecast_id)
    assert (event["annual_before"], event["annual_after"]) == (expected, AFTER)
    assert Decimal(event["change"]) == Decimal(AFTER) - Decimal(expected)
    assert estate.watches() == []


def test_a_forecast_that_already_knows_the_price_gives_the_same_change(estate: Estate) -> None:
    _, before = estate.forecast()
    estate.add(**{**DEARER, "recorded_at": datetime(2026, 11, 20, tzinfo=UTC)})
    _, after = estate.forecast()
    assert after == AFTER
    [watch_id] = estate.watches()
    assert estate.run(watch_id) == "announced"
    assert [(event["annual_before"], event["annual_after"]) for event in estate.events()] == [(before, AFTER)]


def test_two_deliveries_give_one_event(estate: Estate) -> None:
    estate.forecast()
    estate.add(**DEARER)
    [watch_id] = estate.watches()
    assert [estate.run(watch_id), estate.run(watch_id)] == ["announced", "not_claimed"]
    assert len(estate.events()) == 1


def test_a_crash_leaves_nothing_and_the_next_worker_gives_one_event(estate: Estate) -> None:
    estate.forecast()
    estate.add(**DEARER)
    [watch_id] = estate.watches()
    with estate.database.tenant(estate.workspace_id) as session:
        dead = price_watches.claim(session, watch_id, token=uuid4(), lease_seconds=LEASE_SECONDS, now=NOW)
    assert dead is not None
    assert estate.run(watch_id, now=NOW + timedelta(seconds=LEASE_SECONDS - 1)) == "not_claimed"
    assert estate.events() == []
    assert estate.run(watch_id, now=NOW + timedelta(seconds=LEASE_SECONDS + 1)) == "announced"
    with estate.database.tenant(estate.workspace_id) as session:
        assert not price_watches.close(session, dead)
    assert len(estate.events()) == 1


def test_a_price_that_says_what_was_in_force_is_no_news(estate: Estate) -> None:
    estate.add(**DEARER, source="first")
    estate.add(**DEARER, source="second")
    first, second = estate.watches()
    assert [estate.run(second), estate.run(first)] == ["unchanged", "announced"]


def test_each_of_two_changes_is_told_as_it_came_though_the_worker_came_late(estate: Estate) -> None:
    estate.add(**DEARER)
    estate.add(**{**DEARER, "rate": Decimal(3), "recorded_at": NOW + timedelta(hours=1)})
    for watch_id in reversed(estate.watches()):
        assert estate.run(watch_id) == "announced"
    last, first = estate.events()
    assert (first["new"]["rate"], last["old"]["rate"], last["new"]["rate"]) == ("2.5", "2.5", "3")


def test_without_a_forecast_the_price_is_news_without_an_annual_number(estate: Estate) -> None:
    estate.add(**DEARER)
    [watch_id] = estate.watches()
    assert estate.run(watch_id) == "announced"
    [event] = estate.events()
    assert (event["forecast_id"], event["annual_before"], event["annual_after"], event["change"]) == (None,) * 4


def test_a_currency_without_a_rate_is_news_without_an_annual_number(estate: Estate) -> None:
    forecast_id, _ = estate.forecast()
    estate.add(**{**DEARER, "currency": "EUR"})
    [watch_id] = estate.watches()
    assert estate.run(watch_id) == "announced"
    [event] = estate.events()
    assert (event["forecast_id"], event["annual_after"]) == (str(forecast_id), None)
    assert event["new"]["currency"] == "EUR"


def test_a_model_that_nothing_is_routed_to_is_not_watched(estate: Estate) -> None:
    estate.add(model="deepseek-v4-flash", rate=Decimal(9))
    estate.add(provider="openai", rate=Decimal(9))
    assert estate.watches() == []


def test_rows_known_already_are_not_watched_again(estate: Estate) -> None:
    row = {**DEARER, "recorded_at": NOW}
    assert [estate.add(**row), estate.add(**row)] == [1, 0]
    assert len(estate.watches()) == 1


def test_rows_of_one_meter_that_come_together_are_one_watch(estate: Estate) -> None:
    both = [rows.price(**DEARER, utc_window=window) for window in ("peak", "off_peak")]
    with estate.database.tenant(estate.workspace_id) as session:
        prices.add_prices(session, [*both, rows.price(**{**DEARER, "meter": "input"})], now=NOW)
    assert len(estate.watches()) == 2


def test_a_price_whose_transaction_fails_is_not_watched(estate: Estate) -> None:
    with estate.database.tenant(estate.workspace_id) as session:
        prices.add_prices(session, [rows.price(**DEARER)], now=NOW)
        session.rollback()
    assert estate.watches() == []


def test_a_watch_is_sent_again_only_when_it_waits_too_long_or_lost_its_lease(estate: Estate) -> None:
    estate.add(**DEARER)
    [watch_id] = estate.watches()

    def due(now: datetime) -> bool:
        with estate.database.system() as session:
            sent, _ = price_watches.send_due(session, now=now, sent_too_long_seconds=60, max_attempts=5)
        return watch_id in [one.watch_id for one in sent]

    assert due(NOW)
    assert not due(NOW + timedelta(seconds=59))
    assert due(NOW + timedelta(seconds=61))
    later = NOW + timedelta(seconds=200)
    with estate.database.tenant(estate.workspace_id) as session:
        assert price_watches.claim(session, watch_id, token=uuid4(), lease_seconds=600, now=later)
    assert not due(later + timedelta(seconds=599))
    assert due(later + timedelta(seconds=601))


def test_a_watch_that_kills_every_worker_is_given_up(estate: Estate) -> None:
    estate.add(**DEARER)
    [watch_id] = estate.watches()
    with estate.database.tenant(estate.workspace_id) as session:
        assert price_watches.claim(session, watch_id, token=uuid4(), lease_seconds=1, now=NOW)
    later = NOW + timedelta(seconds=2)
    with estate.database.system() as session:
        _, given_up = price_watches.send_due(session, now=later, sent_too_long_seconds=60, max_attempts=1)
    assert given_up == 1
    assert estate.watches() == []


def test_running_workers_announce_a_changed_price(database: Database, processes: WorkerProcesses) -> None:
    sync_packaged_catalog(database, NOW)
    estate = Estate(database)
    estate.forecast()
    processes.worker()
    processes.beat()
    estate.add(**DEARER)
    wait_until(lambda: len(estate.events()) == 1, "the event of the changed price")
    assert estate.watches() == []
