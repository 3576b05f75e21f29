"""Negotiation briefs: what can be asked of a forecast's provider, as JSON and as a page to print."""

import hashlib
from importlib.metadata import version

import msgspec
from litestar import Response

from service.answers import Answer
from service.forecasting.negotiation import brief_of_snapshot
from service.printing.negotiation import negotiation_page
from service.printing.page import POLICY
from service.problem_types import NO_BUDGET, NOT_FOUND
from service.protocol.forecast_answers import IMMUTABLE, PATH
from service.protocol.operations import Answered, operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, PathText, tags_of
from service.protocol.resources import id_from
from service.refusals import NoBudget
from service.schemas.explained.negotiation import NegotiationOut
from service.store import forecasts

_PAGE = ".html"


@operation(
    "GET",
    PATH + "/{forecast_id:str}/negotiation/{provider:str}",
    "getNegotiationBrief",
    summary="What can be asked of a provider of a finished forecast; `{provider}.html` is a page to print",
    tag="forecasts",
    scope="read",
    takes=("If-None-Match",),
    answers={
        200: Answered(
            shape=NegotiationOut,
            pictures=("text/html",),
            headers=("ETag", "Cache-Control"),
            description="The brief, or the same as a page.",
        ),
        304: Answered(description="Not modified."),
    },
    problems=(NOT_FOUND, NO_BUDGET),
)
def get_negotiation_brief(request: Incoming, forecast_id: PathText, provider: PathText) -> Response[bytes]:
    found = id_from(forecast_id, "forecast")
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        record = forecasts.get(session, found)
        if record.status != "succeeded":
            raise NoBudget(record.status)
        snapshot = forecasts.get_snapshot(session, found)
    # The answer is of a snapshot that never changes, by a version of the service and its catalogue.
    tag = hashlib.sha256(f"{record.id} {provider} {version('tokencast')} {record.model_version}".encode()).hexdigest()
    headers = {"ETag": f'"{tag[:32]}"', "Cache-Control": IMMUTABLE}
    held = tags_of(request, "If-None-Match") or ()
    # A provider that the forecast does not pay is a problem whatever the client holds.
    brief = brief_of_snapshot(snapshot, provider.removesuffix(_PAGE))
    if "*" in held or headers["ETag"] in held:
        return Answer(status=304, headers=headers).response()
    if not provider.endswith(_PAGE):
        return Answer(status=200, body=msgspec.json.encode(brief), headers=headers).response()
    page = negotiation_page(brief, subject=f"Forecast {record.id}")
    headers |= {"Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff"}
    return Answer(status=200, body=page.encode(), headers=headers, media_type="text/html").response()


ROUTES = (get_negotiation_brief,)
