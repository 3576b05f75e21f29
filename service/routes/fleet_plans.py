"""Fleet plans: the cheapest mix of nodes and overflow for one fleet, worked out at once and never stored."""

from functools import partial

from litestar import Response

from service.answers import Answer, json_answer
from service.estate.stored_plan import stored_plan, told_as
from service.forecasting.fleet_planning import planned_fleet, read_plan
from service.forecasting.snapshot import known_price_rows
from service.problem_types import IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED, INVALID_INPUT
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, read_body
from service.schemas.hardware.fleet_plan import FleetPlanOut
from service.schemas.hardware.fleet_plan_request import FleetPlanIn
from service.schemas.plan.terms import TermsIn

PATH = "/v1/fleet-plans"


@operation(
    "POST",
    PATH,
    "planFleet",
    summary="Plan a fleet: the cheapest mix of committed nodes, nodes on demand and overflow at a stated risk",
    body=FleetPlanIn,
    takes=("Idempotency-Key",),
    answers={200: Answered(shape=FleetPlanOut, headers=("Idempotent-Replayed",))},
    problems=(INVALID_INPUT, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    tag="fleet plans",
    scope="read",
)
def plan_one_fleet(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_plan, request, body)).response()


def _plan(request: Incoming, body: bytes, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    sent = read_body(request, body, FleetPlanIn)
    with parts.database.tenant(caller.workspace_id) as session:
        read = partial(read_plan, now=parts.clock(), known_prices=partial(known_price_rows, session))
        if sent.plan is not None:
            plan = read(sent.plan)
        else:
            with told_as(lambda _pointer: "/fleet"):
                plan = read(stored_plan(session, TermsIn(), None))
    # The search takes seconds, for which no transaction is held open.
    answer = json_answer(planned_fleet(plan, sent.fleet, sent))
    with parts.database.tenant(caller.workspace_id) as session:
        return keep(session, answer)


ROUTES = (plan_one_fleet,)
