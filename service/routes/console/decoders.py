"""Decoder presets: what each assumes, what was measured of it, and points of one's own."""

from typing import Any

from litestar import Response

from forecasts.catalog.decoders import load_decoders
from forecasts.speculation.measurement import measurable_methods
from forecasts.speculation.presets import find_preset
from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, PathText
from service.schemas.decoders.preset import decoder_preset_out, decoder_presets
from service.store import fleets, measurements
from service.web.rendering import render

# More points of one preset than a page can show are behind the API.
_MOST_POINTS = 200
_MOST_FLEETS = 200


@page("/decoders", "decodersPage", in_thread=False)
def get_decoders(request: Incoming) -> Response[Any]:
    return render(request, "decoders.html", presets=decoder_presets(load_decoders()).items)


@page("/decoders/{preset:str}", "decoderPage")
def get_decoder(request: Incoming, preset: PathText) -> Response[Any]:
    found = find_preset(preset)
    measurable = found.preset in measurable_methods()
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        points, more = measurements.page(
            session, after=None, limit=_MOST_POINTS, method=found.preset if measurable else None
        )
        known, _ = fleets.page(session, after=None, limit=_MOST_FLEETS)
    return render(
        request,
        "decoder.html",
        preset=decoder_preset_out(found),
        measurable=measurable,
        points=points if measurable else [],
        more=more is not None,
        fleets=[one.name for one in known],
    )


PAGES = (get_decoders, get_decoder)
