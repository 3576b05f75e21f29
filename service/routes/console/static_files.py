"""The console's scripts, styles and pictures; an address holds the version of them all, so it never changes."""

from litestar import Response
from litestar.params import FromPath

from service.charts.browser import browser_bundle
from service.protocol.pages import page
from service.protocol.requests import Incoming
from service.store.errors import NotFound
from service.web.assets import Asset, assets, assets_version, packed_asset

_KEPT = {"Cache-Control": "public, immutable, max-age=31536000", "X-Content-Type-Options": "nosniff"}
# What an older page asks for after an update: it gets the new file, which it must not keep under the old address.
_PASSING = {**_KEPT, "Cache-Control": "no-store"}
_CHARTS = "vega.js"


@page("/static/{held:str}/{name:str}", "staticFile", scope=None)
def get_static_file(request: Incoming, held: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    asset = _asset(name)
    headers = {**(_KEPT if held == assets_version() else _PASSING), "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(asset.packed, media_type=asset.media_type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(asset.plain, media_type=asset.media_type, headers=headers)


def _asset(name: str) -> Asset:
    if name == _CHARTS:
        return packed_asset(name, browser_bundle())
    found = assets().get(name)
    if found is None:
        raise NotFound("file", name[:64])
    return found


PAGES = (get_static_file,)
