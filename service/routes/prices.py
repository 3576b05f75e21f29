"""Prices: history that is only ever added to."""

from functools import partial
from typing import Any

from litestar import Response

from service.answers import Answer, json_answer
from service.problem_types import IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED, INVALID_INPUT, NOT_FOUND
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body, read_query
from service.protocol.resources import after_id, id_from, page_answer
from service.schemas.pricing.price import PriceIn
from service.schemas.pricing.resource import (
    ConflictQuery,
    Conflicts,
    PriceOut,
    PricePage,
    PriceQuery,
    PricesIn,
    PricesStored,
    conflict_out,
    new_prices,
    price_out,
    refuse_overlaps,
)
from service.store import audit, prices
from service.store.price_book import listing
from service.store.price_book.conflicts import conflicts_known
from service.store.price_book.overlaps import stored_overlaps
from service.store.price_look_up import get_price, own_prices_by_hash

PATH = "/v1/prices"

_READ: dict[str, Any] = {"tag": "prices", "scope": "read"}
_WRITE: dict[str, Any] = {"tag": "prices", "scope": "write"}


@operation(
    "POST",
    PATH,
    "addPrices",
    summary="Add a price, or a list of them, whole or not at all; rows already known are left alone",
    body=PriceIn | PricesIn,
    takes=("Idempotency-Key",),
    answers={
        201: Answered(shape=(PriceOut, PricesStored), headers=("Location", "Idempotent-Replayed")),
        200: Answered(
            shape=(PriceOut, PricesStored),
            headers=("Location", "Idempotent-Replayed"),
            description="Every row was known already.",
        ),
    },
    problems=(INVALID_INPUT, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    **_WRITE,
)
def add_prices(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_add_prices, request, body)).response()


def _add_prices(request: Incoming, body: bytes, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    sent: PriceIn | list[PriceIn] = read_body(request, body, PriceIn | PricesIn)
    single = isinstance(sent, PriceIn)
    now = parts.clock()
    rows = new_prices([sent] if isinstance(sent, PriceIn) else sent, at="", each=not single, now=now)
    pointers = [""] if single else [f"/{index}" for index in range(len(rows))]
    with parts.database.tenant(caller.workspace_id) as session:
        refuse_overlaps(stored_overlaps(session, rows), pointers)
        added = prices.add_prices(session, rows, now=now)
        if added.inserted:
            detail = {"rows": added.inserted}
            audit.record(session, actor=caller.actor, action="price.add", subject="prices", detail=detail, now=now)
        status = 201 if added.inserted else 200
        if not single:
            stored = PricesStored(inserted=added.inserted, duplicates=added.duplicates)
            return keep(session, json_answer(stored, status=status))
        content_hash = prices.content_hash(rows[0])
        record = own_prices_by_hash(session, [content_hash])[content_hash]
        headers = {"Location": f"{PATH}/{record.id}"}
        return keep(session, json_answer(price_out(record), status=status, headers=headers))


@operation(
    "GET",
    PATH,
    "listPrices",
    summary="Own and packaged prices in the order they were added, as known at one moment and in force at another",
    query=PriceQuery,
    answers={200: Answered(shape=PricePage, headers=("Link",))},
    **_READ,
)
def list_prices(request: Incoming) -> Response[bytes]:
    query = read_query(request, PriceQuery)
    as_of, effective_at = query.clocks()
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = listing.page(
            session,
            provider=query.provider,
            model=query.model,
            meter=query.meter,
            as_of=as_of,
            effective_at=effective_at,
            after=after_id(query),
            limit=query.limit,
        )
    return page_answer(request, query, map(price_out, records), after).response()


@operation(
    "GET",
    PATH + "/conflicts",
    "listPriceConflicts",
    summary="Where sources contradict each other; nothing is averaged, and `used` is what a forecast takes",
    query=ConflictQuery,
    answers={200: Answered(shape=Conflicts, headers=("Link",))},
    **_READ,
)
def list_conflicts(request: Incoming) -> Response[bytes]:
    query = read_query(request, ConflictQuery)
    as_of = query.known_by(parts_of(request).clock())
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        found, after = conflicts_known(
            session,
            as_of=as_of,
            provider=query.provider,
            model=query.model,
            after=after_id(query),
            limit=query.limit,
        )
    return page_answer(request, query, map(conflict_out, found), after).response()


@operation(
    "GET",
    PATH + "/{price_id:str}",
    "getPrice",
    summary="One price",
    answers={200: Answered(shape=PriceOut)},
    problems=(NOT_FOUND,),
    **_READ,
)
def get_one_price(request: Incoming, price_id: PathText) -> Response[bytes]:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = get_price(session, id_from(price_id, "price"))
    return json_answer(price_out(record)).response()


ROUTES = (add_prices, list_prices, list_conflicts, get_one_price)
