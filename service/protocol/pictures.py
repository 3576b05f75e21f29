"""Answers that hold a picture: which are there, what every one says about itself, and how long it may be kept."""

import hashlib
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any, get_args

import msgspec

from service.answers import Answer
from service.charts.frame import frame
from service.charts.registry import draw
from service.charts.rendering import MEDIA_TYPES, Format, render
from service.protocol.operations import Answered
from service.protocol.requests import Incoming, tags_of
from service.refusals import UnknownChart
from service.schemas.chart import ChartLook

# An SVG is a document: opened by itself it may neither load nor run anything.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
# The page looks again, and is told when nothing has changed.
_ASK_AGAIN = "private, no-cache"

PICTURE_HEADERS = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
PICTURE_ANSWERS = {
    200: Answered(
        shape=dict[str, Any],
        pictures=(MEDIA_TYPES["png"], MEDIA_TYPES["svg"]),
        headers=("ETag", "Cache-Control"),
        description="The picture; where there is nothing to show, it says so.",
    ),
    304: Answered(description="Not modified."),
}


def files_of(charts: Mapping[str, str]) -> dict[str, tuple[str, Format]]:
    """The chart and format of each file name; `charts` are the charts by the names they have in addresses."""
    return {f"{name}.{kind}": (chart, kind) for name, chart in charts.items() for kind in get_args(Format)}


def chart_of(file: str, files: Mapping[str, tuple[str, Format]]) -> tuple[str, Format]:
    """Raises UnknownChart, which lists those there are."""
    if file not in files:
        raise UnknownChart(file[:64], tuple(files))
    return files[file]


def picture_tag(*parts: object) -> str:
    """An entity tag of what decides an answer; another version of the service may work it out or draw it otherwise."""
    return f'"{hashlib.sha256(msgspec.json.encode([*parts, version("tokencast")])).hexdigest()[:32]}"'


def picture_answer(
    request: Incoming,
    chart: tuple[str, Format],
    look: ChartLook,
    load: Callable[[], Any],
    *,
    tag: str | None = None,
    caching: str = _ASK_AGAIN,
) -> Answer:
    """304 where the client holds the picture, else the picture.

    `load` gives the document as JSON values or as shapes; where `tag` says already which picture it is, it is only
    asked if the client lacks the picture.
    """
    name, kind = chart
    document = None
    if tag is None:
        document = msgspec.json.encode(load())
        tag = picture_tag(name, kind, look, msgspec.Raw(document))
    headers = {"ETag": tag, "Cache-Control": caching}
    held = tags_of(request, "If-None-Match") or ()
    if "*" in held or tag in held:
        return Answer(status=304, headers=headers)
    plain = msgspec.json.decode(document or msgspec.json.encode(load()))
    body = render(draw(name, plain, frame(look.size, look.theme, look.width)), kind)
    return Answer(status=200, body=body, headers=headers | PICTURE_HEADERS, media_type=MEDIA_TYPES[kind])
