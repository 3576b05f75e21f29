"""The pages of decoder presets, with points of one's own."""

from forecasts.catalog.decoders import load_decoders
from tests.service.routes.api import Api, fleet, measurement

NASTY = "<b onclick=alert(1)>"
# What a picture says that shows nothing.
NOTHING = "nothing is measured of this decoder yet"


def test_every_preset_is_listed_and_opens(api: Api) -> None:
    listed = api.get("/decoders")
    assert listed.status_code == 200
    for preset in load_decoders():
        assert f'href="/decoders/{preset.preset}"' in listed.text
        page = api.get(f"/decoders/{preset.preset}")
        assert page.status_code == 200
        # A chart where the picture itself has something to draw, and one sentence where it has not.
        for by in ("concurrency", "user_speed"):
            picture = f"/v1/decoders/{preset.preset}/charts/speedup_by_{by}"
            drawn = NOTHING not in api.get(f"{picture}.json").text.lower()
            assert (f"{picture}.svg" in page.text) == drawn


def test_a_decoder_is_drawn_from_the_first_point_of_ones_own(api: Api) -> None:
    path, picture = "/decoders/unsloth-mtp", "/v1/decoders/unsloth-mtp/charts/speedup_by_concurrency.svg"
    before = api.get(path).text
    assert picture not in before
    assert "Neither the catalogue nor you have a measured speedup" in before
    assert "charts/" not in api.get("/decoders/none").text
    point = measurement(method="unsloth-mtp", speedup=1.3, acceptance_length=None)
    api.post("/v1/fleets", json=fleet(point["fleet"]))
    assert api.post("/v1/decoders/measurements", json=point).status_code == 201
    assert picture in api.get(path).text
    assert picture.replace("unsloth-mtp", "measured") in api.get("/decoders/measured").text


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
