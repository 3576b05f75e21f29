"""How the three long-running processes are started, by `tokencast up` and in containers alike."""

from service.local.supervisor import python_command
from service.settings import Settings


def api_command(host: str, port: int) -> tuple[str, ...]:
    """The HTTP server."""
    server = ("--interface", "asgi", "--host", host, "--port", str(port), "--workers", "1", "--no-ws")
    return python_command("-m", "granian", *server, "--factory", "service.app:create_app")


def worker_command(settings: Settings) -> tuple[str, ...]:
    """What computes forecasts; start as many as there is work for."""
    quiet = ("--without-gossip", "--without-mingle", "--loglevel", "warning")
    how_many = ("--prefetch-multiplier", "1", "--concurrency", str(settings.worker_processes))
    return python_command("-m", "celery", "-A", "workers.app", "worker", *quiet, *how_many)


def scheduler_command() -> tuple[str, ...]:
    """What keeps house: one is enough, a second does no harm."""
    # It keeps its schedule in memory, so it writes nothing anywhere, not even the number of its process.
    return python_command("-m", "celery", "-A", "workers.app", "beat", "--pidfile=", "--loglevel", "warning")
