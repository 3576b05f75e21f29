"""`tokencast sign-in` against the running service: its link opens the console once."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from service.local.service_file import find_running_service
from tests.service.cli.conftest import Invoke


def test_the_printed_link_signs_a_browser_in_once(invoke: Invoke, running: Path) -> None:
    service = find_running_service(running)
    assert service is not None
    printed = invoke("sign-in")
    assert printed.exit_code == 0, printed.stderr
    link = printed.stdout.removesuffix("\n")
    assert link.startswith(f"{service.url}/sign-in/")
    with httpx.Client(base_url=service.url) as browser:
        assert browser.get("/").headers["location"] == "/sign-in"
        assert "Sign in to workspace default" in browser.get(link).text
        assert browser.post(link).headers["location"] == "/"
        assert browser.get("/").status_code == 200
        assert browser.get("/v1/forecasts").status_code == 200
    assert httpx.post(link).status_code == 404


def test_the_link_and_its_end_come_as_json_too(invoke: Invoke) -> None:
    printed = json.loads(invoke("sign-in", "--json").stdout)
    assert "/sign-in/" in printed["url"]
    assert datetime.fromisoformat(printed["expires_at"]) <= datetime.now(UTC) + timedelta(minutes=15)


def test_without_a_service_there_is_no_link(invoke: Invoke, tmp_path: Path) -> None:
    refused = invoke("sign-in", TOKENCAST_DATA_DIR=str(tmp_path))
    assert (refused.exit_code, "no service runs here" in refused.stderr) == (1, True)
