"""From what a workspace has stored to the plan that forecasts it, with problems told in the caller's own pointers."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import msgspec
from sqlalchemy import Connection

from forecasts.errors import Findings, InvalidInput, Problem
from service.estate.measured_points import with_stored_points
from service.schemas.fleet.fleet import FleetIn
from service.schemas.plan.plan import PlanIn, plan_of
from service.schemas.plan.terms import TermsIn
from service.schemas.workload.workload import WorkloadIn
from service.store import fleets, workloads

MOST_WORKLOADS = 10_000

Translate = Callable[[str], str]


def stored_plan(session: Connection, terms: TermsIn, names: list[str] | None) -> PlanIn:
    """The named workloads (all when None) with the fleets they use; raises InvalidInput for names nobody bears."""
    return plan_with_fleets(session, terms, _workloads(session, names))


def plan_with_fleets(session: Connection, terms: TermsIn, chosen: list[WorkloadIn]) -> PlanIn:
    """These workloads under the terms, with the stored fleets that they name and what was measured on those."""
    used = sorted(
        {share.fleet for workload in chosen for routes in workload.routes for share in routes.to if share.fleet}
    )
    records = fleets.find_by_names(session, used) if used else {}
    plan = plan_of(
        terms,
        workloads=chosen,
        fleets=[msgspec.convert(records[name].document, FleetIn) for name in used if name in records],
    )
    return with_stored_points(session, plan)


@contextmanager
def told_as(translate: Translate) -> Iterator[None]:
    """Problems raised inside point into a plan; the caller sent something else, so `translate` says where there."""
    try:
        yield
    except InvalidInput as error:
        raise InvalidInput(
            tuple(Problem(pointer=translate(problem.pointer), detail=problem.detail) for problem in error.problems)
        ) from None


def in_workload_post(pointer: str) -> str:
    """A plan's only workload is the body of `POST /v1/workloads` itself, and its terms are in `forecast`."""
    inside = pointer.removeprefix("/workloads/0")
    if inside != pointer:
        return inside
    # A fleet is no part of the body: what is wrong with one is wrong with the routes that lead to it.
    return "/routes" if pointer.startswith("/fleets/") else f"/forecast{pointer}"


def in_forecast_request(names: Iterable[str]) -> Translate:
    """Stored workloads and fleets are named in the request, so a problem inside one points to its name."""
    listed = list(names)

    def translate(pointer: str) -> str:
        for kind in ("/workloads/", "/fleets/"):
            if pointer.startswith(kind):
                index = pointer.removeprefix(kind).partition("/")[0]
                return f"/workloads/{index}" if kind == "/workloads/" and listed else "/workloads"
        return pointer

    return translate


def in_plan_of_request(pointer: str) -> str:
    return f"/plan{pointer}"


def _workloads(session: Connection, names: list[str] | None) -> list[WorkloadIn]:
    findings = Findings()
    if names is None:
        records, more = workloads.page(session, after=None, limit=MOST_WORKLOADS)
        if not records:
            findings.add("/workloads", "there is no workload to forecast: declare one first")
        if more is not None:
            findings.add("/workloads", f"there are more than {MOST_WORKLOADS} workloads: name those to forecast")
        findings.end()
        return [msgspec.convert(record.document, WorkloadIn) for record in records]
    found = workloads.find_by_names(session, names)
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name not in found:
            findings.add(f"/workloads/{index}", f"{name!r} is no workload of this workspace")
        elif name in seen:
            findings.add(f"/workloads/{index}", f"{name!r} is named twice")
        seen.add(name)
    findings.end()
    return [msgspec.convert(found[name].document, WorkloadIn) for name in names]
