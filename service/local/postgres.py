"""The embedded Postgres: made once and whole, started on a free port, given the application's own role and database."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from service.local.binaries import PostgresBinaries, find_postgres
from service.local.data_directory import DataDirectory, Report, Secrets, StartRefusedError, sync_folder, write_private
from service.local.database_role import make_role_and_database
from service.local.ports import LOOPBACK
from service.local.privileges import RunAs, hand_over, postgres_identity
from service.local.supervisor import ChildSpec, child_environment

SUPERUSER = "postgres"
ROLE = "tokencast"
DATABASE = "tokencast"
_BUILTIN_LOCALE_SINCE = 17


@dataclass(frozen=True, kw_only=True)
class PostgresServer:
    """A made cluster, and how to run it on a port."""

    data: DataDirectory
    binaries: PostgresBinaries
    identity: RunAs
    secrets: Secrets
    port: int
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def database_url(self) -> str:
        """The application's database, as its own role: no superuser, so row-level security applies."""
        return f"postgresql://{ROLE}:{self.secrets.postgres_tokencast}@{LOOPBACK}:{self.port}/{DATABASE}"

    @property
    def superuser_url(self) -> str:
        """The same database as the superuser; for making roles and databases only."""
        return f"postgresql://{SUPERUSER}:{self.secrets.postgres_superuser}@{LOOPBACK}:{self.port}/{DATABASE}"

    def child(self) -> ChildSpec:
        """How the supervisor starts it. A recovery after a crash may take long, so readiness has no time limit."""
        settings = {
            "listen_addresses": LOOPBACK,
            "unix_socket_directories": "",
            "password_encryption": "scram-sha-256",
            "timezone": "UTC",
            "log_timezone": "UTC",
            **self.settings,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        server = str(self.binaries.folder / "postgres")
        return ChildSpec(
            name="postgres",
            argv=(*self.identity.prefix, server, "-D", str(self.data.postgres), "-p", str(self.port), *options),
            env=child_environment({"LC_ALL": "C"}),
            cwd=self.data.postgres,
            ready=self.waiting_for,
            ready_timeout_seconds=None,
            # The fast shutdown: open sessions are rolled back and everything is written.
            stop_signal=signal.SIGINT,
            user=self.identity.user,
        )

    def waiting_for(self) -> str | None:
        """None when it accepts connections, else its last word."""
        try:
            self._connect("postgres", SUPERUSER, self.secrets.postgres_superuser).close()
        except psycopg.OperationalError as error:
            return f"waiting for the database ({_last_line(self.data.logs / 'postgres.log') or str(error).strip()})"
        return None

    def bootstrap(self) -> None:
        """Makes the application's role and database unless they are there."""
        with self._connect("postgres", SUPERUSER, self.secrets.postgres_superuser) as connection:
            make_role_and_database(connection, role=ROLE, password=self.secrets.postgres_tokencast, database=DATABASE)

    def _connect(self, database: str, user: str, password: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=LOOPBACK,
            port=self.port,
            dbname=database,
            user=user,
            password=password,
            connect_timeout=5,
            sslmode="disable",
            gssencmode="disable",
            autocommit=True,
        )


def prepare_postgres(
    data: DataDirectory,
    lock: int,
    secrets: Secrets,
    port: int,
    report: Report,
    settings: Mapping[str, str] | None = None,
) -> PostgresServer:
    """The cluster of the data directory, made if it is not there; `lock` is the held lock of the directory."""
    version = data.postgres / "PG_VERSION"
    binaries = find_postgres(major=int(version.read_text()) if version.exists() else None)
    for unfinished in data.path.glob("postgres.new-*"):
        shutil.rmtree(unfinished)
    identity = postgres_identity(data.postgres, binaries.folder)
    if not version.exists():
        report("making the database")
        _make_cluster(data, lock, binaries, identity, secrets)
    _forget_stale_pid_file(data)
    return PostgresServer(
        data=data, binaries=binaries, identity=identity, secrets=secrets, port=port, settings=settings or {}
    )


def _make_cluster(
    data: DataDirectory, lock: int, binaries: PostgresBinaries, identity: RunAs, secrets: Secrets
) -> None:
    if data.postgres.exists():
        raise StartRefusedError(f"{data.postgres} exists but holds no database: move it away")
    # Made beside its final place and renamed when complete: a crash in between leaves nothing that looks finished.
    unfinished = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=data.path))
    password_file, cluster = unfinished / "password", unfinished / "cluster"
    write_private(password_file, secrets.postgres_superuser)
    for path in (unfinished, password_file):
        hand_over(path, identity)
    locale = ["--locale=C"]
    if binaries.major >= _BUILTIN_LOCALE_SINCE:
        locale += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command = [*identity.prefix, str(binaries.folder / "initdb"), "-D", str(cluster), "-U", SUPERUSER]
    done = subprocess.run(  # noqa: S603 - a program found by us, arguments of our own
        [*command, "--pwfile", str(password_file), "--auth=scram-sha-256", "--encoding=UTF8", *locale],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        cwd=unfinished,
        env=child_environment({"LC_ALL": "C"}),
        user=identity.user,
        extra_groups=None if identity.user is None else [],
        start_new_session=True,
        # Should this process be killed meanwhile, the next start waits until this has ended, and removes it.
        pass_fds=(lock,),
    )
    if done.returncode != 0:
        shutil.rmtree(unfinished)
        raise StartRefusedError(f"the database could not be made: {(done.stderr or done.stdout).strip()}")
    # initdb has synced the files themselves; the two renames' folders are what is left.
    cluster.rename(data.postgres)
    sync_folder(data.path)
    shutil.rmtree(unfinished)


def _forget_stale_pid_file(data: DataDirectory) -> None:
    # We hold the data directory's lock and have ended every leftover by number and start mark. What the file names
    # now is nobody, or a stranger with a reused number, because of whom Postgres would refuse to start.
    pid_file = data.postgres / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split()[0])
    except FileNotFoundError:
        return
    except (ValueError, IndexError):
        pid = 0
    if pid and _is_postgres(pid, data.postgres):
        raise StartRefusedError(
            f"a Postgres that Tokencast did not start (process {pid}) uses {data.postgres}: stop it first"
        )
    pid_file.unlink(missing_ok=True)


def _is_postgres(pid: int, folder: Path) -> bool:
    listing = Path("/proc") / str(pid) / "cmdline"
    if Path("/proc/self").exists():
        try:
            text = listing.read_bytes().replace(b"\0", b" ")
        except OSError:
            return False
    else:
        text = subprocess.run(["/bin/ps", "-o", "command=", "-p", str(pid)], capture_output=True, check=False).stdout  # noqa: S603 - a number
    return b"postgres" in text and os.fsencode(folder) in text


def _last_line(log: Path) -> str:
    try:
        with log.open("rb") as file:
            file.seek(max(0, log.stat().st_size - 2000))
            lines = file.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    return lines[-1].partition("LOG:")[2].strip() if lines else ""
