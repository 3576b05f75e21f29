"""The console's pages, one file each: what a page shows is read here and given to its template."""

from litestar.handlers import HTTPRouteHandler

from service.routes.console import (
    bridge,
    budgets,
    decoders,
    fleets,
    forecast,
    forecasts,
    home,
    keys,
    lines,
    prices,
    reference,
    schedules,
    sign_in,
    static_files,
    usage,
    webhooks,
    workloads,
)

PAGES: tuple[HTTPRouteHandler, ...] = (
    *static_files.PAGES,
    *sign_in.PAGES,
    *home.PAGES,
    *forecasts.PAGES,
    *forecast.PAGES,
    *lines.PAGES,
    *bridge.PAGES,
    *prices.PAGES,
    *decoders.PAGES,
    *workloads.PAGES,
    *fleets.PAGES,
    *budgets.PAGES,
    *schedules.PAGES,
    *usage.PAGES,
    *webhooks.PAGES,
    *keys.PAGES,
    *reference.PAGES,
)
