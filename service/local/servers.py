"""The embedded servers for as long as a `with` block lasts."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from service.local.data_directory import Report, locked_data_directory, read_or_make_secrets
from service.local.ports import free_port, port_is_free
from service.local.postgres import PostgresServer, prepare_postgres
from service.local.redis import RedisServer, prepare_redis
from service.local.supervisor import ChildFailedError, Supervisor

_PORT_ATTEMPTS = 5


@dataclass(frozen=True, kw_only=True)
class LocalServers:
    """Where the servers are, and the supervisor that can run more children beside them.

    `superuser_url` is None for a Postgres of somebody else.
    """

    database_url: str = field(repr=False)
    redis_url: str = field(repr=False)
    superuser_url: str | None = field(repr=False)
    supervisor: Supervisor
    data_dir: Path


def silent(_: str) -> None:
    """A report that nobody reads."""


@contextlib.contextmanager
def local_servers(
    data_dir: Path,
    *,
    report: Report = silent,
    database_url: str | None = None,
    redis_url: str | None = None,
    postgres_settings: Mapping[str, str] | None = None,
    temporary: bool = False,
    before_start: Callable[[], None] = lambda: None,
) -> Iterator[LocalServers]:
    """Postgres and Redis with their data in `data_dir`; one whose address is given is not started.

    `before_start` runs when the data directory is ours and nothing has been started. With `temporary`, the folder is
    removed even when this process is killed. Raises StartRefusedError or, once something was started, ChildFailedError.
    """
    with locked_data_directory(data_dir, report) as (data, lock):
        before_start()
        with Supervisor(data, lock, report, temporary=temporary) as supervisor:
            secrets = read_or_make_secrets(data)
            postgres: PostgresServer | None = None
            redis: RedisServer | None = None
            for attempt in range(1, _PORT_ATTEMPTS + 1):
                if database_url is None:
                    postgres = prepare_postgres(data, lock, secrets, free_port(), report, postgres_settings)
                if redis_url is None:
                    redis = prepare_redis(data, secrets, free_port())
                servers = [server for server in (postgres, redis) if server is not None]
                try:
                    supervisor.start([server.child() for server in servers])
                except ChildFailedError:
                    # Somebody else can take a free port before the server has it; any other failure would only repeat.
                    supervisor.stop_children()
                    if attempt == _PORT_ATTEMPTS or all(port_is_free(server.port) for server in servers):
                        raise
                else:
                    break
            if postgres is not None:
                postgres.bootstrap()
            yield LocalServers(
                database_url=database_url or (postgres.database_url if postgres else ""),
                redis_url=redis_url or (redis.redis_url if redis else ""),
                superuser_url=postgres.superuser_url if postgres else None,
                supervisor=supervisor,
                data_dir=data.path,
            )
