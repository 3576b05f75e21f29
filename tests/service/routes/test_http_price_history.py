"""A model's price history over HTTP: what is known of it, where it may go, and both as a picture."""

from typing import Any

import jsonschema
import pytest

from tests.service.routes.api import Api, price, slug

PATH = "/v1/prices/history"
FLASH = f"{PATH}?model=deepseek/deepseek-v4-flash&as_of=2026-11-23"


def history(api: Api, query: str) -> dict[str, Any]:
    answer = api.get(f"{PATH}?{query}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def projected(document: dict[str, Any], meter: str = "output") -> list[dict[str, str]]:
    [found] = [one for one in document["projections"] if one["meter"] == meter]
    months: list[dict[str, str]] = found["months"]
    return months


def test_the_packaged_history_of_a_model_is_shown_with_the_planning_case(api: Api) -> None:
    """Output of V4-Flash: 0.28; then 0.66 and 1.32 at peak hours; then 0.60 and 1.20, 0.725 over a flat week."""
    document = api.get(FLASH).json()
    rates = [float(row["rate"]) for row in document["rows"] if row["meter"] == "output"]
    assert set(rates) == {0.28, 0.66, 1.32, 0.60, 1.20}
    months = projected(document)
    assert [month["month"] for month in (months[0], months[-1])] == ["2026-12", "2027-11"]
    assert float(months[0]["p90"]) == pytest.approx(0.725, abs=1e-6)
    # By the last month of the window nearly every path has had its cut of 20 to 40 %, planned at 25 %.
    assert 0.60 * 0.725 < float(months[-1]["mean"]) < 0.80 * 0.725


def test_prices_that_hold_stay_where_they_are(api: Api) -> None:
    months = projected(api.get(f"{FLASH}&outlook=hold&months=3").json())
    assert len(months) == 3
    assert {month[field] for month in months for field in ("mean", "p10", "p50", "p90")} == {"0.725000"}


def test_what_was_recorded_later_is_not_shown(api: Api) -> None:
    document = api.get(FLASH.replace("2026-11-23", "2026-07-01")).json()
    assert {float(row["rate"]) for row in document["rows"] if row["meter"] == "output"} == {0.28}
    assert float(projected(document)[0]["p90"]) == pytest.approx(0.28)


def test_own_prices_are_shown_beside_the_packaged_ones_and_to_nobody_else(api: Api, stranger: Api) -> None:
    assert api.post("/v1/prices", json=price(model="acme-9")).status_code == 201
    [row] = history(api, "model=acme/acme-9")["rows"]
    assert (row["rate"], row["meter"]) == ("2.50", "output")
    for path in (PATH, f"{PATH}.png", f"{PATH}.svg", f"{PATH}/charts/history.json"):
        refused = stranger.get(f"{path}?model=acme/acme-9")
        assert (refused.status_code, slug(refused)) == (400, "invalid-parameter")


def test_a_tier_has_a_history_of_its_own(api: Api) -> None:
    rows = [price(model="acme-8"), price(model="acme-8", rate="1.25", service_tier="batch")]
    api.post("/v1/prices", json=rows)
    assert [row["rate"] for row in history(api, "model=acme/acme-8&service_tier=batch")["rows"]] == ["1.25"]


def test_a_meter_whose_price_ends_has_rows_and_no_projection(api: Api) -> None:
    api.post("/v1/prices", json=price(model="acme-7", effective_to="2026-12-01T00:00:00Z"))
    document = history(api, "model=acme/acme-7&as_of=2026-11-23")
    assert (len(document["rows"]), document["projections"]) == (1, [])


def test_rows_in_another_currency_than_the_latest_are_left_out(api: Api) -> None:
    later = price(model="acme-6", currency="EUR", rate="3.00", effective_from="2026-06-01T00:00:00Z")
    api.post("/v1/prices", json=[price(model="acme-6"), later])
    document = history(api, "model=acme/acme-6")
    assert (document["currency"], [row["rate"] for row in document["rows"]]) == ("EUR", ["3.00"])


@pytest.mark.parametrize(("kind", "begins"), [("png", b"\x89PNG"), ("svg", b"<svg")])
def test_it_is_drawn_without_anything_from_outside(api: Api, kind: str, begins: bytes) -> None:
    answer = api.get(FLASH.replace(PATH, f"{PATH}.{kind}") + "&theme=dark&size=phone")
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(begins)
    assert answer.headers["content-type"].startswith("image/")
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("model=deepseek/none", "deepseek/deepseek-v4-flash"),
        ("model=nobody/none", "packaged providers are"),
        ("model=deepseek", "provider/model"),
        ("model=deepseek/deepseek-v4-flash&as_of=yesterday", "2027-01-31"),
        ("model=deepseek/deepseek-v4-flash&months=0", ""),
        ("model=deepseek/deepseek-v4-flash&months=61", ""),
        ("model=deepseek/deepseek-v4-flash&outlook=successor", "successor"),
        ("model=deepseek/deepseek-v4-flash&theme=dark", ""),
        ("", "model"),
    ],
)
def test_a_parameter_out_of_bounds_is_told_with_what_would_do(api: Api, query: str, words: str) -> None:
    refused = api.get(f"{PATH}?{query}")
    assert (refused.status_code, slug(refused)) == (400, "invalid-parameter")
    assert words in refused.text


def test_the_description_fits_the_answer(api: Api) -> None:
    document = api.get("/schema").json()
    described = document["paths"][PATH]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.Draft202012Validator({**described, "components": document["components"]}).validate(api.get(FLASH).json())
    assert set(document["paths"][f"{PATH}.png"]["get"]["responses"]["200"]["content"]) == {"image/png"}


def test_the_definition_of_the_picture_is_drawn_at_the_width_of_a_page(api: Api) -> None:
    at = f"{PATH}/charts/history.json?model=deepseek/deepseek-v4-flash&as_of=2026-11-23"
    answer = api.get(f"{at}&width=800&theme=dark")
    assert answer.status_code == 200, answer.text
    assert answer.json()["width"] == 800
    held = {"If-None-Match": answer.headers["etag"]}
    assert api.get(f"{at}&width=800&theme=dark", headers=held).status_code == 304
    assert api.get(f"{at}&width=801&theme=dark", headers=held).status_code == 200
    svg = api.get(f"{PATH}/charts/history.svg?model=deepseek/deepseek-v4-flash")
    assert svg.content.startswith(b"<svg")
    missing = api.get(f"{PATH}/charts/other.svg?model=deepseek/deepseek-v4-flash")
    assert (missing.status_code, slug(missing)) == (404, "not-found")
