"""From a chart's definition to bytes: Vega-Lite JSON for the page, SVG and PNG, without a browser or the network."""

from typing import Any, Literal

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
# Definitions carry their data; one that named an address would be drawn without it.
_NO_ADDRESSES: list[str] = []


def render(spec: Spec, kind: Format) -> bytes:
    """The same bytes for the same definition, on any machine: the typeface comes with the renderer."""
    if kind == "json":
        return msgspec.json.encode(spec)
    if kind == "svg":
        return vl_convert.vegalite_to_svg(spec, vl_version=LANGUAGE, allowed_base_urls=_NO_ADDRESSES).encode()
    return vl_convert.vegalite_to_png(spec, vl_version=LANGUAGE, scale=_SCALE, allowed_base_urls=_NO_ADDRESSES)
