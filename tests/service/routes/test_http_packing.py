"""Answers are packed where that saves something and changes nothing else."""

import gzip

import httpx
import pytest

from service.protocol.packing import accepts_gzip
from tests.service.routes.api import Api, workload


@pytest.fixture
def finished(api: Api) -> str:
    asked = api.post("/v1/workloads", json=workload(forecast={"draws": 128})).json()
    api.work(asked["forecast"]["id"])
    return f"/v1/forecasts/{asked['forecast']['id']}"


def sent(api: Api, path: str, accepted: str = "gzip", **headers: str) -> tuple[httpx.Response, bytes]:
    """The answer and its bytes as they travelled."""
    authorised = {"Authorization": f"Bearer {api.secret}", "Accept-Encoding": accepted, **headers}
    with api.client.stream("GET", path, headers=authorised) as response:
        body = b"".join(response.iter_raw())
    return response, body


@pytest.mark.parametrize("path", ["", "/charts/months.svg", "/charts/months.json"])
def test_a_finished_forecast_and_its_pictures_travel_packed(api: Api, finished: str, path: str) -> None:
    plain, whole = sent(api, finished + path, "identity")
    packed, body = sent(api, finished + path)
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) == len(body) < len(whole) / 2
    assert gzip.decompress(body) == whole
    assert "Accept-Encoding" in plain.headers["vary"]
    assert "Accept-Encoding" in packed.headers["vary"]


def test_a_packed_answer_has_a_weak_tag_and_is_still_recognised(api: Api, finished: str) -> None:
    plain, _ = sent(api, finished, "identity")
    packed, _ = sent(api, finished)
    assert packed.headers["etag"] == f"W/{plain.headers['etag']}"
    for answer in (plain, packed):
        again, body = sent(api, finished, **{"If-None-Match": answer.headers["etag"]})
        assert (again.status_code, body, again.headers["etag"]) == (304, b"", answer.headers["etag"])
        assert "content-encoding" not in again.headers


def test_a_resource_that_changes_keeps_the_strong_tag_that_a_change_needs(api: Api) -> None:
    created = api.post("/v1/workloads", json=workload("x" * 100, task="chat")).headers["location"]
    read, _ = sent(api, created)
    assert read.headers["etag"] == '"1"'
    assert api("DELETE", created, headers={"If-Match": read.headers["etag"]}).status_code == 204


def test_streams_files_and_small_answers_go_as_they_are(api: Api, finished: str) -> None:
    for path in ("/events", "/charts/months.png", "/export?format=parquet", "/export?format=csv-tall"):
        answer, _ = sent(api, finished + path)
        assert answer.status_code == 200
        assert "content-encoding" not in answer.headers
    small, _ = sent(api, "/healthz")
    assert "content-encoding" not in small.headers


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        (b"", False),
        (b"gzip", True),
        (b"br;q=1.0, GZIP;q=0.5", True),
        (b"gzip;q=0", False),
        (b"gzip; q=0.000, *", False),
        (b"*", True),
        (b"identity", False),
    ],
)
def test_gzip_is_sent_to_those_alone_who_take_it(header: bytes, *, taken: bool) -> None:
    assert accepts_gzip(header) is taken
