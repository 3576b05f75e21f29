"""Prices as a resource: rows of history, added one by one or in bulk and never changed."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from forecasts.errors import Findings
from forecasts.prices.price import Price
from service.refusals import BadParameters
from service.schemas import meaning
from service.schemas.page import PageQuery
from service.schemas.pricing.price import PriceIn, check_overlaps
from service.store.price_book.conflicts import StoredConflict
from service.store.prices import NewPrice, PriceRecord

MOST_IN_BULK = 50_000

PricesIn = Annotated[list[PriceIn], msgspec.Meta(min_length=1, max_length=MOST_IN_BULK)]

_Filter = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


_AsOf = Annotated[
    str,
    msgspec.Meta(
        description="The book as known at this instant, or by the end of this day (UTC).",
        extra_json_schema={"anyOf": [{"format": "date-time"}, {"format": "date"}]},
    ),
]
_EffectiveAt = Annotated[
    str,
    msgspec.Meta(description="Only what was in force at this instant.", extra_json_schema={"format": "date-time"}),
]


class PriceQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    provider: _Filter | None = None
    model: _Filter | None = None
    meter: _Filter | None = None
    as_of: _AsOf | None = None
    effective_at: _EffectiveAt | None = None

    def clocks(self) -> tuple[datetime | None, datetime | None]:
        """`as_of` and `effective_at` as instants; raises BadParameters."""
        findings = Findings()
        known = None if self.as_of is None else known_by(findings, "/as_of", self.as_of)
        moment = None if self.effective_at is None else meaning.instant(findings, "/effective_at", self.effective_at)
        if findings.problems:
            raise BadParameters(tuple(findings.problems))
        return known, moment


class ConflictQuery(PageQuery, frozen=True, forbid_unknown_fields=True, kw_only=True):
    provider: _Filter | None = None
    model: _Filter | None = None
    as_of: _AsOf | None = None

    def known_by(self, now: datetime) -> datetime:
        """The moment whose knowledge is asked for; raises BadParameters."""
        findings = Findings()
        moment = now if self.as_of is None else known_by(findings, "/as_of", self.as_of)
        if findings.problems:
            raise BadParameters(tuple(findings.problems))
        return moment


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


class ConflictOut(msgspec.Struct, frozen=True, kw_only=True):
    """Sources that state different rates for the same conditions and start: `used` is what a forecast takes.

    A conflict bears the id of the row that is used.
    """

    id: UUID
    used: PriceOut
    others: list[PriceOut]


class Conflicts(msgspec.Struct, frozen=True, kw_only=True):
    items: list[ConflictOut]
    next_cursor: str | None


class PricesStored(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows were new, and how many said exactly what a stored row says."""

    inserted: int
    duplicates: int


def new_prices(sent: Sequence[PriceIn], *, at: str, each: bool, now: datetime) -> list[NewPrice]:
    """The rows of prices that make sense; raises InvalidInput. `each`: pointers count the rows below `at`."""
    findings = Findings()
    checked = [row.to_price(findings, f"{at}/{index}" if each else at, now=now) for index, row in enumerate(sent)]
    check_overlaps(checked, findings, at)
    findings.end()
    # Without a moment of its own the row says nothing new when it is sent again, so it has none here either.
    return [new_price(price, dated=row.recorded_at is not None) for row, price in zip(sent, checked, strict=True)]


def refuse_overlaps(overlaps: Sequence[tuple[int, PriceRecord]], pointers: Sequence[str]) -> None:
    """Raises InvalidInput for rows, by position in `pointers`, that cannot be meant together with stored ones."""
    findings = Findings()
    for index, stored in overlaps:
        findings.add(
            f"{pointers[index]}/effective_from",
            f"overlaps the stored price {stored.id}, which has the same status, conditions and source: a correction"
            f" has a later recorded_at than {stored.recorded_at:%Y-%m-%dT%H:%MZ}",
        )
    findings.end()


def new_price(price: Price, *, dated: bool) -> NewPrice:
    """The row of a price; `dated` keeps its own moment of record."""
    return NewPrice(
        provider=price.provider,
        model=price.model,
        meter=price.meter,
        rate=price.rate,
        currency=price.currency,
        per_tokens=price.per_tokens,
        effective_from=price.effective_from,
        effective_to=price.effective_to,
        recorded_at=price.recorded_at if dated else None,
        status=price.status,
        utc_window=price.utc_window,
        service_tier=price.service_tier,
        prompt_tokens_from=price.prompt_tokens_from,
        region=price.region,
        source=price.source,
        date_basis=price.date_basis,
        confidence=price.confidence,
    )


def known_by(findings: Findings, pointer: str, text: str) -> datetime:
    """An instant, or the last one of a day: by its end a forecast as of that day knows all it can know."""
    if len(text) == len("2027-01-31"):
        return meaning.start_of_day(meaning.day(findings, pointer, text)) + timedelta(days=1, microseconds=-1)
    return meaning.instant(findings, pointer, text)


def conflict_out(conflict: StoredConflict) -> ConflictOut:
    return ConflictOut(
        id=conflict.used.id, used=price_out(conflict.used), others=[price_out(record) for record in conflict.others]
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
