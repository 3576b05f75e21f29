"""What usage of the past cost by the price book."""

from functools import partial

from litestar import Response

from forecasts.errors import InvalidInput, Problem
from forecasts.prices.book import NoPrice
from service.answers import Answer, json_answer
from service.problem_types import IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED, INVALID_INPUT
from service.protocol.once import Keep, answer_once
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import BodyBytes, Incoming, read_body
from service.schemas.pricing.cost import CostIn, CostOut, cost_out
from service.store.price_book.conflicts import price_of
from service.store.prices import known_prices

PATH = "/v1/prices/costs"


@operation(
    "POST",
    PATH,
    "costUsage",
    summary="What units of a model cost in a period of the past, exactly, with the row that priced each part",
    body=CostIn,
    takes=("Idempotency-Key",),
    answers={200: Answered(shape=CostOut, headers=("Idempotent-Replayed",))},
    problems=(INVALID_INPUT, IDEMPOTENCY_KEY_BUSY, IDEMPOTENCY_KEY_REUSED),
    tag="prices",
    scope="read",
)
def cost_usage(request: Incoming, body: BodyBytes) -> Response[bytes]:
    return answer_once(request, body, partial(_cost_usage, request, body)).response()


def _cost_usage(request: Incoming, body: bytes, keep: Keep) -> Answer:
    parts = parts_of(request)
    sent = read_body(request, body, CostIn)
    now = parts.clock()
    usage, known_at = sent.to_usage(now=now)
    with parts.database.tenant(caller_of(request).workspace_id) as session:
        records = known_prices(session, [(usage.provider, usage.model)], as_of=known_at)
        rows = [price_of(record) for record in records]
        prices = sent.to_prices(rows, starts=usage.starts)
        try:
            cost = prices.cost(usage)
        except NoPrice as missing:
            raise InvalidInput((Problem(pointer="/model", detail=missing.detail),)) from None
        ids = {id(row): record.id for row, record in zip(rows, records, strict=True)}
        return keep(session, json_answer(cost_out(cost, ids)))


ROUTES = (cost_usage,)
