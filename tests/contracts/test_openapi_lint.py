"""A public linter judges the OpenAPI document by the rules of redocly.yaml, where `make lint-api` has installed it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.app import ROUTES
from service.protocol.openapi import openapi_document

ROOT = Path(__file__).parents[2]
LINTER = Path(sys.prefix) / "api-linter" / "node_modules" / ".bin" / "redocly"
# The document is nobody else's business, and neither is that it was judged.
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


def test_the_public_linter_finds_nothing(tmp_path: Path) -> None:
    if not LINTER.exists():
        # Not forbidden anywhere: `make lint-api`, which installs it, is a step of its own where it can be installed.
        pytest.skip("Redocly CLI is not installed (make lint-api): no public linter has judged the OpenAPI document")
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(openapi_document(ROUTES, version="0"), indent=1), encoding="utf-8")
    done = subprocess.run(
        [LINTER, "lint", "--config", ROOT / "redocly.yaml", "--format", "stylish", document],
        cwd=ROOT,
        env={**os.environ, **QUIET},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Unused rules" not in done.stderr
    assert "Your API description is valid" in done.stdout + done.stderr
