"""From a chart's definition to bytes: Vega-Lite JSON for the page, SVG and PNG, without a browser or the network."""

import re
from typing import Any, Literal
from xml.sax.saxutils import quoteattr

import altair as alt
import msgspec
import vl_convert

Spec = dict[str, Any]
Format = Literal["png", "svg", "json"]

MEDIA_TYPES: dict[Format, str] = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "json": "application/json",
}

# A picture has two pixels for each logical one, so that it stays sharp on a phone and on paper.
_SCALE = 2.0
# The renderer bundles several versions of the language; this is the one that the definitions are written in.
LANGUAGE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
# The renderer escapes both brackets in texts and attributes, so that these are tags and nothing else.
_TAG = re.compile(r"<[^<>]+>")
_ATTRIBUTE = re.compile(r' (?:(aria-label)|(d|transform|x|y|x2|y2|width|height))="([^"]*)"')
_UNSEEN = re.compile(r'^<path [^<>]* opacity="0"[^<>]*/>$')
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
# Definitions carry their data; one that named an address would be drawn without it.
_NO_ADDRESSES: list[str] = []


def render(spec: Spec, kind: Format) -> bytes:
    """The same bytes for the same definition, on any machine: the typeface comes with the renderer."""
    if kind == "json":
        return msgspec.json.encode(spec)
    if kind == "svg":
        svg = vl_convert.vegalite_to_svg(spec, vl_version=LANGUAGE, allowed_base_urls=_NO_ADDRESSES)
        return _as_image(svg, spec["description"]).encode()
    return vl_convert.vegalite_to_png(spec, vl_version=LANGUAGE, scale=_SCALE, allowed_base_urls=_NO_ADDRESSES)


def _as_image(svg: str, description: str) -> str:
    """One image to whoever reads it aloud, in words; a hundredth of a pixel is as near as anybody sees."""
    slim = _TAG.sub(_slim, svg)
    return f'<svg role="img" aria-label={quoteattr(description)}{slim.removeprefix("<svg")}'


def _slim(tag: re.Match[str]) -> str:
    # Marks that only the pointer meets are nothing in an image.
    return "" if _UNSEEN.search(tag[0]) else _ATTRIBUTE.sub(_slimmed, tag[0])


def _slimmed(attribute: re.Match[str]) -> str:
    spoken, name, value = attribute.groups()
    # The parts of an image are not spoken of.
    return "" if spoken else f' {name}="{_LONG_NUMBER.sub(_rounded, value)}"'


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
