"""What an import answers: the difference against the book, what was stored of it, and what had no place."""

from collections import Counter
from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

import msgspec

from service.imports.prices.difference import Change, Kind
from service.imports.prices.importing import FileRead, Format, Imported
from service.schemas.pricing.resource import PricesStored
from service.store.prices import PriceRecord

# Beyond these a reader is better served by the list of proposals, or by the file itself.
MOST_CHANGES_SHOWN = 1000
MOST_LEFT_OUT_SHOWN = 200

_Format = Annotated[Format, msgspec.Meta(description="What the file is.")]
_DryRun = Annotated[bool, msgspec.Meta(description="Only tell what the file would change.")]


class ImportQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    format: _Format
    dry_run: _DryRun = False


class CurrentPriceOut(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    rate: Decimal
    currency: str
    per_tokens: int
    effective_from: datetime
    source: str


class ChangeOut(msgspec.Struct, frozen=True, kw_only=True):
    """One price of the file beside the one in force for the same conditions at its start."""

    pointer: str
    change: Kind
    provider: str
    model: str
    meter: str
    service_tier: str
    prompt_tokens_from: int
    utc_window: str | None
    effective_from: datetime
    rate: Decimal
    currency: str
    per_tokens: int
    current: CurrentPriceOut | None


class LeftOutOut(msgspec.Struct, frozen=True, kw_only=True):
    pointer: str
    why: str


class ImportCounts(msgspec.Struct, frozen=True, kw_only=True):
    new: int
    changed: int
    unchanged: int
    left_out: int


class ImportOut(msgspec.Struct, frozen=True, kw_only=True):
    """`stored` rows of a table, or `proposed` prices of a catalogue; neither after a dry run.

    `changes` and `left_out` show the first of each; `counts` has them all.
    """

    format: str
    dry_run: bool
    counts: ImportCounts
    stored: PricesStored | None
    proposed: int | None
    changes: list[ChangeOut]
    left_out: list[LeftOutOut]


def import_out(read: FileRead, imported: Imported, *, dry_run: bool) -> ImportOut:
    kinds = Counter(change.kind for change in imported.changes)
    shown = [change for change in imported.changes if change.kind != "unchanged"]
    added = imported.added
    return ImportOut(
        format=read.format,
        dry_run=dry_run,
        counts=ImportCounts(
            new=kinds["new"],
            changed=kinds["changed"],
            unchanged=kinds["unchanged"],
            left_out=len(imported.left_out),
        ),
        stored=None if added is None else PricesStored(inserted=added.inserted, duplicates=added.duplicates),
        proposed=imported.proposed,
        changes=[_change_out(change) for change in shown[:MOST_CHANGES_SHOWN]],
        left_out=[LeftOutOut(pointer=one.pointer, why=one.why) for one in imported.left_out[:MOST_LEFT_OUT_SHOWN]],
    )


def _change_out(change: Change) -> ChangeOut:
    price = change.found.price
    return ChangeOut(
        pointer=change.found.pointer,
        change=change.kind,
        provider=price.provider,
        model=price.model,
        meter=price.meter,
        service_tier=price.service_tier,
        prompt_tokens_from=price.prompt_tokens_from,
        utc_window=price.utc_window,
        effective_from=price.effective_from,
        rate=price.rate,
        currency=price.currency,
        per_tokens=price.per_tokens,
        current=None if change.current is None else _current_out(change.current),
    )


def _current_out(record: PriceRecord) -> CurrentPriceOut:
    return CurrentPriceOut(
        id=record.id,
        rate=record.rate,
        currency=record.currency,
        per_tokens=record.per_tokens,
        effective_from=record.effective_from,
        source=record.source or "",
    )
