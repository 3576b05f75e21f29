"""The plan that previews a workload or a fleet as somebody types it, with the stored estate that it needs."""

from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection

from forecasts.errors import Findings, InvalidInput, Problem
from service.estate.measured_points import with_stored_points
from service.estate.references import PricedModels, check_fleet, check_workload
from service.estate.stored_plan import Translate, plan_with_fleets, told_as
from service.schemas.fleet.fleet import FleetIn
from service.schemas.fleet.resource import DEFAULT_CURRENCY, new_fleet
from service.schemas.forecast.preview import PreviewIn
from service.schemas.plan.plan import PlanIn, plan_of
from service.schemas.plan.terms import TermsIn
from service.schemas.workload.resource import new_workload
from service.schemas.workload.workload import WorkloadIn
from service.store import fleets, workloads

# Enough for a mean within a few percent of the forecast's own, and for an answer while somebody types.
DRAWS = 512
# What is more than this is forecast, not previewed: somebody waits in the request.
MOST_WORKLOADS = 50
MOST_ROUTES = 100


@dataclass(frozen=True, kw_only=True)
class PreviewedPlan:
    """`translate` leads pointers into the plan to what was sent."""

    plan: PlanIn
    translate: Translate


def previewed_plan(session: Connection, sent: PreviewIn, priced: PricedModels) -> PreviewedPlan:
    """Raises InvalidInput with the problems that storing what was sent would have, by pointers into it."""
    if sent.workload is not None and sent.fleet is None:
        return _of_workload(session, sent.workload, priced)
    if sent.fleet is not None and sent.workload is None:
        return _of_fleet(session, sent.fleet, priced)
    raise InvalidInput((Problem(pointer="", detail="must hold either a workload or a fleet"),))


def _of_workload(session: Connection, sent: WorkloadIn, priced: PricedModels) -> PreviewedPlan:
    with told_as(_in_workload):
        new_workload(sent)
        check_workload(session, sent, priced)
    plan = plan_with_fleets(session, TermsIn(draws=DRAWS), [sent])
    _refuse_too_much(plan.workloads, "/workload/routes")
    return PreviewedPlan(plan=_in_its_currency(plan), translate=_plan_of_workload)


def _of_fleet(session: Connection, sent: FleetIn, priced: PricedModels) -> PreviewedPlan:
    with told_as(_in_fleet):
        new_fleet(sent)
        check_fleet(session, sent, priced)
    routed = workloads.routed_to(session, sent.name, limit=MOST_WORKLOADS + 1)
    chosen = [msgspec.convert(record.document, WorkloadIn) for record in routed]
    _refuse_too_much(chosen, "/fleet/name")
    others = {share.fleet for one in chosen for routes in one.routes for share in routes.to if share.fleet}
    records = fleets.find_by_names(session, others - {sent.name})
    stored = [msgspec.convert(records[name].document, FleetIn) for name in sorted(records)]
    plan = plan_of(TermsIn(draws=DRAWS), workloads=chosen, fleets=[sent, *stored])
    with told_as(_plan_of_fleet):
        plan = with_stored_points(session, plan)
    return PreviewedPlan(plan=_in_its_currency(plan), translate=_plan_of_fleet)


def _refuse_too_much(chosen: list[WorkloadIn], at: str) -> None:
    findings = Findings()
    routes = len(
        {
            (one.name, to.fleet, to.model, to.service_tier, to.region)
            for one in chosen
            for routes in one.routes
            for to in routes.to
        }
    )
    if len(chosen) > MOST_WORKLOADS:
        findings.add(at, f"has more than {MOST_WORKLOADS} workloads routed to it: too many to preview, so forecast it")
    elif routes > MOST_ROUTES:
        findings.add(at, f"there are more than {MOST_ROUTES} routes: too many to preview, so forecast it")
    findings.end()


def _in_its_currency(plan: PlanIn) -> PlanIn:
    """In the currency of its fleets where they have one in common, so that no exchange rate is needed for them."""
    currencies = {fleet.currency or DEFAULT_CURRENCY for fleet in plan.fleets}
    return msgspec.structs.replace(plan, currency=currencies.pop()) if len(currencies) == 1 else plan


def _in_workload(pointer: str) -> str:
    return f"/workload{pointer}"


def _in_fleet(pointer: str) -> str:
    return f"/fleet{pointer}"


def _plan_of_workload(pointer: str) -> str:
    inside = pointer.removeprefix("/workloads/0")
    if inside != pointer:
        return f"/workload{inside}"
    # A stored fleet is no part of what was sent: what is wrong with one is wrong with the routes that lead to it.
    return "/workload/routes" if pointer.startswith("/fleets/") else "/workload"


def _plan_of_fleet(pointer: str) -> str:
    inside = pointer.removeprefix("/fleets/0")
    return f"/fleet{inside}" if inside != pointer and inside[:1] in {"", "/"} else "/fleet"
