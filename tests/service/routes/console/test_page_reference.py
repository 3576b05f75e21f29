"""The reference of the API as a page: open to everyone, under the policy of every page, of the very document served."""

from tests.service.routes.api import Api


def test_the_reference_is_open_and_shows_every_operation_that_is_served(api: Api) -> None:
    page = api.client.get("/reference")
    assert page.status_code == 200
    assert "script-src 'self'" in page.headers["content-security-policy"]
    served = api.client.get("/schema/openapi.json").json()
    named = [one["operationId"] for item in served["paths"].values() for one in item.values()]
    assert [name for name in named if f"<article id='{name}'" not in page.text] == []
    assert f"Version {served['info']['version']}" in page.text


def test_the_reference_is_packed_into_less_than_a_first_view_may_weigh(api: Api) -> None:
    page = api.client.get("/reference", headers={"Accept-Encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"
    assert int(page.headers["content-length"]) < 200_000
