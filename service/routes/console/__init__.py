"""The console's pages, one file each: what a page shows is read here and given to its template."""

from litestar.handlers import HTTPRouteHandler

from service.routes.console import (
    bridge,
    decoders,
    forecasts,
    home,
    lines,
    prices,
    sign_in,
    static_files,
)

PAGES: tuple[HTTPRouteHandler, ...] = (
    *static_files.PAGES,
    *sign_in.PAGES,
    *home.PAGES,
    *forecasts.PAGES,
    *lines.PAGES,
    *bridge.PAGES,
    *prices.PAGES,
    *decoders.PAGES,
)
