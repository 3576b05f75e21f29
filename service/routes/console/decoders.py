"""Decoder presets: what each assumes, what was measured of it, and points of one's own."""

from typing import Any

from litestar import Response

from forecasts.catalog.decoders import load_decoders
from forecasts.errors import Findings
from forecasts.explain.preset_measurements import preset_measurements
from forecasts.speculation.decoder import MEASURED
from forecasts.speculation.measurement import measurable_methods
from forecasts.speculation.presets import find_preset
from service.protocol.pages import page
from service.protocol.parts import caller_of, parts_of
from service.protocol.requests import Incoming, PathText
from service.schemas.decoders.measurement import MOST_MEASUREMENTS
from service.schemas.decoders.measurement_resource import known_measurement
from service.schemas.decoders.preset import decoder_preset_out, decoder_presets
from service.store import fleets, measurements
from service.web.rendering import render
from service.web.views.decoders import charts_with_points

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
    # What was measured of any decoder is of this one.
    method = None if found.preset == MEASURED else found.preset
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        points, _ = measurements.page(session, after=None, limit=MOST_MEASUREMENTS, method=method)
        known, _ = fleets.page(session, after=None, limit=_MOST_FLEETS)
    measured = preset_measurements(found, [known_measurement(one).to_measurement(Findings()) for one in points])
    return render(
        request,
        "decoder.html",
        preset=decoder_preset_out(found),
        measurable=measurable,
        charts=charts_with_points(measured),
        points=points[:_MOST_POINTS] if measurable else [],
        more=len(points) > _MOST_POINTS,
        fleets=[one.name for one in known],
    )


PAGES = (get_decoders, get_decoder)
