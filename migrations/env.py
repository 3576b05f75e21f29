"""How Alembic reaches the database: one migration at a time per database, and none that waits for ever."""

import os

from alembic import context
from sqlalchemy import create_engine, pool

from service.settings import with_driver
from service.store import tables
from service.store.metadata import Model

# Any number will do as long as it stays: it is how two upgrades of one database find each other.
_ADVISORY_LOCK = 8_351_202_611
_LOCK_TIMEOUT = "10s"
_ADVISORY_LOCK_TIMEOUT = "120s"
_STATEMENT_TIMEOUT = "300s"


def run(database_url: str) -> None:
    """Runs the asked migrations in one transaction: after a failure the schema is what it was before."""
    engine = create_engine(
        database_url, poolclass=pool.NullPool, connect_args={"application_name": "tokencast-migrate"}
    )
    with engine.connect() as connection, connection.begin():
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_ADVISORY_LOCK_TIMEOUT}'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        # A table lock that is not to be had would queue every reader behind the migration: better to give up.
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
        connection.exec_driver_sql(f"SET LOCAL statement_timeout = '{_STATEMENT_TIMEOUT}'")
        context.configure(connection=connection, target_metadata=Model.metadata, compare_type=True)
        context.run_migrations()


assert tables.Workspaces.metadata is Model.metadata  # noqa: S101 - importing the tables is what fills the metadata
if context.is_offline_mode():
    raise SystemExit("Migrations look at the server they run on; there is no SQL to print without one.")
run(context.config.attributes.get("database_url") or with_driver(os.environ["TOKENCAST_DATABASE_URL"]))
