"""Measured points of speculative decoding: added, read and removed; forecasts use those of their fleets."""

from functools import partial
from typing import Any

from litestar import Response

from service.answers import Answer, json_answer, no_content
from service.estate.measured_points import check_measurement
from service.problem_types import IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED, INVALID_INPUT, NOT_FOUND
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body, read_query
from service.protocol.resources import after_id, id_from, page_answer
from service.schemas.decoders.measurement import MeasurementIn
from service.schemas.decoders.measurement_resource import (
    MeasurementOut,
    MeasurementPage,
    MeasurementQuery,
    measurement_out,
    new_measurement,
)
from service.store import audit, measurements

PATH = "/v1/decoders/measurements"

_READ: dict[str, Any] = {"tag": "decoders", "scope": "read"}
_WRITE: dict[str, Any] = {"tag": "decoders", "scope": "write"}
_ONE = PATH + "/{measurement_id:str}"
_HEADERS = ("Location", "Idempotent-Replayed")


@operation(
    "POST",
    PATH,
    "addMeasurement",
    summary="Add a measured point of a decoder on a fleet; forecasts of the fleet use it from then on",
    body=MeasurementIn,
    takes=("Idempotency-Key",),
    answers={
        201: Answered(shape=MeasurementOut, headers=_HEADERS),
        200: Answered(shape=MeasurementOut, headers=_HEADERS, description="The point was known already."),
    },
    problems=(INVALID_INPUT, NOT_FOUND, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    **_WRITE,
)
def add_measurement(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_add_measurement, request, body)).response()


def _add_measurement(request: Incoming, body: bytes, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    sent = read_body(request, body, MeasurementIn)
    now = parts.clock()
    row = new_measurement(sent, now=now)
    with parts.database.tenant(caller.workspace_id) as session:
        check_measurement(session, sent)
        record, is_new = measurements.add(session, row, now=now)
        if is_new:
            subject = f"measurement/{record.id}"
            audit.record(session, actor=caller.actor, action="measurement.add", subject=subject, now=now)
        answer = json_answer(
            measurement_out(record), status=201 if is_new else 200, headers={"Location": f"{PATH}/{record.id}"}
        )
        return keep(session, answer)


@operation(
    "GET",
    PATH,
    "listMeasurements",
    summary="Measured points in the order they were added",
    query=MeasurementQuery,
    answers={200: Answered(shape=MeasurementPage, headers=("Link",))},
    **_READ,
)
def list_measurements(request: Incoming) -> Response[bytes]:
    query = read_query(request, MeasurementQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = measurements.page(
            session, after=after_id(query), limit=query.limit, fleet=query.fleet, method=query.method
        )
    return page_answer(request, query, map(measurement_out, records), after).response()


@operation(
    "GET",
    _ONE,
    "getMeasurement",
    summary="One measured point",
    answers={200: Answered(shape=MeasurementOut)},
    problems=(NOT_FOUND,),
    **_READ,
)
def get_measurement(request: Incoming, measurement_id: PathText) -> Response[bytes]:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = measurements.get(session, id_from(measurement_id, "measurement"))
    return json_answer(measurement_out(record)).response()


@operation(
    "DELETE",
    _ONE,
    "deleteMeasurement",
    summary="Remove a measured point; forecasts made with it stay as they are",
    answers={204: Answered(description="Deleted.")},
    problems=(NOT_FOUND,),
    **_WRITE,
)
def delete_measurement(request: Incoming, measurement_id: PathText) -> Response[None]:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(measurement_id, "measurement")
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        measurements.remove(session, found)
        audit.record(session, actor=caller.actor, action="measurement.delete", subject=f"measurement/{found}", now=now)
    return no_content()


ROUTES = (add_measurement, list_measurements, get_measurement, delete_measurement)
