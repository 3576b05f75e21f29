"""The console's pages, one file each: what a page shows is read here and given to its template."""

from litestar.handlers import HTTPRouteHandler

from service.routes.console import (
    bridge,
    decoders,
    fleets,
    forecasts,
    home,
    lines,
    prices,
    sign_in,
    static_files,
    workloads,
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
    *workloads.PAGES,
    *fleets.PAGES,
)
