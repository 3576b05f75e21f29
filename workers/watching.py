"""One price watch from claim to event: computed outside any transaction, announced in the one that ends the watch."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from forecasts.errors import InvalidInput
from forecasts.prices.in_force.look_up import PriceLookUp
from forecasts.prices.price import Price
from service.forecasting.price_change import AnnualChange, annual_change
from service.store import outbox, price_watches
from service.store.database import Database
from service.store.price_book.conflicts import price_of
from service.store.price_watches import WatchClaim
from service.store.prices import PriceRecord, known_prices

PRICE_CHANGED = "price.changed"
# Nobody waits for a watch, so its lease is longer than two forecasts of a large estate instead of being kept.
LEASE_SECONDS = 600.0
_LATER_THAN_ALL = datetime.max.replace(tzinfo=UTC) - timedelta(days=1)

Outcome = Literal["not_claimed", "announced", "unchanged", "lost"]

log = structlog.get_logger()


def run_price_watch(
    database: Database, watch_id: UUID, *, workspace_id: UUID, clock: Callable[[], datetime]
) -> Outcome:
    """Announces what a changed price does, once; a database that goes away is left to the lease to repair."""
    with database.tenant(workspace_id) as session:
        claimed = price_watches.claim(session, watch_id, token=uuid4(), lease_seconds=LEASE_SECONDS, now=clock())
        if claimed is None:
            return "not_claimed"
        book = known_prices(session, [(claimed.provider, claimed.model)], as_of=_LATER_THAN_ALL)
        forecast = price_watches.latest_forecast_paying(session, claimed.provider, claimed.model)
    new = [record for record in book if record.id in claimed.price_ids and record.meter == claimed.meter]
    told = _price_change(book, new)
    if told is not None:
        change = None if forecast is None else _annual_change(forecast[1], new, claimed)
        told |= _annual(None if forecast is None else forecast[0], change)
    with database.tenant(workspace_id) as session:
        if not price_watches.close(session, claimed):
            return "lost"
        if told is None:
            return "unchanged"
        subject = f"price/{told['price_id']}"
        outbox.add(session, event=PRICE_CHANGED, subject=subject, data=told, now=clock())
    log.info("price_change_announced", watch_id=str(watch_id), workspace_id=str(workspace_id))
    return "announced"


def _price_change(book: list[PriceRecord], new: list[PriceRecord]) -> dict[str, Any] | None:
    """What was in force, and now is, where the latest of the new rows starts; None where that is the same."""
    if not new:
        return None
    latest = max(new, key=lambda record: (record.effective_from, record.recorded_at, record.id))
    # Ids rise with time: what was added after these rows is another watch's news.
    earlier = [record for record in book if record.id < min(one.id for one in new)]
    before = _in_force(latest, earlier)
    after = _in_force(latest, earlier + new)
    if before == after:
        return None
    return {
        "price_id": latest.id,
        "model": f"{latest.provider}/{latest.model}",
        "meter": latest.meter,
        "service_tier": latest.service_tier,
        "utc_window": latest.utc_window,
        "old": before,
        "new": after,
        "effective_from": latest.effective_from,
    }


def _in_force(asked: PriceRecord, book: list[PriceRecord]) -> dict[str, Any] | None:
    """The price for the row's own conditions at its start; None where there is none."""
    found = PriceLookUp(price_of(record) for record in book).at(
        asked.provider,
        asked.model,
        asked.meter,
        asked.effective_from,
        known_at=_LATER_THAN_ALL,
        service_tier=asked.service_tier,
        region=asked.region,
        prompt_tokens=asked.prompt_tokens_from,
    )
    exact: list[Price] = [row for row in found if row.utc_window in (asked.utc_window, None)]
    row = next(iter(exact or found), None)
    if row is None:
        return None
    return {"rate": f"{row.rate.normalize():f}", "currency": row.currency, "per_tokens": row.per_tokens}


def _annual_change(snapshot: bytes, new: list[PriceRecord], claimed: WatchClaim) -> AnnualChange | None:
    """None where the rows cannot be forecast with: the price is news all the same."""
    try:
        return annual_change(snapshot, new)
    except InvalidInput as unfit:
        log.info("price_change_not_forecast", watch_id=str(claimed.watch_id), problems=len(unfit.problems))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("price_change_failed", watch_id=str(claimed.watch_id))
    return None


def _annual(forecast_id: UUID | None, change: AnnualChange | None) -> dict[str, Any]:
    return {
        "forecast_id": forecast_id,
        "currency": None if change is None else change.currency,
        "annual_before": None if change is None else change.before,
        "annual_after": None if change is None else change.after,
        "change": None if change is None else change.change,
    }
