"""The console's pages, one file each: what a page shows is read here and given to its template."""

from litestar.handlers import HTTPRouteHandler

from service.routes.console import bridge, forecast, forecasts, home, lines, prices, static_files

PAGES: tuple[HTTPRouteHandler, ...] = (
    *static_files.PAGES,
    *home.PAGES,
    *forecasts.PAGES,
    *forecast.PAGES,
    *lines.PAGES,
    *bridge.PAGES,
    *prices.PAGES,
)
