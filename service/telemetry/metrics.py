"""What Prometheus reads at /metrics: requests of this process, and the queue of forecasts as the database has it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

_SECONDS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)

# Methods are free text in HTTP; those the service does not know share one label.
_METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"})


@dataclass(frozen=True, kw_only=True)
class QueueState:
    """Unfinished forecasts of all workspaces by status, and how long the oldest queued one waits."""

    by_status: Mapping[str, int]
    oldest_queued_seconds: float


class RequestMetrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "tokencast_http_requests", "Requests answered.", ("method", "route", "status"), registry=registry
        )
        self._seconds = Histogram(
            "tokencast_http_request_seconds",
            "Time to the end of the answer.",
            ("method", "route"),
            buckets=_SECONDS,
            registry=registry,
        )

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        known = method if method in _METHODS else "OTHER"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(known, route).observe(seconds)


class QueueCollector(Collector):
    """Reads the queue when it is scraped, so an idle service asks the database nothing."""

    def __init__(self, read: Callable[[], QueueState | None]) -> None:
        self._read = read

    def collect(self) -> Iterable[Metric]:
        state = self._read()
        yield GaugeMetricFamily(
            "tokencast_database_up", "Whether the database answers.", value=float(state is not None)
        )
        if state is None:
            return
        forecasts = GaugeMetricFamily("tokencast_forecasts", "Forecasts by status.", labels=("status",))
        for status, count in sorted(state.by_status.items()):
            forecasts.add_metric((status,), count)
        yield forecasts
        yield GaugeMetricFamily(
            "tokencast_queue_age_seconds", "Wait of the oldest queued forecast.", value=state.oldest_queued_seconds
        )

    def describe(self) -> Iterable[Metric]:
        # Without this the registry would collect once, before there is a database, to learn the names.
        return ()


class Metrics:
    """One registry per application, so that several can live in one process."""

    def __init__(self, read_queue: Callable[[], QueueState | None]) -> None:
        self._registry = CollectorRegistry()
        self.requests = RequestMetrics(self._registry)
        self._registry.register(QueueCollector(read_queue))

    def text(self) -> bytes:
        return generate_latest(self._registry)
