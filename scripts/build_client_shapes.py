#!/usr/bin/env python3
"""Writes the client's shapes from the OpenAPI document: `python scripts/build_client_shapes.py [--out FOLDER]`."""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SHAPES = ROOT / "tokencast" / "client" / "shapes"


def main() -> None:
    # The script is of this repository, whichever Tokencast is installed.
    sys.path.insert(0, str(ROOT))
    from client_shapes.modules import shape_modules

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=SHAPES, help="folder to write to, instead of the package")
    out: Path = parser.parse_args().out
    modules = shape_modules()
    for stale in set(out.glob("*.py")) - {out / name for name in modules}:
        stale.unlink()
    for name, text in modules.items():
        (out / name).write_text(text)


if __name__ == "__main__":
    main()
