"""An operation that is to go says so in every answer it gives, and in the description."""

from collections.abc import Iterator
from datetime import date

import pytest
from litestar import Litestar, Response
from litestar.testing import TestClient

from service.answers import json_answer
from service.problem_types import NOT_FOUND
from service.problems import problem_response
from service.protocol.conventions import Conventions
from service.protocol.deprecation import Deprecated
from service.protocol.openapi import openapi_document
from service.protocol.operations import Answered, operation
from service.protocol.requests import PathText
from service.schemas.health import Health
from service.store.errors import NotFound

GOING = Deprecated(since=date(2027, 1, 1), sunset=date(2027, 9, 1), replaced_by="/v1/better/{name}")


@operation(
    "GET",
    "/v1/made-up/{name:str}",
    "getMadeUp",
    in_thread=False,
    summary="A made-up operation",
    tag="service",
    scope=None,
    answers={200: Answered(shape=Health, headers=("Link",))},
    problems=(NOT_FOUND,),
    deprecated=GOING,
)
def get_made_up(name: PathText) -> Response[bytes]:
    if name != "here":
        raise NotFound("made-up", name)
    return json_answer(Health(), headers={"Link": '</v1/made-up?cursor=x>; rel="next"'}).response()


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient[Litestar]]:
    app = Litestar(
        route_handlers=[get_made_up],
        exception_handlers={Exception: problem_response},
        openapi_config=None,
        logging_config=None,
    )
    app.asgi_handler = Conventions(app.asgi_handler, {})
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(("method", "name"), [("GET", "here"), ("HEAD", "here"), ("GET", "nowhere")])
def test_every_answer_says_since_when_until_when_and_what_instead(
    client: TestClient[Litestar], method: str, name: str
) -> None:
    answer = client.request(method, f"/v1/made-up/{name}")
    assert answer.headers["deprecation"] == "@1798761600"
    assert answer.headers["sunset"] == "Wed, 01 Sep 2027 00:00:00 GMT"
    links = answer.headers.get_list("link")
    assert '</reference#getMadeUp>; rel="deprecation"; type="text/html"' in links
    assert '</v1/better/{name}>; rel="successor-version"' in links
    assert ('</v1/made-up?cursor=x>; rel="next"' in links) == (answer.status_code == 200)


def test_the_description_says_so_too() -> None:
    document = openapi_document([get_made_up], version="test")
    described = document["paths"]["/v1/made-up/{name}"]["get"]
    assert described["deprecated"] is True
    assert described["x-sunset"] == "2027-09-01"
    assert described["description"].startswith("**Deprecated** since 2027-01-01, gone after 2027-09-01")
    assert "`/v1/better/{name}`" in described["description"]
    for response in described["responses"].values():
        assert {"Deprecation", "Sunset", "Link"} <= set(response["headers"])
    assert {"Deprecation", "Sunset", "Link"} <= set(document["components"]["headers"])


def test_less_notice_than_was_promised_cannot_be_declared() -> None:
    with pytest.raises(ValueError, match="180 days of notice are promised, not 179"):
        Deprecated(since=date(2027, 1, 1), sunset=date(2027, 6, 29))
    assert Deprecated(since=date(2027, 1, 1), sunset=date(2027, 6, 30)).sunset == date(2027, 6, 30)
