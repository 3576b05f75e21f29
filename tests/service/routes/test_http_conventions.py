"""What HTTP promises of every address: HEAD, OPTIONS, 405 and 404, and conditions."""

import pytest

from service.app import ROUTES
from service.protocol.operations import operation_of
from tests.service.routes.api import NOBODY, Api, pointers, slug, workload

READ = sorted(
    {
        path.replace("{month:str}", "2027-01").replace(":str", "")
        for handler in ROUTES
        if "GET" in handler.http_methods and operation_of(handler) is not None
        for path in handler.paths
    }
)
EVERY = {path: set[str]() for handler in ROUTES for path in handler.paths}
for _handler in ROUTES:
    for _path in _handler.paths:
        EVERY[_path] |= set(_handler.http_methods)


@pytest.mark.parametrize("path", READ)
def test_head_is_answered_as_get_is_without_the_body(api: Api, path: str) -> None:
    addressed = path.replace("{preset}", "none")
    got, head = api.get(addressed), api("HEAD", addressed)
    assert head.status_code == got.status_code
    assert head.content == b""
    varying = {"x-request-id", "content-length"} if path == "/metrics" else {"x-request-id"}
    assert {name: value for name, value in head.headers.items() if name not in varying} == {
        name: value for name, value in got.headers.items() if name not in varying
    }


def test_head_of_a_stream_ends_at_once(api: Api) -> None:
    location = api.post("/v1/workloads", json=workload(forecast={})).headers["location"]
    head = api("HEAD", f"{location}/events")
    assert head.status_code == 200
    assert head.headers["content-type"].startswith("text/event-stream")


@pytest.mark.parametrize("path", sorted(EVERY))
def test_a_method_that_an_address_does_not_take_is_told_which_it_does(api: Api, path: str) -> None:
    refused = api("PATCH", path.replace(":str", ""))
    assert (refused.status_code, slug(refused)) == (405, "method-not-allowed")
    allowed = {method.strip() for method in refused.headers["allow"].split(",")}
    assert allowed == EVERY[path] | {"OPTIONS"} | ({"HEAD"} if "GET" in EVERY[path] else set())


@pytest.mark.parametrize("path", sorted(EVERY))
def test_options_names_the_methods_of_an_address(api: Api, path: str) -> None:
    answered = api("OPTIONS", path.replace(":str", ""))
    assert answered.status_code == 204
    assert answered.content == b""
    allowed = {method.strip() for method in answered.headers["allow"].split(",")}
    assert allowed == EVERY[path] | {"OPTIONS"} | ({"HEAD"} if "GET" in EVERY[path] else set())


@pytest.mark.parametrize("path", ["/v1/unheard-of", "/v2/workloads", f"/v1/workloads/{NOBODY}/x"])
def test_an_address_that_there_is_not_is_a_problem_document(api: Api, path: str) -> None:
    for method in ("GET", "POST", "PATCH", "DELETE"):
        refused = api(method, path)
        assert (refused.status_code, slug(refused)) == (404, "not-found")
        assert pointers(refused) == []


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        ('"1"', 304),
        ('W/"1"', 304),
        ("*", 304),
        ('"a,b", "1"', 304),
        ('"0" , W/"1"', 304),
        ('"a,1"', 200),
        ("", 400),
        ("1", 400),
        ('"1', 400),
        ('"1" "2"', 400),
        ('"1",', 400),
    ],
)
def test_entity_tags_are_read_as_a_list_of_quoted_names(api: Api, tags: str, status: int) -> None:
    location = api.post("/v1/workloads", json=workload()).headers["location"]
    answered = api.get(location, headers={"If-None-Match": tags})
    assert answered.status_code == status
    if status == 400:
        assert slug(answered) == "invalid-header"
