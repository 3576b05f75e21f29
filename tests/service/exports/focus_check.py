"""The FOCUS validator as a judge: model 1.2.0.1 on a file, less the rules that contradict each other."""

import fcntl
import os
import re
import shutil
import subprocess
from pathlib import Path

import platformdirs
import pytest

_PINS = ("focus-validator==2.2.1", "pyarrow<21", "numpy<2")
_CRITERIA = (
    "USAGE_MEASUREMENT_SUPPORTED",
    "UNIT_PRICING_SUPPORTED",
    "PUBLIC_PRICE_LIST_SUPPORTED",
    "TAGGING_SUPPORTED",
    "NEGOTIATED_PRICING_SUPPORTED",
)
# Of InvoiceId, C-004 and C-005 are both unconditional and say the opposite, so one of them always fails.
_CONTRADICTORY = re.compile(r"InvoiceId-C-00[0345]\b")


def failed_rules(file: Path) -> list[str]:
    """The rules that a file breaks and could have kept. Skips where there is no Python 3.12 for the validator."""
    environment = _environment()
    [packages] = environment.glob("lib/python3.12/site-packages")
    done = subprocess.run(
        [
            environment / "bin" / "focus-validator",
            "--data-file",
            file.absolute(),
            "--validate-version",
            "1.2.0.1",
            "--block-download",
            "--applicability-criteria",
            ",".join(_CRITERIA),
        ],
        cwd=packages,  # It reads its own files relative to where it is run.
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    # It ends with 0 whatever it found.
    assert re.search(r"^Total: [1-9]\d* \| Pass: [1-9]\d*", said, re.MULTILINE), said[-2000:]
    return [line for line in said.splitlines() if line.startswith("❌") and not _CONTRADICTORY.search(line)]


def _environment() -> Path:
    """The validator's own environment, made once for this user: its pins do not go together with ours."""
    folder = Path(platformdirs.user_cache_dir("tokencast-tests")) / "focus-validator-2.2.1"
    folder.parent.mkdir(parents=True, exist_ok=True)
    python = _python()
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "made").exists():
            subprocess.run([python, "-m", "venv", "--clear", folder], check=True)
            install = [folder / "bin" / "python", "-m", "pip", "install", "-qqq", *_PINS]
            done = subprocess.run(install, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                message = f"the FOCUS validator could not be installed: {done.stderr[-500:]}"
                if os.environ.get("TOKENCAST_FORBID_SKIPS") == "1":
                    pytest.fail(message)
                pytest.skip(message)
            (folder / "made").touch()
    return folder


def _python() -> str:
    managed = sorted((Path.home() / ".pyenv" / "versions").glob("3.12*/bin/python"))
    for candidate in (shutil.which("python3.12"), *managed):
        if candidate is not None:
            version = subprocess.run([candidate, "--version"], capture_output=True, text=True, check=False).stdout
            if version.startswith("Python 3.12"):
                return str(candidate)
    pytest.skip("no Python 3.12, which the FOCUS validator needs: no file was validated")
