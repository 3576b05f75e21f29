"""The composition root of the API: settings to database, queue, clock and routes."""

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.metadata import version

from litestar import Litestar
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from service.estate.references import PricedModels
from service.forecasting.kept_bridges import KeptBridges
from service.protocol.admission.attempts import Attempts
from service.protocol.auth import Keyring, guard_with
from service.protocol.conventions import Conventions
from service.protocol.openapi import openapi_document
from service.protocol.packing import Packing
from service.protocol.parts import Clock, Parts
from service.protocol.private_answers import keep_private
from service.protocol.request_log import RequestLog
from service.protocol.waiting import Announcements
from service.queue import Queue
from service.routes import (
    bridges,
    budgets,
    charts,
    comparisons,
    decoder_charts,
    decoders,
    events,
    export_profiles,
    exports,
    fleet_plans,
    fleets,
    forecast_months,
    forecasts,
    health,
    keys,
    measurements,
    negotiation,
    plans,
    previews,
    price_costs,
    price_history,
    price_proposals,
    prices,
    reforecasts,
    replays,
    schedule_feed,
    schedule_runs,
    schedules,
    self_description,
    sign_in_links,
    usage,
    usage_imports,
    webhooks,
    workloads,
)
from service.routes.console import PAGES
from service.routes.console.errors import error_response
from service.settings import Settings, read_settings
from service.store.database import connect
from service.telemetry.logs import configure_logging
from service.telemetry.metrics import Metrics
from service.telemetry.queue_state import queue_state

ROUTES: tuple[HTTPRouteHandler, ...] = (
    *self_description.ROUTES,
    *health.ROUTES,
    *keys.ROUTES,
    *sign_in_links.ROUTES,
    *fleets.ROUTES,
    *decoders.ROUTES,
    *decoder_charts.ROUTES,
    *measurements.ROUTES,
    *workloads.ROUTES,
    *prices.ROUTES,
    *price_proposals.ROUTES,
    *price_costs.ROUTES,
    *price_history.ROUTES,
    *plans.ROUTES,
    *previews.ROUTES,
    *forecasts.ROUTES,
    *replays.ROUTES,
    *budgets.ROUTES,
    *events.ROUTES,
    *charts.ROUTES,
    *forecast_months.ROUTES,
    *bridges.ROUTES,
    *negotiation.ROUTES,
    *exports.ROUTES,
    *export_profiles.ROUTES,
    *comparisons.ROUTES,
    *fleet_plans.ROUTES,
    *reforecasts.ROUTES,
    *schedules.ROUTES,
    *schedule_runs.ROUTES,
    *schedule_feed.ROUTES,
    *usage.ROUTES,
    *usage_imports.ROUTES,
    *webhooks.ROUTES,
)


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Litestar:
    """The ASGI application; it owns its pool and threads from start-up to shutdown."""
    configure_logging()
    parts = _compose(settings or read_settings(), clock or (lambda: datetime.now(UTC)))

    @asynccontextmanager
    async def serving(_: Litestar) -> AsyncIterator[None]:
        # As many threads as connections: one more could only wait for a connection.
        threads = ThreadPoolExecutor(parts.settings.database_pool_size, thread_name_prefix="tokencast")
        asyncio.get_running_loop().set_default_executor(threads)
        async with parts.announcements.running():
            yield
        parts.queue.close()
        parts.database.dispose()

    app = Litestar(
        route_handlers=(*ROUTES, *PAGES),
        guards=[guard_with(parts.keyring, parts.settings.public_url)],
        before_send=[keep_private],
        exception_handlers={Exception: error_response},
        lifespan=[serving],
        logging_config=None,
        openapi_config=None,
        request_max_body_size=parts.settings.body_limit_bytes,
        state=State({"parts": parts, "openapi": openapi_document(ROUTES, version=version("tokencast"))}),
    )
    methods = {route.path_format: route.methods for route in app.routes if isinstance(route, HTTPRoute)}
    app.asgi_handler = RequestLog(Conventions(Packing(app.asgi_handler), methods), parts.metrics.requests)
    return app


def _compose(settings: Settings, clock: Clock) -> Parts:
    database = connect(settings.database_url, settings.database_pool_size)
    return Parts(
        settings=settings,
        database=database,
        queue=Queue(settings.redis_url),
        clock=clock,
        keyring=Keyring(database, clock),
        sign_in_attempts=Attempts(),
        announcements=Announcements(settings.database_url),
        metrics=Metrics(lambda: queue_state(database, clock())),
        priced_models=PricedModels(),
        bridges=KeptBridges(),
    )
