"""The way to Postgres: one pool, and a `with` block per transaction that has set its role before anything else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError

TENANT_ROLE = "tokencast_tenant"
SYSTEM_ROLE = "tokencast_system"
DELIVERY_ROLE = "tokencast_delivery"

_SESSION_OPTIONS = "-c TimeZone=UTC -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"
_SECONDS_TO_CONNECT = 5
_SECONDS_FOR_A_CONNECTION = 10

# Everything that opens a transaction travels in one message, so BEGIN costs no round trip of its own; such a message
# takes no parameters. The role is one of the three above, and a workspace is a UUID, so there is nothing to escape.
_OPEN = "BEGIN; SET LOCAL ROLE {role}; SET LOCAL tokencast.workspace = '{workspace}'"
# Where losing the last instants to a crash of Postgres is repaired by a lease anyway.
_RELAXED = "; SET LOCAL synchronous_commit = off"


class Database:
    """A pool of connections; make it with `connect`, once per process and never before a fork."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def tenant(self, workspace_id: UUID, *, durable: bool = True) -> Iterator[Connection]:
        """One transaction that sees and writes nothing but this workspace; it commits when the block ends well."""
        with self._transaction(TENANT_ROLE, str(workspace_id), durable=durable) as session:
            session.info["workspace_id"] = workspace_id
            yield session

    @contextmanager
    def system(self, *, durable: bool = True) -> Iterator[Connection]:
        """One transaction in the narrow role for key look-up, claims, housekeeping and the packaged catalogue."""
        with self._transaction(SYSTEM_ROLE, "", durable=durable) as session:
            yield session

    @contextmanager
    def delivery(self, *, durable: bool = True) -> Iterator[Connection]:
        """One transaction in the role for what delivers events, which alone may read the secrets that sign them."""
        with self._transaction(DELIVERY_ROLE, "", durable=durable) as session:
            yield session

    def check(self) -> None:
        """Raises the database's error unless a transaction in a migrated database can begin."""
        with self.system() as session:
            session.exec_driver_sql("SELECT FROM workspaces LIMIT 1")

    def dispose(self, *, close: bool = True) -> None:
        """Closes the pool; after a fork, `close=False` forgets the parent's sockets without touching them."""
        self._engine.dispose(close=close)

    @contextmanager
    def _transaction(self, role: str, workspace: str, *, durable: bool) -> Iterator[Connection]:
        opening = _OPEN.format(role=role, workspace=workspace)
        session = self._begin(opening if durable else opening + _RELAXED)
        try:
            # The dictionary belongs to the pooled connection and outlives its transactions.
            session.info.pop("workspace_id", None)
            yield session
            session.commit()
        finally:
            session.close()

    def _begin(self, opening: str) -> Connection:
        # The opening message is also the test whether a pooled connection still lives: a dead one empties the
        # pool and the second try gets a new connection, which saves a ping before every transaction.
        for last_try in (False, True):
            session = self._engine.connect()
            try:
                session.exec_driver_sql(opening)
            except DBAPIError as error:
                session.close()
                if last_try or not error.connection_invalidated:
                    raise
            except BaseException:
                session.close()
                raise
            else:
                return session
        raise AssertionError("the second try returns or raises")


def connect(database_url: str, pool_size: int) -> Database:
    """A pool of at most `pool_size` connections, opened as needed; `database_url` is `postgresql+psycopg://...`."""
    engine = create_engine(
        database_url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_SECONDS_FOR_A_CONNECTION,
        # Errors are logged, and parameters are customers' data.
        hide_parameters=True,
        json_serializer=_to_json,
        json_deserializer=msgspec.json.decode,
        connect_args={
            # The driver itself begins nothing: the opening message does. Commit and rollback are still the driver's.
            "autocommit": True,
            "application_name": "tokencast",
            "connect_timeout": _SECONDS_TO_CONNECT,
            "options": _SESSION_OPTIONS,
        },
    )
    return Database(engine)


def workspace_of(session: Connection) -> UUID:
    """The workspace a tenant's transaction was opened for; a system transaction has none and raises KeyError."""
    workspace_id: UUID = session.info["workspace_id"]
    return workspace_id


def _to_json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
