"""The client's shapes are what the service's own description says."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHAPES = ROOT / "tokencast" / "client" / "shapes"


def test_the_client_has_the_shapes_of_the_openapi_document(tmp_path: Path) -> None:
    """Where they differ, `python scripts/build_client_shapes.py` writes them anew."""
    subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "build_client_shapes.py"), "--out", str(tmp_path)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    built = {path.name: path.read_text() for path in tmp_path.iterdir()}
    committed = {path.name: path.read_text() for path in SHAPES.glob("*.py")}
    assert built == committed


def test_the_client_needs_nothing_of_the_service() -> None:
    program = "import sys, tokencast.client; sys.exit(any(name in sys.modules for name in ('service', 'forecasts')))"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60, cwd=ROOT)
