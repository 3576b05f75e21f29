"""Previews: what a workload or fleet would cost as it is being typed, computed in the request and never stored."""

from litestar import Response

from service.answers import json_answer
from service.estate.previewed_plan import previewed_plan
from service.estate.stored_plan import told_as
from service.forecasting.preview import compute_preview
from service.forecasting.snapshot import known_price_rows
from service.problem_types import INVALID_INPUT
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, idempotency_key, read_body
from service.schemas.forecast.preview import PreviewIn, PreviewOut

PATH = "/v1/previews"


@operation(
    "POST",
    PATH,
    "previewForecast",
    summary="What a workload or fleet would cost in the next twelve months, on few draws; nothing is stored",
    body=PreviewIn,
    takes=("Idempotency-Key",),
    answers={200: Answered(shape=PreviewOut)},
    problems=(INVALID_INPUT,),
    tag="previews",
    scope="read",
)
def preview(request: Incoming, body: BodyBytes) -> Response[bytes]:
    # A preview changes nothing, so a repetition under the same Idempotency-Key is simply computed again.
    idempotency_key(request)
    parts, caller = parts_of(request), caller_of(request)
    sent = read_body(request, body, PreviewIn)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        previewed = previewed_plan(session, sent, parts.priced_models)
        prices = known_price_rows(session, previewed.plan, now.date())
    with told_as(previewed.translate):
        plan = previewed.plan.to_plan(now=now, known_prices=prices)
    return json_answer(compute_preview(plan, previewed.translate)).response()


ROUTES = (preview,)
