"""Pictures of what is measured of a decoder preset, packaged points and the workspace's own, without any fleet."""

from litestar import Response

from forecasts.errors import Findings
from forecasts.explain.preset_measurements import preset_measurements
from forecasts.speculation.decoder import MEASURED
from forecasts.speculation.presets import find_preset
from service.problem_types import NOT_FOUND
from service.protocol.operations import operation
from service.protocol.parts import caller_of, parts_of
from service.protocol.pictures import PICTURE_ANSWERS, chart_of, files_of, picture_answer
from service.protocol.requests import Incoming, PathText, read_query
from service.routes.decoders import PATH
from service.schemas.chart import ChartLook
from service.schemas.decoders.measurement import MOST_MEASUREMENTS
from service.schemas.decoders.measurement_resource import known_measurement
from service.store import measurements

_FILES = files_of({"speedup_by_concurrency": "preset-by-concurrency", "speedup_by_user_speed": "preset-by-user-speed"})


@operation(
    "GET",
    PATH + "/{preset:str}/charts/{file:str}",
    "getDecoderChart",
    summary="What is measured of a decoder preset, by concurrency or by per-user speed, as a picture or its definition",
    tag="decoders",
    scope="read",
    query=ChartLook,
    takes=("If-None-Match",),
    choices={"file": tuple(_FILES)},
    answers=PICTURE_ANSWERS,
    problems=(NOT_FOUND,),
)
def get_chart(request: Incoming, preset: PathText, file: PathText) -> Response[bytes]:
    found = find_preset(preset)
    look = read_query(request, ChartLook)
    chart = chart_of(file, _FILES)
    method = None if found.preset == MEASURED else found.preset
    with parts_of(request).database.tenant(caller_of(request).workspace_id) as session:
        records, _ = measurements.page(session, after=None, limit=MOST_MEASUREMENTS, method=method)
    own = [known_measurement(record).to_measurement(Findings()) for record in records]
    return picture_answer(request, chart, look, lambda: preset_measurements(found, own)).response()


ROUTES = (get_chart,)
