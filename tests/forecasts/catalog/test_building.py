"""The catalogue in the package is what its script makes of its packaged sources."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = ROOT / "forecasts" / "catalog"


def test_rebuilding_gives_the_committed_bytes(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "build_catalog.py"), "--out", str(tmp_path)],
        check=True,
        capture_output=True,
        timeout=60,
    )
    built = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    committed = {path.name: path.read_bytes() for path in [*PACKAGE.glob("*.csv"), PACKAGE / "version.py"]}
    assert sorted(built) == sorted(committed)
    assert [name for name in built if built[name] != committed[name]] == []
