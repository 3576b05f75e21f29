"""Prices over HTTP: both clocks, contradictions, and lists that are taken whole or not at all."""

import msgspec
import pytest

from tests.service.routes.api import Api, pointers, price

FLASH = "/v1/prices?provider=deepseek&model=deepseek-v4-flash&meter=output"


@pytest.mark.parametrize(
    ("at", "rates"),
    [
        ("2026-07-01T00:00:00Z", {None: "0.28"}),
        ("2026-08-20T00:00:00Z", {"off_peak": "0.66", "peak": "1.32"}),
        ("2026-09-15T00:00:00Z", {"off_peak": "0.6", "peak": "1.2"}),
    ],
)
def test_v4_flash_output_on_three_dates(api: Api, at: str, rates: dict[str | None, str]) -> None:
    found = api.get(f"{FLASH}&effective_at={at}").json()["items"]
    assert {row["utc_window"]: row["rate"] for row in found} == rates


def test_as_of_july_no_later_price_is_known(api: Api) -> None:
    [row] = api.get(f"{FLASH}&as_of=2026-07-01&effective_at=2026-12-01T00:00:00Z").json()["items"]
    assert (row["rate"], row["effective_to"]) == ("0.28", None)


@pytest.mark.parametrize(
    "query",
    [
        "effective_at=2026-07-01",
        "effective_at=2026-07-01T00:00:00",
        "as_of=yesterday",
        "as_of=2026-02-30",
        "as_off=2026-02-01",
    ],
)
def test_a_clock_that_cannot_be_read_is_named(api: Api, query: str) -> None:
    answer = api.get(f"/v1/prices?{query}")
    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json()["errors"]] == [query.partition("=")[0]]


def test_conflicting_sources_are_listed_with_both_rows(api: Api) -> None:
    sent = [price(source="provider page"), price(source="a data set", rate="3.00", recorded_at="2026-02-01T00:00:00Z")]
    assert api.post("/v1/prices", json=sent).status_code == 201
    [conflict] = api.get("/v1/prices/conflicts?provider=acme").json()["items"]
    assert (conflict["used"]["source"], conflict["used"]["rate"]) == ("a data set", "3.00")
    assert [(row["source"], row["rate"]) for row in conflict["others"]] == [("provider page", "2.50")]
    assert api.get("/v1/prices/conflicts?provider=acme&as_of=2026-01-15").json()["items"] == []


def test_rows_that_overlap_are_refused_whole(api: Api) -> None:
    sent = [
        price(effective_to="2026-06-01T00:00:00Z"),
        price(effective_from="2026-03-01T00:00:00Z", rate="3"),
        price(rate="-1", meter="input"),
    ]
    answer = api.post("/v1/prices", json=sent)
    assert (answer.status_code, pointers(answer)) == (422, ["/2/rate"])
    answer = api.post("/v1/prices", json=sent[:2])
    assert (answer.status_code, pointers(answer)) == (422, ["/1/effective_from"])
    assert api.get("/v1/prices?provider=acme").json()["items"] == []


def test_an_unknown_meter_and_a_date_without_a_zone_are_refused(api: Api) -> None:
    answer = api.post("/v1/prices", json=price(meter="tokens"))
    assert (answer.status_code, pointers(answer)) == (400, ["/meter"])
    answer = api.post("/v1/prices", json=price(effective_from="2026-01-01"))
    assert (answer.status_code, pointers(answer)) == (422, ["/effective_from"])


def test_a_bulk_of_n_equals_n_singles(api: Api, stranger: Api) -> None:
    sent = [price(model=f"acme-{index}", rate=f"{index}.5", per_tokens=1000) for index in range(20)]
    for row in sent:
        assert api.post("/v1/prices", json=row).status_code == 201
    assert stranger.post("/v1/prices", json=sent).json() == {"inserted": 20, "duplicates": 0}

    def stored(one: Api) -> list[dict[str, object]]:
        rows = one.get("/v1/prices?provider=acme&limit=200").json()["items"]
        return sorted(({**row, "id": None} for row in rows), key=lambda row: str(row["model"]))

    assert stored(api) == stored(stranger)
    assert stranger.post("/v1/prices", json=sent).json() == {"inserted": 0, "duplicates": 20}


def test_ten_thousand_rows_fit_into_one_request(api: Api) -> None:
    sent = msgspec.json.encode([price(model=f"acme-{index}", source="the provider's page") for index in range(10_000)])
    answer = api.post("/v1/prices", content=sent, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (201, {"inserted": 10_000, "duplicates": 0})
