"""Re-forecasts: an earlier forecast made again on what is known now, and linked to it."""

from functools import partial

import msgspec
from litestar import Response

from service.answers import Answer
from service.estate.renewed_plan import renewed_plan
from service.forecasting.new_forecast import add_forecast
from service.forecasting.snapshot import prepare
from service.problem_types import IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED, INVALID_INPUT, NOT_FOUND
from service.protocol.forecast_answers import PATH, accepted
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, PathText, read_body
from service.protocol.resources import id_from
from service.schemas.forecast.forecast import ForecastState
from service.schemas.forecast.reforecast import ReforecastIn
from service.schemas.plan.plan import PlanIn
from service.store import forecasts


@operation(
    "POST",
    PATH + "/{forecast_id:str}/reforecast",
    "reforecast",
    summary="Forecast again with today's prices, fleets, workloads and recorded months; the earlier forecast stays",
    description="Problems of the plan itself are told by pointers into it.",
    tag="forecasts",
    scope="write",
    body=ReforecastIn,
    takes=("Idempotency-Key",),
    answers={
        202: Answered(
            shape=ForecastState,
            headers=("Location", "Retry-After", "Idempotent-Replayed"),
            description="Accepted; look at Location.",
        )
    },
    problems=(NOT_FOUND, INVALID_INPUT, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
)
def reforecast(request: Incoming, body: BodyBytes, forecast_id: PathText) -> Response[bytes]:
    return answer_once(request, body, partial(_reforecast, request, body, forecast_id)).response()


def _reforecast(request: Incoming, body: bytes, forecast_id: str, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    found = id_from(forecast_id, "forecast")
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        frozen = msgspec.json.decode(forecasts.get_snapshot(session, found), type=PlanIn)
        sent = read_body(request, body, ReforecastIn)
        prepared = prepare(session, renewed_plan(session, frozen, sent, now=now), now=now)
        state = add_forecast(session, prepared, requested_by=caller.actor, previous_forecast_id=found, now=now)
        answer = keep(session, accepted(state.id, state))
    parts.queue.send_forecast(state.id, caller.workspace_id)
    return answer


ROUTES = (reforecast,)
