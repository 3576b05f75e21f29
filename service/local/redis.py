"""The embedded Valkey (or Redis): a configuration that keeps what it was told, on a free port, behind a password."""

from dataclasses import dataclass
from pathlib import Path

import redis

from service.local.binaries import find_redis
from service.local.data_directory import DataDirectory, Secrets, write_private
from service.local.ports import LOOPBACK
from service.local.supervisor import ChildSpec


@dataclass(frozen=True, kw_only=True)
class RedisServer:
    """A configured server, and how to run it."""

    program: Path
    data: DataDirectory
    secrets: Secrets
    port: int

    @property
    def redis_url(self) -> str:
        """Database 0."""
        return f"redis://:{self.secrets.redis}@{LOOPBACK}:{self.port}/0"

    def child(self) -> ChildSpec:
        """How the supervisor starts it. Loading a long log may take its time, so readiness has no time limit."""
        return ChildSpec(
            name="redis",
            argv=(str(self.program), str(self.data.redis / "redis.conf")),
            cwd=self.data.redis,
            ready=self.waiting_for,
            ready_timeout_seconds=None,
        )

    def waiting_for(self) -> str | None:
        """None when it answers, else why not."""
        try:
            with redis.Redis(host=LOOPBACK, port=self.port, password=self.secrets.redis, socket_timeout=2.0) as client:
                client.ping()
        except redis.RedisError as error:
            return f"waiting for Redis ({error})"
        return None


def prepare_redis(data: DataDirectory, secrets: Secrets, port: int) -> RedisServer:
    """Writes the configuration of this start; the directory's lock must be held."""
    data.redis.mkdir(exist_ok=True, mode=0o700)
    lines = [
        f"bind {LOOPBACK}",
        f"port {port}",
        "protected-mode yes",
        # In the file and not on the command line, which every user of the machine can read.
        f"requirepass {secrets.redis}",
        "daemonize no",
        # The server runs in this folder. The append-only file keeps every message but those of the last second.
        "dir ./",
        "appendonly yes",
        "appendfsync everysec",
        'save ""',
        # A broker that forgets under memory pressure loses jobs; it should refuse instead.
        "maxmemory-policy noeviction",
    ]
    write_private(data.redis / "redis.conf", "\n".join(lines) + "\n")
    return RedisServer(program=find_redis(), data=data, secrets=secrets, port=port)
