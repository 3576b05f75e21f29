"""Decoder presets: the packaged catalogue's, the same for every workspace."""

from typing import Any

from litestar import Response

from forecasts.catalog.decoders import load_decoders
from forecasts.catalog.version import CATALOG_VERSION
from forecasts.speculation.presets import find_preset
from service.answers import Answer, json_answer
from service.problem_types import NOT_FOUND
from service.protocol.operations import Answered, operation
from service.protocol.requests import Incoming, PathText, tags_of
from service.schemas.decoders.preset import DecoderPresetOut, DecoderPresets, decoder_preset_out, decoder_presets

PATH = "/v1/decoders"

_READ: dict[str, Any] = {"tag": "decoders", "scope": "read"}
_TAG = f'"{CATALOG_VERSION}"'


@operation(
    "GET",
    PATH,
    "listDecoders",
    in_thread=False,
    summary="Every decoder preset, with its ranges, what it exists for and where its figures are from",
    takes=("If-None-Match",),
    answers={
        200: Answered(shape=DecoderPresets, headers=("ETag",)),
        304: Answered(description="Not modified."),
    },
    **_READ,
)
def list_decoders(request: Incoming) -> Response[bytes]:
    return _shown(request, decoder_presets(load_decoders())).response()


@operation(
    "GET",
    PATH + "/{preset:str}",
    "getDecoder",
    in_thread=False,
    summary="One decoder preset",
    takes=("If-None-Match",),
    answers={
        200: Answered(shape=DecoderPresetOut, headers=("ETag",)),
        304: Answered(description="Not modified."),
    },
    problems=(NOT_FOUND,),
    **_READ,
)
def get_decoder(request: Incoming, preset: PathText) -> Response[bytes]:
    return _shown(request, decoder_preset_out(find_preset(preset))).response()


def _shown(request: Incoming, body: object) -> Answer:
    held = tags_of(request, "If-None-Match") or ()
    if "*" in held or _TAG in held:
        return Answer(status=304, headers={"ETag": _TAG})
    return json_answer(body, headers={"ETag": _TAG})


ROUTES = (list_decoders, get_decoder)
