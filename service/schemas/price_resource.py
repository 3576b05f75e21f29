"""Prices as a resource: rows of history, added one by one or in bulk and never changed."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from forecasts.errors import Findings
from service.schemas.page import PageQuery
from service.schemas.price import PriceIn
from service.store.prices import NewPrice, PriceRecord

MOST_IN_BULK = 50_000

PricesIn = Annotated[list[PriceIn], msgspec.Meta(min_length=1, max_length=MOST_IN_BULK)]

_Filter = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class PriceQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    provider: _Filter | None = None
    model: _Filter | None = None
    meter: _Filter | None = None


class PriceOut(msgspec.Struct, frozen=True, kw_only=True):
    """`packaged` rows come with the catalogue and are the same for every workspace.

    `end_recorded_at` is when the end became known: before it, the price was open-ended.
    """

    id: UUID
    packaged: bool
    provider: str
    model: str
    meter: str
    rate: Decimal
    currency: str
    per_tokens: int
    effective_from: datetime
    effective_to: datetime | None
    recorded_at: datetime
    end_recorded_at: datetime | None
    status: str
    utc_window: str | None
    service_tier: str
    prompt_tokens_from: int
    region: str | None
    source: str
    date_basis: str
    confidence: str


class PricePage(msgspec.Struct, frozen=True, kw_only=True):
    items: list[PriceOut]
    next_cursor: str | None


class PricesStored(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows were new, and how many said exactly what a stored row says."""

    inserted: int
    duplicates: int


def new_prices(sent: Sequence[PriceIn], *, at: str, each: bool, now: datetime) -> list[NewPrice]:
    """The rows of prices that make sense; raises InvalidInput. `each`: pointers count the rows below `at`."""
    findings = Findings()
    rows = [_new_price(row, findings, f"{at}/{index}" if each else at, now) for index, row in enumerate(sent)]
    findings.end()
    return rows


def _new_price(sent: PriceIn, findings: Findings, at: str, now: datetime) -> NewPrice:
    price = sent.to_price(findings, at, now=now)
    return NewPrice(
        provider=price.provider,
        model=price.model,
        meter=price.meter,
        rate=price.rate,
        currency=price.currency,
        per_tokens=price.per_tokens,
        effective_from=price.effective_from,
        effective_to=price.effective_to,
        # Without a moment of its own the row says nothing new when it is sent again, so it has none here either.
        recorded_at=None if sent.recorded_at is None else price.recorded_at,
        status=price.status,
        utc_window=price.utc_window,
        service_tier=price.service_tier,
        prompt_tokens_from=price.prompt_tokens_from,
        region=price.region,
        source=price.source,
        date_basis=price.date_basis,
        confidence=price.confidence,
    )


def price_out(record: PriceRecord) -> PriceOut:
    return PriceOut(
        id=record.id,
        packaged=record.workspace_id is None,
        provider=record.provider,
        model=record.model,
        meter=record.meter,
        rate=record.rate,
        currency=record.currency,
        per_tokens=record.per_tokens,
        effective_from=record.effective_from,
        effective_to=record.effective_to,
        recorded_at=record.recorded_at,
        end_recorded_at=record.end_recorded_at,
        status=record.status,
        utc_window=record.utc_window,
        service_tier=record.service_tier,
        prompt_tokens_from=record.prompt_tokens_from,
        region=record.region,
        source=record.source or "",
        date_basis=record.date_basis or "",
        confidence=record.confidence or "",
    )
