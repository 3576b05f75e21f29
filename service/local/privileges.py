"""As whom Postgres runs: it refuses root, so a root supervisor starts it as somebody else."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service.local.data_directory import StartRefusedError


@dataclass(frozen=True, kw_only=True)
class RunAs:
    """A command to put before the program's own, or a user to become; neither when no change is needed."""

    prefix: tuple[str, ...] = ()
    user: int | None = None


def postgres_identity(data: Path, programs: Path) -> RunAs:
    """As whom to run Postgres with data in a folder that may not exist yet.

    As root, a user namespace is preferred: the process keeps root's access to the folders and is an ordinary user to
    itself. Without such namespaces it runs as `nobody`; then the folder above the data must let `nobody` through.
    """
    if os.geteuid() != 0:
        return RunAs()
    owner = data.stat().st_uid if data.exists() else 0
    if owner == 0 and _namespaces_work():
        return RunAs(prefix=_NAMESPACE)
    user = owner or pwd.getpwnam("nobody").pw_uid
    data.parent.chmod(0o711)
    _give(data, user)
    _check_access(user, [data.parent, programs / "postgres"])
    return RunAs(user=user)


def hand_over(path: Path, identity: RunAs) -> None:
    """Gives a file or folder to the user who will use it."""
    if identity.user is not None:
        os.chown(path, identity.user, -1)


_NAMESPACE = ("unshare", "--user", "--map-user=1000")


@cache
def _namespaces_work() -> bool:
    if shutil.which("unshare") is None:
        return False
    return subprocess.run([*_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0  # noqa: S603 - fixed words


def _give(data: Path, user: int) -> None:
    if data.exists() and data.stat().st_uid != user:
        for path in (data, *data.rglob("*")):
            os.chown(path, user, -1, follow_symlinks=False)


def _check_access(user: int, paths: Iterable[Path]) -> None:
    for path in paths:
        test = subprocess.run(["/usr/bin/test", "-x", path], user=user, extra_groups=[], check=False)  # noqa: S603 - our own paths
        if test.returncode != 0:
            raise StartRefusedError(
                f"Postgres cannot run as root, and user {user} may not reach {path}: "
                "run as an ordinary user, or set TOKENCAST_DATABASE_URL to a running Postgres"
            )
