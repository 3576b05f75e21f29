"""Export profiles of a workspace: made, read and replaced by name; exports write in them."""

from functools import partial
from typing import Any

from litestar import Response

from service.answers import Answer, json_answer, no_content
from service.problem_types import (
    CONDITION_MISSING,
    IDEMPOTENCY_KEY_BUSY,
    IDEMPOTENCY_KEY_REUSED,
    INVALID_INPUT,
    NAME_TAKEN,
    NOT_FOUND,
    STALE_VERSION,
)
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body, read_query, version_tag
from service.protocol.resources import after_id, changed, expected_version, page_answer, shown
from service.schemas.export_profile import (
    ExportProfileIn,
    ExportProfileOut,
    ExportProfilePage,
    export_profile_out,
    new_export_profile,
)
from service.schemas.page import PageQuery
from service.store import audit, export_profiles

PATH = "/v1/export-profiles"

_READ: dict[str, Any] = {"tag": "exports", "scope": "read"}
_WRITE: dict[str, Any] = {"tag": "exports", "scope": "write"}
_ONE = PATH + "/{profile_name:str}"


@operation(
    "POST",
    PATH,
    "createExportProfile",
    summary="Make an export profile: the codes and the ways of writing of one finance tool",
    body=ExportProfileIn,
    takes=("Idempotency-Key",),
    answers={201: Answered(shape=ExportProfileOut, headers=("Location", "ETag", "Idempotent-Replayed"))},
    problems=(INVALID_INPUT, NAME_TAKEN, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    **_WRITE,
)
def create_export_profile(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_create, request, body)).response()


def _create(request: Incoming, body: bytes, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    row = new_export_profile(read_body(request, body, ExportProfileIn))
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        record = export_profiles.add(session, row, now=now)
        subject = f"export_profile/{record.id}"
        audit.record(session, actor=caller.actor, action="export_profile.create", subject=subject, now=now)
        headers = {"Location": f"{PATH}/{record.name}", "ETag": version_tag(record.version)}
        return keep(session, json_answer(export_profile_out(record), status=201, headers=headers))


@operation(
    "GET",
    PATH,
    "listExportProfiles",
    summary="Export profiles in the order they were made",
    query=PageQuery,
    answers={200: Answered(shape=ExportProfilePage, headers=("Link",))},
    **_READ,
)
def list_export_profiles(request: Incoming) -> Response[bytes]:
    query = read_query(request, PageQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, after = export_profiles.page(session, after=after_id(query), limit=query.limit)
    return page_answer(request, query, map(export_profile_out, records), after).response()


@operation(
    "GET",
    _ONE,
    "getExportProfile",
    summary="One export profile, by its name",
    takes=("If-None-Match",),
    answers={200: Answered(shape=ExportProfileOut, headers=("ETag",)), 304: Answered(description="Not modified.")},
    problems=(NOT_FOUND,),
    **_READ,
)
def get_export_profile(request: Incoming, profile_name: PathText) -> Response[bytes]:
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = export_profiles.get_by_name(session, profile_name)
    return shown(request, record, export_profile_out(record)).response()


@operation(
    "PUT",
    _ONE,
    "replaceExportProfile",
    summary="Replace an export profile that has not changed since it was read",
    body=ExportProfileIn,
    takes=("If-Match",),
    answers={200: Answered(shape=ExportProfileOut, headers=("ETag",))},
    problems=(NOT_FOUND, STALE_VERSION, CONDITION_MISSING, NAME_TAKEN, INVALID_INPUT),
    **_WRITE,
)
def replace_export_profile(request: Incoming, body: BodyBytes, profile_name: PathText) -> Response[bytes]:
    parts, caller = parts_of(request), caller_of(request)
    row = new_export_profile(read_body(request, body, ExportProfileIn))
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        current = export_profiles.get_by_name(session, profile_name)
        version = expected_version(request, lambda: current.version)
        record = export_profiles.replace(session, current.id, row, expected_version=version, now=now)
        subject = f"export_profile/{record.id}"
        audit.record(session, actor=caller.actor, action="export_profile.replace", subject=subject, now=now)
    return changed(record, export_profile_out(record)).response()


@operation(
    "DELETE",
    _ONE,
    "deleteExportProfile",
    summary="Delete an export profile",
    takes=("If-Match",),
    answers={204: Answered(description="Deleted.")},
    problems=(NOT_FOUND, STALE_VERSION, CONDITION_MISSING),
    **_WRITE,
)
def delete_export_profile(request: Incoming, profile_name: PathText) -> Response[None]:
    parts, caller = parts_of(request), caller_of(request)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        current = export_profiles.get_by_name(session, profile_name)
        version = expected_version(request, lambda: current.version)
        export_profiles.remove(session, current.id, expected_version=version)
        subject = f"export_profile/{current.id}"
        audit.record(session, actor=caller.actor, action="export_profile.delete", subject=subject, now=now)
    return no_content()


ROUTES = (
    create_export_profile,
    list_export_profiles,
    get_export_profile,
    replace_export_profile,
    delete_export_profile,
)
