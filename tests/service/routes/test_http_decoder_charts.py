"""Pictures of decoder presets over HTTP: the packaged points, and the workspace's own for nobody else."""

from typing import Any

import pytest

from tests.service.routes.api import Api, fleet, measurement, slug

NAMES = ("speedup_by_concurrency", "speedup_by_user_speed")
AT = "/v1/decoders/eagle3/charts"
SCRIPT = "<script>alert(1)</script>"


def points(api: Api, at: str = AT) -> list[dict[str, Any]]:
    spec = api.get(f"{at}/speedup_by_concurrency.json").json()
    return [row for rows in spec["datasets"].values() for row in rows if "series" in row]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("kind", "media_type", "begins"),
    [("png", "image/png", b"\x89PNG"), ("svg", "image/svg+xml", b"<svg"), ("json", "application/json", b"{")],
)
def test_a_preset_has_pictures_without_any_fleet(
    api: Api, name: str, kind: str, media_type: str, begins: bytes
) -> None:
    answer = api.get(f"{AT}/{name}.{kind}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.content.startswith(begins)
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_ones_own_points_are_drawn_and_nobody_elses(api: Api, stranger: Api) -> None:
    before = api.get(f"{AT}/speedup_by_concurrency.svg")
    assert api.post("/v1/fleets", json=fleet()).status_code == 201
    sent = measurement(speedup=1.875, source=SCRIPT)
    assert api.post("/v1/decoders/measurements", json=sent).status_code == 201
    [own] = [row for row in points(api) if row["series"] == "Your own points"]
    assert (own["speedup"], own["concurrency"], own["source"]) == (1.875, 32.0, SCRIPT)
    assert "<script" not in api.get(f"{AT}/speedup_by_concurrency.svg").text
    assert "Your own points" not in {row["series"] for row in points(stranger)}
    assert "Your own points" not in {row["series"] for row in points(api, "/v1/decoders/mtp-3/charts")}
    held = {"If-None-Match": before.headers["etag"]}
    assert api.get(f"{AT}/speedup_by_concurrency.svg", headers=held).status_code == 200
    assert stranger.get(f"{AT}/speedup_by_concurrency.svg", headers=held).status_code == 304


def test_the_browser_asks_again_and_gets_nothing_twice(api: Api) -> None:
    first = api.get(f"{AT}/speedup_by_concurrency.json?theme=dark")
    assert first.headers["cache-control"] == "private, no-cache"
    held = api.get(f"{AT}/speedup_by_concurrency.json?theme=dark", headers={"If-None-Match": first.headers["etag"]})
    assert (held.status_code, held.content) == (304, b"")
    assert api.get(f"{AT}/speedup_by_concurrency.json").headers["etag"] != first.headers["etag"]


def test_an_unknown_preset_chart_or_parameter_is_told(api: Api) -> None:
    missing = api.get("/v1/decoders/none-such/charts/speedup_by_concurrency.png")
    assert (missing.status_code, slug(missing)) == (404, "not-found")
    missing = api.get(f"{AT}/months.png")
    assert (missing.status_code, slug(missing)) == (404, "not-found")
    assert "speedup_by_user_speed.svg" in missing.json()["detail"]
    refused = api.get(f"{AT}/speedup_by_concurrency.png?width=12")
    assert (refused.status_code, slug(refused)) == (400, "invalid-parameter")
