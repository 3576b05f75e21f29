"""A real Postgres and a real Redis for tests: started once, with a fresh migrated database for whoever asks."""

import contextlib
import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import redis
from psycopg import sql

from service.local.migration import upgrade
from service.local.postgres import ROLE
from service.local.servers import LocalServers, local_servers

# What is lost in a power cut does not matter to a test.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
_TEMPLATE = "migrated_template"


@dataclass
class RealServers:
    """The two servers of a test session."""

    servers: LocalServers
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _template_made: bool = False

    @property
    def redis_url(self) -> str:
        return self.servers.redis_url

    @property
    def superuser_url(self) -> str:
        """Superuser on the application's first database: no row-level security hides anything from it."""
        assert self.servers.superuser_url
        return self.servers.superuser_url

    def superuser_url_of(self, database_url: str) -> str:
        """The database of a url, as the superuser."""
        return urlsplit(self.superuser_url)._replace(path=urlsplit(database_url).path).geturl()

    @contextlib.contextmanager
    def migrated_database(self) -> Iterator[str]:
        """The url of a fresh database at the newest revision, owned by the application's role, dropped at the end."""
        if not self._template_made:
            self._create(_TEMPLATE, "template1")
            upgrade(self._url(_TEMPLATE))
            self._template_made = True
        with self._database(_TEMPLATE) as url:
            yield url

    @contextlib.contextmanager
    def empty_database(self) -> Iterator[str]:
        """The same, without any migration."""
        with self._database("template1") as url:
            yield url

    def flush_redis(self) -> None:
        """Empties every Redis database."""
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushall()

    @contextlib.contextmanager
    def _database(self, template: str) -> Iterator[str]:
        name = f"test_{next(self._numbers)}"
        self._create(name, template)
        try:
            yield self._url(name)
        finally:
            with self._superuser() as connection:
                connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _create(self, name: str, template: str) -> None:
        statement = "CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY FILE_COPY"
        with self._superuser() as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, (name, ROLE, template))))

    def _superuser(self) -> psycopg.Connection:
        return psycopg.connect(self.superuser_url, autocommit=True)

    def _url(self, name: str) -> str:
        return urlsplit(self.servers.database_url)._replace(path=f"/{name}").geturl()


@contextlib.contextmanager
def real_servers() -> Iterator[RealServers]:
    """Starts both servers in a temporary folder; they and the folder go even when the test run is killed."""
    with (
        tempfile.TemporaryDirectory(prefix="tokencast-test-", ignore_cleanup_errors=True) as folder,
        local_servers(Path(folder), postgres_settings=_FAST, temporary=True) as servers,
    ):
        yield RealServers(servers)
