"""Keys made where no key exists yet: the one `tokencast up` keeps in its data directory, and a deployment's first."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from service.local.data_directory import DataDirectory, write_private
from service.local.service_file import read_kept_key
from service.settings import with_driver
from service.store import audit, keys, workspaces
from service.store.database import Database, connect

WORKSPACE = "default"
SCOPES = ("read", "write", "approve", "admin")


def ensure_first_key(data_dir: Path, database_url: str) -> str:
    """The kept key if the database still knows it with every scope; else a new one, kept in its place (mode 0600)."""
    now = datetime.now(UTC)
    with _database(database_url) as database:
        if (kept := read_kept_key(data_dir)) is not None and _opens_everything(database, kept, now):
            return kept
        with _new_key(database, WORKSPACE, "tokencast up", SCOPES, now) as (_, secret):
            # Inside the transaction: after a crash in between, a file with an unknown key is simply made anew, while
            # a key that nobody has would stay valid for ever.
            write_private(DataDirectory(data_dir).key_file, f"{secret}\n")
    return secret


def create_key_in_database(
    database_url: str, *, workspace: str, name: str, scopes: Sequence[str]
) -> tuple[keys.KeyRecord, str]:
    """A key and its secret for a workspace that is made if it is missing; for whoever holds the database's password."""
    now = datetime.now(UTC)
    with _database(database_url) as database, _new_key(database, workspace, name, scopes, now) as made:
        return made


@contextmanager
def _database(database_url: str) -> Iterator[Database]:
    database = connect(with_driver(database_url), pool_size=1)
    try:
        yield database
    finally:
        database.dispose()


@contextmanager
def _new_key(
    database: Database, workspace: str, name: str, scopes: Sequence[str], now: datetime
) -> Iterator[tuple[keys.KeyRecord, str]]:
    with database.system() as session:
        workspace_id = workspaces.ensure_workspace(session, workspace, now=now)
    with database.tenant(workspace_id) as session:
        record, secret = keys.create_key(session, workspace_id=workspace_id, name=name, scopes=scopes, now=now)
        audit.record(session, actor="command line", action="key.create", subject=f"key/{record.id}", now=now)
        yield record, secret


def _opens_everything(database: Database, secret: str, now: datetime) -> bool:
    with database.system() as session:
        key = keys.find_key(session, secret, now=now)
    return key is not None and key.scopes >= set(SCOPES)
