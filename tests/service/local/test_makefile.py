"""The Makefile says what it can do and what it lacks."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def _make(folder: Path, *arguments: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    make = shutil.which("make") or "make"
    environment = None if path is None else {"PATH": path}
    return subprocess.run([make, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("Makefile", "requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_help_lists_every_command_of_the_manual() -> None:
    listed = [line.split()[1] for line in _make(ROOT, "help").stdout.splitlines()]
    assert set(listed) >= {"help", "run", "test", "setup", "lint", "fix", "bench", "lock"}


def test_without_a_new_enough_python_the_message_says_so(copy: Path) -> None:
    programs = copy / "programs"
    programs.mkdir()
    for name in ("sh", "rm", "touch"):
        (programs / name).symlink_to(shutil.which(name) or "")
    (programs / "python3").write_text("#!/bin/sh\nexit 1\n")
    (programs / "python3").chmod(0o755)
    done = _make(copy, "setup", path=str(programs))
    assert done.returncode != 0
    assert "Python 3.11 or newer with its venv module is needed, and none was found on PATH" in done.stderr
    assert not (copy / ".venv").exists()


def test_a_complete_setup_is_left_alone_until_a_lock_changes(copy: Path) -> None:
    environment = copy / ".venv"
    (environment / "bin").mkdir(parents=True)
    (environment / "bin/python").symlink_to("/bin/true")
    for stamp in (".made", ".runtime-installed", ".development-installed"):
        (environment / stamp).touch()
    assert _make(copy, "--question", "setup").returncode == 0
    later = (environment / ".runtime-installed").stat().st_mtime + 10
    os.utime(copy / "requirements.lock", (later, later))
    assert _make(copy, "--question", "setup").returncode == 1
    wanted = _make(copy, "--dry-run", "setup").stdout
    assert "--require-hashes -r requirements.lock" in wanted
    assert "--no-deps --no-build-isolation -e ." in wanted
