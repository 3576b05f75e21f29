"""Fleets: created, read, replaced under a condition, deleted while nothing is routed to them."""

from functools import partial
from typing import Any

from litestar import Response

from service.answers import Answer, no_content
from service.estate.references import check_fleet
from service.problem_types import (
    CONDITION_MISSING,
    IDEMPOTENCY_KEY_BUSY,
    IDEMPOTENCY_KEY_REUSED,
    INVALID_INPUT,
    NAME_TAKEN,
    NOT_FOUND,
    STALE_VERSION,
    STILL_REFERENCED,
)
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body, read_query
from service.protocol.resources import after_id, changed, created, expected_version, id_from, page_answer, shown
from service.schemas.fleet.fleet import FleetIn
from service.schemas.fleet.resource import FleetOut, FleetPage, fleet_out, new_fleet
from service.schemas.page import NamedPageQuery
from service.store import audit, fleets

PATH = "/v1/fleets"

_READ: dict[str, Any] = {"tag": "fleets", "scope": "read"}
_WRITE: dict[str, Any] = {"tag": "fleets", "scope": "write"}


@operation(
    "POST",
    PATH,
    "createFleet",
    summary="Declare a fleet",
    body=FleetIn,
    takes=("Idempotency-Key",),
    answers={201: Answered(shape=FleetOut, headers=("Location", "ETag", "Idempotent-Replayed"))},
    problems=(INVALID_INPUT, NAME_TAKEN, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    **_WRITE,
)
def create_fleet(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_create_fleet, request, body)).response()


def _create_fleet(request: Incoming, body: bytes, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    sent = read_body(request, body, FleetIn)
    row = new_fleet(sent)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        check_fleet(session, sent, parts.priced_models)
        record = fleets.add(session, row, now=now)
        audit.record(session, actor=caller.actor, action="fleet.create", subject=f"fleet/{record.id}", now=now)
        return keep(session, created(PATH, record, fleet_out(record)))


@operation(
    "GET",
    PATH,
    "listFleets",
    summary="Fleets in the order they were made",
    query=NamedPageQuery,
    answers={200: Answered(shape=FleetPage, headers=("Link",))},
    **_READ,
)
def list_fleets(request: Incoming) -> Response[bytes]:
    query = read_query(request, NamedPageQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = fleets.page(session, after=after_id(query), limit=query.limit, name=query.name)
    return page_answer(request, query, map(fleet_out, records), after).response()


@operation(
    "GET",
    PATH + "/{fleet_id:str}",
    "getFleet",
    summary="One fleet",
    takes=("If-None-Match",),
    answers={200: Answered(shape=FleetOut, headers=("ETag",)), 304: Answered(description="Not modified.")},
    problems=(NOT_FOUND,),
    **_READ,
)
def get_fleet(request: Incoming, fleet_id: PathText) -> Response[bytes]:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = fleets.get(session, id_from(fleet_id, "fleet"))
    return shown(request, record, fleet_out(record)).response()


@operation(
    "PUT",
    PATH + "/{fleet_id:str}",
    "replaceFleet",
    summary="Replace a fleet that has not changed since it was read",
    body=FleetIn,
    takes=("If-Match",),
    answers={200: Answered(shape=FleetOut, headers=("ETag",))},
    problems=(NOT_FOUND, STALE_VERSION, CONDITION_MISSING, NAME_TAKEN, STILL_REFERENCED, INVALID_INPUT),
    **_WRITE,
)
def replace_fleet(request: Incoming, body: BodyBytes, fleet_id: PathText) -> Response[bytes]:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(fleet_id, "fleet")
    sent = read_body(request, body, FleetIn)
    row = new_fleet(sent)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        version = expected_version(request, lambda: fleets.get(session, found).version)
        check_fleet(session, sent, parts.priced_models)
        record = fleets.replace(session, found, row, expected_version=version, now=now)
        audit.record(session, actor=caller.actor, action="fleet.replace", subject=f"fleet/{record.id}", now=now)
    return changed(record, fleet_out(record)).response()


@operation(
    "DELETE",
    PATH + "/{fleet_id:str}",
    "deleteFleet",
    summary="Delete a fleet that no workload is routed to",
    takes=("If-Match",),
    answers={204: Answered(description="Deleted.")},
    problems=(NOT_FOUND, STALE_VERSION, CONDITION_MISSING, STILL_REFERENCED),
    **_WRITE,
)
def delete_fleet(request: Incoming, fleet_id: PathText) -> Response[None]:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(fleet_id, "fleet")
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        version = expected_version(request, lambda: fleets.get(session, found).version)
        fleets.remove(session, found, expected_version=version)
        audit.record(session, actor=caller.actor, action="fleet.delete", subject=f"fleet/{found}", now=now)
    return no_content()


ROUTES = (create_fleet, list_fleets, get_fleet, replace_fleet, delete_fleet)
