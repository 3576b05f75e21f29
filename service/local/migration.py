"""The one-shot step before a deployment starts: `tokencast migrate`.

With TOKENCAST_SUPERUSER_URL set, it first makes the role and the database that TOKENCAST_DATABASE_URL names.
"""

import importlib
import os
import sys
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

import psycopg

from service.local.database_role import make_role_and_database
from service.settings import read_settings, with_driver
from service.store.catalog_sync import sync_packaged_catalog
from service.store.database import connect


def upgrade(database_url: str) -> None:
    """Brings a database to the newest revision."""
    # By name, since the migrations import the store and nothing in the service may depend on them.
    importlib.import_module("migrations.run").upgrade(database_url)


def bring_up_to_date(database_url: str) -> None:
    """The newest revision, and every price of the packaged catalogue."""
    upgrade(database_url)
    database = connect(with_driver(database_url), pool_size=1)
    try:
        sync_packaged_catalog(database, datetime.now(UTC))
    finally:
        database.dispose()


def prepare(superuser_url: str, database_url: str) -> None:
    """Makes the role and the database of the second url, as the superuser of the first."""
    parts = urlsplit(database_url)
    if not parts.username or not parts.password or parts.path in ("", "/"):
        raise ValueError("TOKENCAST_DATABASE_URL must name a user, a password and a database")
    with psycopg.connect(superuser_url, autocommit=True) as connection:
        make_role_and_database(
            connection,
            role=unquote(parts.username),
            password=unquote(parts.password),
            database=unquote(parts.path.removeprefix("/")),
        )


def main() -> int:
    """Exit code 2 for settings that cannot be used."""
    try:
        database_url = read_settings().database_url
        if superuser_url := os.environ.get("TOKENCAST_SUPERUSER_URL"):
            prepare(superuser_url, database_url)
    except ValueError as error:
        sys.stderr.write(f"tokencast: error: {error}\n")
        return 2
    bring_up_to_date(database_url)
    return 0


if __name__ == "__main__":
    sys.exit(main())
