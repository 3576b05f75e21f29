#!/usr/bin/env python3
"""Writes the interface that the service has promised: `python -m scripts.write_interface [--breaking]`.

Refuses to write one that breaks the promise of docs/api.md, unless `--breaking` says that this is meant.
"""

import argparse
import json
import sys
from pathlib import Path

from scripts.api_interface.changes import breaking_changes, interface
from service.app import ROUTES
from service.protocol.openapi import openapi_document

_MOST_TOLD = 40
PROMISED = Path(__file__).parents[1] / "tests" / "contracts" / "openapi.json"


def served() -> dict[str, object]:
    return interface(openapi_document(ROUTES, version="0"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--breaking", action="store_true", help="write it although clients may trip over it")
    allowed: bool = parser.parse_args().breaking
    now = served()
    if PROMISED.exists():
        found = breaking_changes(json.loads(PROMISED.read_text(encoding="utf-8")), now)
        sys.stderr.writelines(f"{change}\n" for change in found[:_MOST_TOLD])
        if len(found) > _MOST_TOLD:
            sys.stderr.write(f"and {len(found) - _MOST_TOLD} more\n")
        if found and not allowed:
            return 1
    PROMISED.write_text(json.dumps(now, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
