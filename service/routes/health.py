"""Open to everyone who reaches the port: alive, ready, and the figures Prometheus reads."""

from litestar import Response

from service.answers import json_answer
from service.problem_types import UNAVAILABLE
from service.protocol.operations import Answered, operation
from service.protocol.parts import parts_of
from service.protocol.requests import Incoming
from service.refusals import NotReady
from service.schemas.health import Health, Readiness
from service.telemetry.readiness import failing_parts

PROMETHEUS = "text/plain; version=0.0.4"


@operation(
    "GET",
    "/healthz",
    "getHealth",
    in_thread=False,
    summary="Whether the process is alive",
    tag="service",
    scope=None,
    answers={200: Answered(shape=Health)},
)
def get_health() -> Response[bytes]:
    return json_answer(Health()).response()


@operation(
    "GET",
    "/readyz",
    "getReadiness",
    summary="Whether Postgres and Redis answer",
    tag="service",
    scope=None,
    answers={200: Answered(shape=Readiness)},
    problems=(UNAVAILABLE,),
)
def get_readiness(request: Incoming) -> Response[bytes]:
    parts = parts_of(request)
    if failing := failing_parts(parts.database, parts.queue):
        raise NotReady(failing)
    return json_answer(Readiness()).response()


@operation(
    "GET",
    "/metrics",
    "getMetrics",
    summary="Figures for Prometheus",
    tag="service",
    scope=None,
    answers={200: Answered(media_type=PROMETHEUS)},
)
def get_metrics(request: Incoming) -> Response[bytes]:
    return Response(parts_of(request).metrics.text(), media_type=PROMETHEUS)


ROUTES = (get_health, get_readiness, get_metrics)
