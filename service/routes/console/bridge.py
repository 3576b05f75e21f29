"""Why one forecast costs other than another: the waterfall, its sentences, and the parts by what they come from."""

from typing import Any

import msgspec
from litestar import Response

from forecasts.errors import InvalidInput
from service.forecasting.bridging import bridged, load_side
from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, PathText, read_query
from service.protocol.resources import id_from
from service.refusals import NoBudget
from service.schemas.explained.bridge import BridgeOut
from service.store import forecasts
from service.store.forecasts import ForecastRecord
from service.web.rendering import render
from service.web.views.bridge import GROUPINGS, Basis, Grouping, bridge_table

# As many as a list to choose from should have.
_MOST_TO_CHOOSE = 50


class BridgePageQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    from_: str | None = msgspec.field(name="from", default=None)
    by: Grouping = "workloads"
    basis: Basis | None = None


@page("/forecasts/{forecast_id:str}/bridge", "bridgePage")
def get_bridge(request: Incoming, forecast_id: PathText) -> Response[Any]:
    query = read_query(request, BridgePageQuery)
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        after = _finished(forecasts.get(session, id_from(forecast_id, "forecast")))
        others, _ = forecasts.page(session, after=None, limit=_MOST_TO_CHOOSE, status="succeeded")
        chosen = after.previous_forecast_id if query.from_ is None else id_from(query.from_, "forecast")
        before = None if chosen is None else _finished(forecasts.get(session, chosen))
        sides = None if before is None else (load_side(session, before), load_side(session, after))
    found: BridgeOut | None = None
    refused: tuple[str, ...] = ()
    if sides is not None and before is not None:
        try:
            found = bridged(*sides, ids=(before.id, after.id))
        except InvalidInput as error:
            refused = tuple(one.detail for one in error.problems)
    document = None if found is None else msgspec.json.decode(msgspec.json.encode(found))
    basis: Basis = query.basis or (document["basis"] if document else "effective")
    return render(
        request,
        "bridge.html",
        forecast=after,
        before=before,
        others=[one for one in others if one.id != after.id],
        bridge=document,
        refused=refused,
        table=None if document is None else bridge_table(document, query.by, basis),
        by=query.by,
        basis=basis,
        groupings=[one for one in GROUPINGS if document and document[one]],
    )


def _finished(record: ForecastRecord) -> ForecastRecord:
    if record.status != "succeeded":
        raise NoBudget(record.status)
    return record


PAGES = (get_bridge,)
