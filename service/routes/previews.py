"""Previews: what a workload or fleet would cost as it is being typed, computed in the request and never stored."""

from functools import partial

from litestar import Response

from service.answers import Answer, json_answer
from service.estate.previewed_plan import previewed_plan
from service.estate.stored_plan import told_as
from service.forecasting.preview import compute_preview
from service.forecasting.snapshot import known_price_rows
from service.problem_types import IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED, INVALID_INPUT
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, read_body
from service.schemas.forecast.preview import PreviewIn, PreviewOut

PATH = "/v1/previews"


@operation(
    "POST",
    PATH,
    "previewForecast",
    summary="What a workload or fleet would cost in the next twelve months, on few draws; nothing is stored",
    body=PreviewIn,
    takes=("Idempotency-Key",),
    answers={200: Answered(shape=PreviewOut, headers=("Idempotent-Replayed",))},
    problems=(INVALID_INPUT, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    tag="previews",
    scope="read",
)
def preview(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_preview, request, body)).response()


def _preview(request: Incoming, body: bytes, keep: Keep) -> Answer:
    parts, caller = parts_of(request), caller_of(request)
    sent = read_body(request, body, PreviewIn)
    now = parts.clock()
    with parts.database.tenant(caller.workspace_id) as session:
        previewed = previewed_plan(session, sent, parts.priced_models)
        prices = known_price_rows(session, previewed.plan, now.date())
    with told_as(previewed.translate):
        plan = previewed.plan.to_plan(now=now, known_prices=prices)
    answer = json_answer(compute_preview(plan, previewed.translate))
    if keep.fresh is None:
        return answer
    with parts.database.tenant(caller.workspace_id) as session:
        return keep(session, answer)


ROUTES = (preview,)
