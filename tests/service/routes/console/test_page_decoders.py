"""The pages of decoder presets, with points of one's own."""

from forecasts.catalog.decoders import load_decoders
from tests.service.routes.api import Api, fleet, measurement

NASTY = "<b onclick=alert(1)>"


def test_every_preset_is_listed_and_opens(api: Api) -> None:
    listed = api.get("/decoders")
    assert listed.status_code == 200
    for preset in load_decoders():
        assert f'href="/decoders/{preset.preset}"' in listed.text
        page = api.get(f"/decoders/{preset.preset}")
        assert page.status_code == 200
        assert f"/v1/decoders/{preset.preset}/charts/speedup_by_concurrency.svg" in page.text


def test_own_points_are_shown_as_text_and_to_their_workspace_alone(api: Api, stranger: Api) -> None:
    point = measurement(source=NASTY)
    api.post("/v1/fleets", json=fleet(point["fleet"]))
    assert api.post("/v1/decoders/measurements", json=point).status_code == 201
    page = api.get(f"/decoders/{point['method']}")
    assert "&lt;b onclick" in page.text
    assert NASTY not in page.text
    assert "No point of yours" in stranger.get(f"/decoders/{point['method']}").text


def test_an_unknown_preset_is_not_there(api: Api) -> None:
    assert api.get("/decoders/no-such").status_code == 404


def test_what_cannot_be_measured_offers_no_form(api: Api) -> None:
    assert "Add a measured point" not in api.get("/decoders/none").text
