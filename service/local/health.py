"""The health check of the containers that serve no page: `python -m service.local.health worker`, or `beat`.

Healthy: a Celery process of that kind runs here, and Postgres and Redis answer. The workers take no remote control, so
they cannot be asked themselves.
"""

import sys
from pathlib import Path

import psycopg
import redis

from service.settings import read_settings

_SECONDS_TO_ANSWER = 5


def ailment(kind: str) -> str | None:
    """What is wrong, or None."""
    settings = read_settings()
    try:
        address = settings.database_url.replace("+psycopg", "", 1)
        psycopg.connect(address, connect_timeout=_SECONDS_TO_ANSWER).close()
        with redis.Redis.from_url(
            settings.redis_url, socket_timeout=_SECONDS_TO_ANSWER, socket_connect_timeout=_SECONDS_TO_ANSWER
        ) as client:
            client.ping()
    except (psycopg.Error, redis.RedisError) as error:
        # The text of a failed connection names the host and never the password.
        return str(error).strip()
    return None if _celery_runs(kind) else f"no celery {kind} runs here"


def _celery_runs(kind: str) -> bool:
    for listing in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = listing.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"celery" in words and kind.encode() in words:
            return True
    return False


if __name__ == "__main__":
    found = ailment(sys.argv[1])
    if found is not None:
        sys.exit(found)
