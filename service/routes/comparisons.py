"""Comparisons: what one workload costs on other hardware, worked out at once and never stored."""

from functools import partial

from litestar import Response

from service.answers import Answer, json_answer
from service.estate.stored_plan import stored_plan, told_as
from service.forecasting.comparison import compare_fleets
from service.forecasting.snapshot import known_price_rows
from service.problem_types import IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED, INVALID_INPUT
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, read_body
from service.schemas.hardware.comparison import ComparisonOut
from service.schemas.hardware.comparison_request import ComparisonIn
from service.schemas.plan.terms import TermsIn

PATH = "/v1/comparisons/fleets"


@operation(
    "POST",
    PATH,
    "compareFleets",
    summary="Compare hardware for one workload, of a plan that is sent along or stored under its name",
    body=ComparisonIn,
    takes=("Idempotency-Key",),
    answers={200: Answered(shape=ComparisonOut, headers=("Idempotent-Replayed",))},
    problems=(INVALID_INPUT, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    tag="comparisons",
    scope="read",
)
def compare_fleets_of_plan(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_compare, request, body)).response()


def _compare(request: Incoming, body: bytes, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    sent = read_body(request, body, ComparisonIn)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        compare = partial(compare_fleets, now=now, known_prices=partial(known_price_rows, session))
        if sent.plan is not None:
            return keep(session, json_answer(compare(sent.plan, sent.workload, sent)))
        with told_as(_in_named_workload):
            plan = stored_plan(session, TermsIn(as_of=sent.as_of), [sent.workload])
            return keep(session, json_answer(compare(plan, sent.workload, sent)))


def _in_named_workload(pointer: str) -> str:
    """What is wrong with the stored workload or its fleets is wrong with the name that was sent."""
    return "/workload" if pointer.startswith(("/plan/", "/workloads")) else pointer


ROUTES = (compare_fleets_of_plan,)
