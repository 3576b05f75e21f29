"""The same service runs as root, as root where user namespaces are forbidden, and as an ordinary user."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.local.binaries import find_postgres
from tests.service.local.runs import needs_proc, running_below, started

pytestmark = [
    needs_proc,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can start something as somebody else"),
]
NOBODY = pwd.getpwnam("nobody").pw_uid


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="tokencast-test-users-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def _as_nobody() -> list[str]:
    """The start of a command that runs this interpreter as `nobody`.

    Root's own interpreter often lies in a closed home folder; then `nobody` gets the one right to read everything.
    """
    become = ["/usr/bin/setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    may_read = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    for command in ([*become, sys.executable], [*become, *may_read, sys.executable]):
        try:
            test = subprocess.run([*command, "-c", "import psycopg, redis"], cwd="/", capture_output=True, check=False)
        except FileNotFoundError:
            pytest.skip("setpriv, which starts a program as another user, is not installed")
        if test.returncode == 0:
            return command
    pytest.skip("this interpreter cannot be run as an ordinary user here")


def test_an_ordinary_user_runs_everything(open_folder: Path) -> None:
    os.chown(open_folder, NOBODY, -1)
    data_dir = open_folder / "data"
    with started(data_dir, python=_as_nobody(), PYTHONDONTWRITEBYTECODE="1") as run:
        run.wait_ready()
        for name in ("postgres", "redis", "api"):
            assert Path(f"/proc/{run.pid_of(name)}").stat().st_uid == NOBODY, name
        code, errors = run.end(signal.SIGTERM)
    assert (code, running_below(data_dir)) == (0, []), errors


def test_root_without_user_namespaces_runs_postgres_as_nobody(open_folder: Path) -> None:
    reach = [
        "/usr/bin/setpriv",
        f"--reuid={NOBODY}",
        "--clear-groups",
        "test",
        "-x",
        find_postgres().folder / "postgres",
    ]
    if subprocess.run(reach, check=False).returncode != 0:
        pytest.skip("the packaged Postgres lies in a folder that is closed to other users")
    data_dir = open_folder / "data"
    # Without PATH there is no `unshare`, as on macOS and where namespaces are switched off.
    with started(data_dir, PATH="/nonexistent") as run:
        run.wait_ready()
        assert Path(f"/proc/{run.pid_of('postgres')}").stat().st_uid == NOBODY
        assert (data_dir / "postgres").stat().st_uid == NOBODY
        assert (data_dir / "secrets.json").stat().st_uid == 0
        code, errors = run.end(signal.SIGTERM)
    assert (code, running_below(data_dir)) == (0, []), errors
    # The data now belong to nobody, so root keeps running it as nobody where namespaces work as well.
    with started(data_dir) as run:
        run.wait_ready()
        assert Path(f"/proc/{run.pid_of('postgres')}").stat().st_uid == NOBODY
        assert run.end(signal.SIGTERM)[0] == 0


def test_root_without_user_namespaces_is_told_which_folder_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with started(tmp_path / "data", PATH="/nonexistent") as run:
        code, errors = run.end()
    assert code == 2
    assert "Postgres cannot run as root, and user" in errors.splitlines()[-1]
    assert str(tmp_path) in errors
