"""What a changed price does to the annual number: a forecast's frozen inputs with and without the new rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import msgspec

from forecasts.forecast import forecast
from forecasts.money import format_minor
from service.forecasting.snapshot import end_of_day, price_in
from service.schemas.plan.plan import PlanIn
from service.schemas.pricing.price import PriceIn
from service.store.prices import PriceRecord


@dataclass(frozen=True, kw_only=True)
class AnnualChange:
    """Expected cost over the forecast's horizon on its own basis, as decimal strings in `currency`."""

    currency: str
    before: str
    after: str
    change: str


def annual_change(snapshot: bytes, new_rows: Sequence[PriceRecord]) -> AnnualChange:
    """Both forecasts have the snapshot's day, seed and draws, so that nothing but the rows sets them apart.

    The rows count as known on the snapshot's day, though they came later. Raises InvalidInput where they do not fit
    the snapshot, for example in a currency without a rate.
    """
    document = msgspec.json.decode(snapshot, type=PlanIn)
    as_of = date.fromisoformat(document.as_of or "")
    added = [price_in(record) for record in new_rows]
    without = [row for row in document.prices if row not in added]
    known = [_known_by(row, end_of_day(as_of)) for row in added]
    digits, before = _expected(msgspec.structs.replace(document, prices=without), as_of)
    _, after = _expected(msgspec.structs.replace(document, prices=without + known), as_of)
    return AnnualChange(
        currency=document.currency,
        before=format_minor(before, digits),
        after=format_minor(after, digits),
        change=format_minor(after - before, digits),
    )


def _known_by(row: PriceIn, moment: datetime) -> PriceIn:
    recorded = datetime.fromisoformat(row.recorded_at or moment.isoformat())
    return row if recorded <= moment else msgspec.structs.replace(row, recorded_at=moment.isoformat())


def _expected(document: PlanIn, as_of: date) -> tuple[int, int]:
    """The currency's decimals, and the expected cost in its minor units."""
    budget = forecast(document.to_plan(now=datetime.combine(as_of, time(), tzinfo=UTC)))
    return budget.digits, budget.total.budget.expected
