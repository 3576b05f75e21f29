"""How the four long-running processes are started, by `tokencast up` and in containers alike."""

from service.local.supervisor import python_command
from service.queue import DELIVERER_QUEUES, WORKER_QUEUES
from service.settings import Settings


def api_command(host: str, port: int) -> tuple[str, ...]:
    """The HTTP server."""
    server = ("--interface", "asgi", "--host", host, "--port", str(port), "--workers", "1", "--no-ws")
    return python_command("-m", "granian", *server, "--factory", "service.app:create_app")


def worker_command(settings: Settings) -> tuple[str, ...]:
    """What computes forecasts; start as many as there is work for."""
    return _celery_worker(WORKER_QUEUES, "--concurrency", str(settings.worker_processes))


def deliverer_command() -> tuple[str, ...]:
    """What delivers events to webhooks: many at once in one process, so that more are needed for nothing but safety."""
    # A thread, because the main one has to hear when it is told to stop.
    return _celery_worker(DELIVERER_QUEUES, "--pool", "threads", "--concurrency", "1")


def scheduler_command() -> tuple[str, ...]:
    """What keeps house: one is enough, a second does no harm."""
    # It keeps its schedule in memory, so it writes nothing anywhere, not even the number of its process.
    return python_command("-m", "celery", "-A", "workers.app", "beat", "--pidfile=", "--loglevel", "warning")


def _celery_worker(queues: tuple[str, ...], *how_many: str) -> tuple[str, ...]:
    quiet = ("--without-gossip", "--without-mingle", "--loglevel", "warning", "--prefetch-multiplier", "1")
    return python_command("-m", "celery", "-A", "workers.app", "worker", "-Q", ",".join(queues), *quiet, *how_many)
