"""A file of prices into the workspace: tables as rows of the book, public catalogues as proposals; whole or not."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import Connection

from forecasts.errors import Findings
from service.imports.prices import genai_prices, litellm, models_dev
from service.imports.prices.difference import Change, compare
from service.imports.prices.found import FoundPrice, Harvest, LeftOut
from service.imports.prices.tables import read_csv, read_json
from service.schemas.pricing.resource import new_price, refuse_overlaps
from service.schemas.shape import BadJson
from service.store.price_book.overlaps import stored_overlaps
from service.store.price_book.proposals import NewProposal, add_proposals
from service.store.price_look_up import own_prices_by_hash
from service.store.prices import PricesAdded, add_prices, content_hash

Format = Literal["csv", "json", "genai-prices", "litellm", "models.dev"]

_CATALOGUES: dict[str, Callable[[Any, Harvest], None]] = {
    genai_prices.NAME: genai_prices.read_genai_prices,
    litellm.NAME: litellm.read_litellm,
    models_dev.NAME: models_dev.read_models_dev,
}
_OF_TABLES: dict[str, Callable[..., list[FoundPrice]]] = {"csv": read_csv, "json": read_json}


@dataclass(frozen=True, kw_only=True)
class FileRead:
    """The prices of a file in order, and what of it the book has no place for."""

    format: Format
    prices: list[FoundPrice]
    left_out: list[LeftOut] = field(default_factory=list)

    @property
    def is_catalogue(self) -> bool:
        return self.format in _CATALOGUES


@dataclass(frozen=True, kw_only=True)
class Imported:
    """What the file changes, or would change; `added` rows of tables, or `proposed` prices of catalogues."""

    changes: list[Change]
    left_out: list[LeftOut]
    added: PricesAdded | None = None
    proposed: int | None = None


def read_file(body: bytes, format_: Format, *, now: datetime) -> FileRead:
    """Raises InvalidInput with every problem of the file, and BadJson where it is none.

    An empty `genai-prices` file stands for the catalogue of the installed package.
    """
    findings = Findings()
    if format_ in _OF_TABLES:
        prices = _OF_TABLES[format_](body, findings, now=now)
        findings.end()
        return FileRead(format=format_, prices=prices)
    packaged = format_ == genai_prices.NAME and not body
    document = genai_prices.packaged_document() if packaged else _decoded(body)
    harvest = Harvest(now=now, source=format_, findings=findings)
    _CATALOGUES[format_](document, harvest)
    if not harvest.prices and not findings.problems:
        findings.add("", f"holds no prices in the format of {format_}")
    findings.end()
    return FileRead(format=format_, prices=harvest.prices, left_out=harvest.left_out)


def import_file(session: Connection, read: FileRead, *, dry_run: bool, actor: str, now: datetime) -> Imported:
    """Stores what the file says, in the caller's transaction; a dry run only compares.

    Raises InvalidInput where a row of a table overlaps a stored one.
    """
    changes = compare(session, read.prices, now=now)
    if not read.is_catalogue:
        rows = [new_price(one.price, dated=one.dated) for one in read.prices]
        refuse_overlaps(stored_overlaps(session, rows), [one.pointer for one in read.prices])
        hashes = [content_hash(row) for row in rows]
        known = own_prices_by_hash(session, hashes)
        changes = [
            Change(found=change.found, kind="unchanged", current=known[hash_]) if hash_ in known else change
            for change, hash_ in zip(changes, hashes, strict=True)
        ]
        return Imported(changes=changes, left_out=[], added=None if dry_run else add_prices(session, rows, now=now))
    hourly = [
        LeftOut(pointer=change.found.pointer, why="the book has peak and off-peak prices there: state those")
        for change in changes
        if change.by_the_hour
    ]
    changes = [change for change in changes if not change.by_the_hour]
    proposed = None
    if not dry_run:
        news = [_proposal(change, read.format) for change in changes if change.kind != "unchanged"]
        proposed = add_proposals(session, news, actor=actor, now=now)
    return Imported(changes=changes, left_out=[*read.left_out, *hourly], proposed=proposed)


def _proposal(change: Change, format_: str) -> NewProposal:
    price, current = change.found.price, change.current
    return NewProposal(
        format=format_,
        provider=price.provider,
        model=price.model,
        meter=price.meter,
        rate=price.rate,
        currency=price.currency,
        per_tokens=price.per_tokens,
        effective_from=price.effective_from,
        dated=change.found.dated,
        service_tier=price.service_tier,
        prompt_tokens_from=price.prompt_tokens_from,
        source=price.source,
        date_basis=price.date_basis,
        current_price_id=None if current is None else current.id,
        current_rate=None if current is None else current.rate,
        current_per_tokens=None if current is None else current.per_tokens,
        current_source=None if current is None else current.source,
    )


def _decoded(body: bytes) -> Any:
    try:
        # The standard library's reader keeps the digits that were written, where others make floats of them.
        return json.loads(body, parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise BadJson(f"the file is not UTF-8 text at byte {error.start}") from None
    except RecursionError:
        raise BadJson("the document is nested too deeply") from None
    except ValueError as error:
        raise BadJson(str(error)) from None
